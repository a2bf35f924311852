#include "lib/text/excerpt.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "lib/text/unicode.h"

namespace stemma::text {
namespace {

std::size_t CodePoints(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += Decode(text, at).size) ++count;
  return count;
}

TEST(Beginning, CountsCodePointsAndNotBytes) {
  EXPECT_EQ(Beginning("kingfisher", 4), "king");
  EXPECT_EQ(Beginning("d\u00e9j\u00e0 vu", 4), "d\u00e9j\u00e0");
  EXPECT_EQ(Beginning("\u7fe0\u9ce5\u306e\u5de3", 2), "\u7fe0\u9ce5");
}

TEST(Beginning, LeavesShorterTextsWhole) {
  EXPECT_EQ(Beginning("", 3), "");
  EXPECT_EQ(Beginning("owl", 3), "owl");
  EXPECT_EQ(Beginning("owl", 4), "owl");
  EXPECT_EQ(Beginning("owl", 0), "");
}

// Half a character would show a reader a letter that nobody wrote.
TEST(Beginning, PartsNoCharacter) {
  EXPECT_EQ(Beginning("ae\u0301b", 2), "a");
  EXPECT_EQ(Beginning("ae\u0301b", 3), "ae\u0301");
  EXPECT_EQ(Beginning("a\r\nb", 2), "a");
  const std::string family = "\U0001F469\u200D\U0001F467";  // woman, joiner, girl: one emoji
  EXPECT_EQ(Beginning("a" + family + "b", 3), "a");
  EXPECT_EQ(Beginning("a" + family + "b", 4), "a" + family);
  const std::string flags = "\U0001F1EB\U0001F1F7\U0001F1E9\U0001F1EA";  // two flags of two letters each
  EXPECT_EQ(Beginning(flags, 3), flags.substr(0, 8));
}

TEST(Beginning, CutsACharacterThatIsLongerThanTheLimit) {
  std::string heap = "e";
  for (int k = 0; k < 1000; ++k) heap += "\u0301";
  EXPECT_EQ(CodePoints(Beginning(heap, 10)), 10U);
}

TEST(Beginning, NeverExceedsTheLimitAndGrowsWithIt) {
  const std::string text = "e\u0301\U0001F469\u200D\U0001F467 \u7fe0\r\n\xff\xfe\xc3 end";
  std::string_view shorter;
  for (std::size_t limit = 0; limit <= 30; ++limit) {
    const std::string_view part = Beginning(text, limit);
    EXPECT_LE(CodePoints(part), limit);
    EXPECT_TRUE(text.starts_with(part));
    // But where the first character is cut, more room never shows less.
    if (limit > 2) {
      EXPECT_GE(part.size(), shorter.size());
    }
    shorter = part;
  }
  EXPECT_EQ(shorter, text);
}

}  // namespace
}  // namespace stemma::text
