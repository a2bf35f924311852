#include "lib/signature/token_memo.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/base/hash.h"
#include "lib/base/random.h"
#include "tests/signature/made_vocabulary.h"

namespace stemma::signature {
namespace {

void ExpectAsAnew(const Vocabulary& vocabulary, TokenMemo& memo, const Token& token) {
  const TokenMemo::Entry& entry = memo.Find(token);
  EXPECT_EQ(entry.token, token.hash);
  EXPECT_EQ(entry.symbol, vocabulary.fine_mask().Symbol(token)) << token.text;
  const StyleTraits style = vocabulary.style_features().TraitsOf(token);
  EXPECT_EQ(entry.style.word, style.word) << token.text;
  EXPECT_EQ(entry.style.boundary, style.boundary) << token.text;
}

// More words than there are places, so that they drive each other out; each of them comes again and again.
TEST(TokenMemo, FindsWhatTheVocabularyMakesOfTokens) {
  const Vocabulary vocabulary = MadeVocabulary();
  TokenMemo memo(vocabulary);
  std::string text = "- Is it so? It is!\n\n12. The heron: 1984.\n";
  for (int k = 0; k < 20000; ++k) text += "word" + std::to_string(k) + (k % 3 == 0 ? "ing " : k % 3 == 1 ? "s " : " ");
  TokenStream stream;
  vocabulary.tokenizer().Tokenize(text, stream);
  for (int round = 0; round < 2; ++round) {
    for (const Token& token : stream.tokens()) ExpectAsAnew(vocabulary, memo, token);
  }
  base::Random random(1);
  for (int k = 0; k < 20000; ++k) {
    ExpectAsAnew(vocabulary, memo, stream.tokens()[random.Below(stream.tokens().size())]);
  }
}

// Places that hold nothing yet must not pass for any token's.
TEST(TokenMemo, HoldsNothingAtFirst) {
  const Vocabulary vocabulary = MadeVocabulary();
  for (const std::uint64_t hash : {0ULL, 1ULL, 4096ULL, 1ULL << 63}) {
    TokenMemo memo(vocabulary);
    ExpectAsAnew(vocabulary, memo, {hash, "walking", 7, TokenKind::kWord, false});
  }
}

}  // namespace
}  // namespace stemma::signature
