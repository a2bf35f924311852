#include "lib/text/wordpiece.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/text/made_wordpiece.h"

namespace stemma::text {
namespace {

using Ids = std::vector<std::uint32_t>;

constexpr std::uint32_t kUnk = 1, kMask = 4, kThe = 5, kRiver = 6, kS = 7, kRun = 8, kNing = 9, kN = 10, kStop = 11,
                        kHan = 12, kE = 13, kOpen = 16, kClose = 17;

Ids TokensOf(std::string_view text) {
  static const WordPiece wordpiece = WordPiece::Parse(MadeTokens(), MadeFolding(), "made").value();
  Ids out;
  std::string word;
  wordpiece.ForEachWord(text, word, [&](std::string_view found) { wordpiece.Pieces(found, out); });
  return out;
}

TEST(WordPiece, TakesTheLongestPieces) {
  EXPECT_EQ(TokensOf("The rivers."), (Ids{kThe, kRiver, kS, kStop}));
  EXPECT_EQ(TokensOf("running runn"), (Ids{kRun, kNing, kRun, kN}));
  EXPECT_EQ(TokensOf(""), Ids{});
  EXPECT_EQ(TokensOf(" \n\t"), Ids{});
}

// The pieces found before are given back: a word is known as a whole or not at all.
TEST(WordPiece, HasOneTokenForAWordThatDoesNotFallIntoPieces) {
  EXPECT_EQ(TokensOf("runx the"), (Ids{kUnk, kThe}));
  // A piece that begins words does not go on with them, and the other way.
  EXPECT_EQ(TokensOf("runthe"), Ids{kUnk});
  EXPECT_EQ(TokensOf("un"), Ids{kUnk});
}

TEST(WordPiece, FoldsBeforeItCuts) {
  EXPECT_EQ(TokensOf("TH\u00C9"), Ids{kThe});
  EXPECT_EQ(TokensOf("\u00C9 e\u0301"), (Ids{kE, kE}));
  EXPECT_EQ(TokensOf("the\u4E2Dthe"), (Ids{kThe, kHan, kThe}));
  EXPECT_EQ(TokensOf("th\x01\x7F"), Ids{kUnk});
  EXPECT_EQ(TokensOf("t\x01he"), Ids{kThe});
  EXPECT_EQ(TokensOf("\uAC00"), (Ids{19, 20}));
}

TEST(WordPiece, TakesSpecialTokensAsWritten) {
  EXPECT_EQ(TokensOf("the[MASK]the"), (Ids{kThe, kMask, kThe}));
  EXPECT_EQ(TokensOf("[mask]"), (Ids{kOpen, kUnk, kClose}));
  EXPECT_EQ(TokensOf("[MASK"), (Ids{kOpen, kUnk}));
}

// A limit in code points, not in bytes.
TEST(WordPiece, KnowsNoWordOfMoreThanAHundredCodePoints) {
  std::string longest = "e";
  for (int k = 1; k < 100; ++k) longest += "\u00C9";
  EXPECT_EQ(TokensOf(longest).size(), 100U);
  EXPECT_EQ(TokensOf(longest + "e"), Ids{kUnk});
  // Two of them come of one.
  EXPECT_EQ(TokensOf(longest.substr(0, longest.size() - 2) + "\u0130"), Ids{kUnk});
}

TEST(WordPiece, DropsWhatIsNoUtf8) {
  EXPECT_EQ(TokensOf("t\xFFhe \xC3"), Ids{kThe});
  EXPECT_EQ(TokensOf("the\xE4\xB8"), Ids{kThe});
}

TEST(WordPiece, RefusesBrokenVocabularies) {
  const auto code = [](const std::string& tokens) {
    return WordPiece::Parse(tokens, MadeFolding(), "made").status().code();
  };
  EXPECT_EQ(code("[UNK]\nthe"), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code("the\n"), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code("[UNK]\nthe\nthe\n"), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code("[UNK]\nthe\n##the\n"), absl::StatusCode::kOk);
}

}  // namespace
}  // namespace stemma::text
