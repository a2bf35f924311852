#include <gtest/gtest.h>

#include <set>
#include <string>

#include "lib/base/hash.h"
#include "stemma/signature.h"
#include "tests/oracle/ngrams.h"
#include "tests/signature/made_vocabulary.h"

namespace stemma {
namespace {

AnswerFeatures Analyze(std::string_view answer) { return AnswerAnalyzer(MadeVocabulary()).Analyze({1, 2}, 3, answer); }

// `count` words, none of them kept by the mask.
std::string Words(int count) {
  std::string text;
  for (int k = 0; k < count; ++k) text += "Heron ";
  return text;
}

TEST(AnswerAnalyzer, TellsWhatItSaw) {
  const AnswerFeatures features = Analyze("The caf\u00e9, 42.");
  EXPECT_EQ(features.prompt, (Hash128{1, 2}));
  EXPECT_EQ(features.digest.sample, 3U);
  EXPECT_EQ(features.tokens, 5U);
  EXPECT_EQ(features.code_points, 13U);
  EXPECT_EQ(features.digest.text_hash, base::Hash64("The caf\u00e9, 42."));
}

// The set of masked 2-, 3- and 4-grams between the answer's borders, each as the upper 24 bits of its hash.
TEST(AnswerAnalyzer, HoldsTheMaskedNgrams) {
  std::set<std::uint32_t> expected;
  for (const oracle::Gram& gram : oracle::NgramSet({"<ANSWER>", "the", "W", "is", "Sing", ".", "</ANSWER>"}, 2, 4)) {
    std::uint64_t hash = base::Hash64(gram[0]);
    for (std::size_t k = 1; k < gram.size(); ++k) hash = Mix64(hash * 0x9e3779b97f4a7c15ULL + base::Hash64(gram[k]));
    expected.insert(static_cast<std::uint32_t>(hash >> 40));
  }
  const std::vector<std::uint32_t> grams = Analyze("The heron is fishing.").grams;
  EXPECT_EQ(grams, std::vector<std::uint32_t>(expected.begin(), expected.end()));
}

TEST(AnswerAnalyzer, HasNgramsForTheShortestAnswer) {
  EXPECT_EQ(Analyze("Yes").grams.size(), 3U);  // <ANSWER> w, w </ANSWER>, and both
  EXPECT_EQ(Analyze("").grams.size(), 1U);
}

// Short answers are given alike without copying.
TEST(AnswerAnalyzer, HasNoTokenHashForShortAnswers) {
  EXPECT_EQ(Analyze(Words(kMinCopyTokens - 1)).digest.token_hash, 0U);
  EXPECT_NE(Analyze(Words(kMinCopyTokens)).digest.token_hash, 0U);
}

TEST(AnswerAnalyzer, RecognisesCopiesUpToCaseSpacingAndBrand) {
  const std::string rest = Words(60);
  const AnswerDigest original = Analyze("I am Claude.\nIt\u2019s \u201cso\u201d \u2013 " + rest).digest;
  const AnswerDigest copy = Analyze("i am OPEN AI.\r\n  It's   \"so\" - " + Words(60) + "  ").digest;
  EXPECT_EQ(original.token_hash, copy.token_hash);
  EXPECT_NE(original.text_hash, copy.text_hash);
  // One word more, or another one under the same mask, is no copy.
  EXPECT_NE(Analyze("I am Claude.\nIt's \"so\" - " + Words(61)).digest.token_hash, original.token_hash);
  EXPECT_NE(Analyze("I am Claude.\nIt's \"so\" - Egret " + Words(59)).digest.token_hash, original.token_hash);
}

TEST(AnswerAnalyzer, GivesTheSameFromAnswerToAnswer) {
  AnswerAnalyzer analyzer(MadeVocabulary());
  const AnswerFeatures first = analyzer.Analyze({1, 2}, 0, "The first answer.");
  analyzer.Analyze({1, 2}, 1, "Quite another one, and longer than the first.");
  const AnswerFeatures again = analyzer.Analyze({1, 2}, 0, "The first answer.");
  EXPECT_EQ(again.grams, first.grams);
  EXPECT_EQ(again.digest, first.digest);
}

}  // namespace
}  // namespace stemma
