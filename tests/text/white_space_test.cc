#include "lib/text/white_space.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace stemma::text {
namespace {

using std::string_view_literals::operator""sv;

std::string Collapsed(std::string_view text) {
  std::string out;
  AppendCollapsed(text, out);
  return out;
}

TEST(WhiteSpace, KnowsTheWhiteSpaceOfUnicode) {
  for (const std::string_view space : {" ", "\t", "\n", "\v", "\f", "\r", "\u0085", "\u00a0", "\u1680", "\u2003",
                                       "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"}) {
    EXPECT_EQ(LeadingWhiteSpaceSize(std::string(space) + "x"), space.size());
  }
  // The last three are invisible and yet no white space: zero-width space, word joiner, byte order mark.
  for (const std::string_view other : {""sv, "x"sv, "\0"sv, "\u00ad"sv, "\u200b"sv, "\u2060"sv, "\ufeff"sv}) {
    EXPECT_EQ(LeadingWhiteSpaceSize(other), 0U);
  }
}

TEST(WhiteSpace, DoesNotReadBeyondACutCharacter) {
  EXPECT_EQ(LeadingWhiteSpaceSize("\xe2\x80"), 0U);
  EXPECT_EQ(LeadingWhiteSpaceSize("\xc2"), 0U);
  EXPECT_EQ(StripWhiteSpace("a\xe2\x80"), "a\xe2\x80");
}

TEST(StripWhiteSpace, TakesBothEndsAndNothingWithin) {
  EXPECT_EQ(StripWhiteSpace("\n\n \u3000one  two\u2003\r\n"), "one  two");
  EXPECT_EQ(StripWhiteSpace(" \t\u00a0\n"), "");
  EXPECT_EQ(StripWhiteSpace(""), "");
}

TEST(AppendCollapsed, MakesEveryRunOneSpace) {
  EXPECT_EQ(Collapsed(" a\u3000\t\nb  c\n"), "a b c");
  EXPECT_EQ(Collapsed("\n\u2003"), "");
}

}  // namespace
}  // namespace stemma::text
