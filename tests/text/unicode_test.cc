#include "lib/text/unicode.h"

#include <gtest/gtest.h>

#include <string>

namespace stemma::text {
namespace {

std::string Folded(const std::string& text) {
  std::string out = "must be replaced";
  Fold(text, out);
  return out;
}

// Long texts are folded several bytes at a time: every byte, at every place, must come out as it does alone.
TEST(Fold, TakesBytesTogetherAsAlone) {
  const std::string around = "AZaz@[`{ ~!09MmQq";
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place <= around.size(); ++place) {
      std::string text = around;
      text.insert(place, 1, static_cast<char>(byte));
      std::string expected;
      for (const char c : text) expected += Folded(std::string(1, c));
      ASSERT_EQ(Folded(text), expected) << "byte " << byte << " at " << place;
    }
  }
}

}  // namespace
}  // namespace stemma::text
