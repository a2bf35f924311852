#include "stemma/mask.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/hash.h"
#include "stemma/tokenizer.h"

namespace stemma {
namespace {

using base::Hash64;

constexpr std::array<std::string_view, 24> kSuffixesInOrder = {
    "ing", "ed",  "ly",  "tion", "sion", "ment", "ness", "able", "ible", "ful", "ous", "ive",
    "ize", "ise", "ity", "er",   "or",   "est",  "al",   "ic",   "ism",  "ist", "es",  "s"};

Token Word(std::string_view text) {
  return {Hash64(text), text, static_cast<std::uint32_t>(text.size()), TokenKind::kWord, false};
}

const MaskList kNothingKept(std::span<const std::uint64_t>{});

TEST(MaskList, KeepsListedWords) {
  const std::vector<std::uint64_t> kept = {Hash64("the"), Hash64("running")};
  const MaskList mask(kept);
  EXPECT_EQ(mask.Symbol(Word("the")), Hash64("the"));
  EXPECT_EQ(mask.Symbol(Word("running")), Hash64("running"));
  EXPECT_EQ(mask.Symbol(Word("runnings")), Hash64("Ss"));
  EXPECT_EQ(mask.Symbol(Word("them")), Hash64("w"));
}

TEST(MaskList, KeepsSymbolsAndMarkers) {
  const Tokenizer tokenizer(std::vector<std::string>{});
  TokenStream stream;
  tokenizer.Tokenize("- a!\n\n**1984**", stream);
  std::vector<std::uint64_t> symbols = {1, 2, 3};  // replaced
  kNothingKept.Apply(stream.tokens(), symbols);
  EXPECT_EQ(symbols, (std::vector<std::uint64_t>{Hash64("<L->"), Hash64("w"), Hash64("!"), Hash64("<P>"), Hash64("<B>"),
                                                 Hash64("<Y4>"), Hash64("<B>")}));
}

TEST(MaskList, PutsWhatBeginsWithADigitIntoOneClass) {
  const Tokenizer tokenizer(std::vector<std::string>{});
  TokenStream stream;
  tokenizer.Tokenize("7 4th 1980s 2nd b12", stream);
  std::vector<std::uint64_t> symbols;
  kNothingKept.Apply(stream.tokens(), symbols);
  const std::uint64_t digit = Hash64("D");
  EXPECT_EQ(symbols, (std::vector<std::uint64_t>{digit, digit, digit, digit, Hash64("w")}));
}

TEST(MaskList, TriesSuffixesInTheirOrder) {
  EXPECT_EQ(kNothingKept.Symbol(Word("walking")), Hash64("Sing"));
  EXPECT_EQ(kNothingKept.Symbol(Word("nation")), Hash64("W"));       // two letters are no stem for "tion"
  EXPECT_EQ(kNothingKept.Symbol(Word("station")), Hash64("Stion"));  // three are
  EXPECT_EQ(kNothingKept.Symbol(Word("nations")), Hash64("Ss"));
  EXPECT_EQ(kNothingKept.Symbol(Word("happiness")), Hash64("Sness"));  // before "s"
  EXPECT_EQ(kNothingKept.Symbol(Word("boxes")), Hash64("Ses"));        // before "s"
  EXPECT_EQ(kNothingKept.Symbol(Word("ones")), Hash64("Ss"));          // "es" would leave two
  EXPECT_EQ(kNothingKept.Symbol(Word("his")), Hash64("w"));
}

// Lengths are counted in code points: an accent must not change a word's class.
TEST(MaskList, CountsCodePoints) {
  const Tokenizer tokenizer(std::vector<std::string>{});
  TokenStream stream;
  tokenizer.Tokenize("\u00e9t\u00e9s \u00e9t\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9", stream);
  std::vector<std::uint64_t> symbols;
  kNothingKept.Apply(stream.tokens(), symbols);
  EXPECT_EQ(symbols, (std::vector<std::uint64_t>{Hash64("Ss"), Hash64("W"), Hash64("w")}));
}

// The rule as the design states it.
std::string ClassOf(const std::string& word) {
  for (const std::string_view suffix : kSuffixesInOrder) {
    const bool fits = word.size() >= suffix.size() && word.substr(word.size() - suffix.size()) == suffix;
    if (fits && word.size() > suffix.size() + 2) return "S" + std::string(suffix);
  }
  return word.size() > 4 ? "W" : "w";
}

// Every word of up to six of these letters, which end in many of the suffixes.
TEST(MaskList, AgreesWithTheObviousRuleOnASmallWorld) {
  constexpr std::string_view kLetters = "eginstly";
  std::vector<std::string> words = {""};
  std::set<std::uint64_t> seen;
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (!words[k].empty()) {
      const std::uint64_t expected = Hash64(ClassOf(words[k]));
      ASSERT_EQ(kNothingKept.Symbol(Word(words[k])), expected) << words[k];
      seen.insert(expected);
    }
    if (words[k].size() == 6) continue;
    for (const char letter : kLetters) words.push_back(words[k] + letter);
  }
  EXPECT_EQ(seen.size(), 10U);  // w, W, ing, ly, ise, ity, est, ist, es, s
}

TEST(MaskList, HasAClassForEverySuffix) {
  for (const std::string_view suffix : kSuffixesInOrder) {
    const std::string word = "xxx" + std::string(suffix);
    EXPECT_EQ(kNothingKept.Symbol(Word(word)), Hash64(ClassOf(word))) << word;
    EXPECT_EQ(ClassOf(word), "S" + std::string(suffix)) << word;
  }
}

TEST(IsAlphabetic, RefusesDigitsSymbolsAndMarkers) {
  const Tokenizer tokenizer(std::vector<std::string>{});
  TokenStream stream;
  tokenizer.Tokenize("don't caf\u00e9 \u6f22 b12 7 ! 365", stream);
  std::vector<bool> alphabetic;
  for (const Token& token : stream.tokens()) alphabetic.push_back(IsAlphabetic(token));
  EXPECT_EQ(alphabetic, (std::vector<bool>{true, true, true, false, false, false, false}));
}

}  // namespace
}  // namespace stemma
