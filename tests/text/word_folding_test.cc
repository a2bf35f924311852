#include "lib/text/word_folding.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "lib/text/unicode.h"
#include "tests/text/made_wordpiece.h"

namespace stemma::text {
namespace {

using Folded = std::pair<WordRule, std::string>;

Folded FoldOne(const WordFolding& folding, char32_t code_point) {
  std::string out;
  const WordRule rule = folding.Append(code_point, out);
  return {rule, out};
}

TEST(WordFolding, FollowsTheTable) {
  const WordFolding folding = WordFolding::Parse(MadeFolding(), "made").value();
  EXPECT_EQ(FoldOne(folding, 'a'), Folded(WordRule::kPart, "a"));
  EXPECT_EQ(FoldOne(folding, 'Z'), Folded(WordRule::kPart, "z"));
  EXPECT_EQ(FoldOne(folding, '\n'), Folded(WordRule::kSpace, ""));
  EXPECT_EQ(FoldOne(folding, '?'), Folded(WordRule::kAlone, "?"));
  EXPECT_EQ(FoldOne(folding, 0xC9), Folded(WordRule::kPart, "e"));
  EXPECT_EQ(FoldOne(folding, 0x130), Folded(WordRule::kPart, "ii"));
  EXPECT_EQ(FoldOne(folding, 0x301), Folded(WordRule::kDrop, ""));
  // The last of a run, and what stands behind it.
  EXPECT_EQ(FoldOne(folding, 0x9FFF), Folded(WordRule::kAlone, "\xE9\xBF\xBF"));
  EXPECT_EQ(FoldOne(folding, 0xA000), Folded(WordRule::kPart, "\xEA\x80\x80"));
}

TEST(WordFolding, TakesHangulApart) {
  const WordFolding folding = WordFolding::Parse(MadeFolding(), "made").value();
  EXPECT_EQ(FoldOne(folding, 0xAC00), Folded(WordRule::kPart, "\xE1\x84\x80\xE1\x85\xA1"));
  EXPECT_EQ(FoldOne(folding, 0xD7A3), Folded(WordRule::kPart, "\xE1\x84\x92\xE1\x85\xB5\xE1\x87\x82"));
}

// ASCII has a table of its own, which must say the same.
TEST(WordFolding, HasOneRuleForAscii) {
  const WordFolding folding = WordFolding::Parse(MadeFolding(), "made").value();
  for (char c = 0; c >= 0 && c < 127; ++c) {
    const auto [rule, folded] = FoldOne(folding, static_cast<char32_t>(c));
    EXPECT_EQ(folding.OfAscii(c).rule, rule);
    if (!folded.empty()) {
      EXPECT_EQ(folding.OfAscii(c).folded, folded[0]);
    }
  }
}

TEST(WordFolding, RefusesBrokenTables) {
  const std::string whole = MadeFolding();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(WordFolding::Parse(whole.substr(0, size), "made").status().code(), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_FALSE(WordFolding::Parse(whole + "x", "made").ok());
  // Beyond Unicode: a run, and what one folds to; an ASCII character that becomes two or none of ASCII.
  EXPECT_FALSE(WordFolding::Parse(FoldingBytes({{.first = 0x10FFFF, .length = 2}}), "made").ok());
  EXPECT_FALSE(WordFolding::Parse(FoldingBytes({{.first = 0x10FFFF, .distance = 1}}), "made").ok());
  EXPECT_FALSE(WordFolding::Parse(FoldingBytes({{.first = 'a', .distance = -98}}), "made").ok());
  EXPECT_FALSE(WordFolding::Parse(FoldingBytes({{.first = 'a', .folded = "xy"}}), "made").ok());
  EXPECT_FALSE(WordFolding::Parse(FoldingBytes({{.first = 'a', .distance = 200}}), "made").ok());
}

TEST(AppendCodePoint, IsTheInverseOfDecode) {
  for (const char32_t c : {0x0U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0xFFFFU, 0x10000U, 0x10FFFFU}) {
    std::string text;
    AppendCodePoint(c, text);
    EXPECT_EQ(Decode(text, 0).value, c);
    EXPECT_EQ(Decode(text, 0).size, text.size());
  }
}

}  // namespace
}  // namespace stemma::text
