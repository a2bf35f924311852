#include "stemma/style_features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/hash.h"
#include "lib/base/random.h"
#include "tests/oracle/style_features.h"
#include "tests/text/tokens.h"

namespace stemma {
namespace {

std::uint64_t HashOf(const oracle::Opening& opening) {
  std::uint64_t hash = base::Hash64(opening.of_line ? "<LINE OPENING>" : "<OPENING>");
  for (const std::string& token : opening.tokens) hash = Mix64(hash * 0x9e3779b97f4a7c15ULL + base::Hash64(token));
  return hash;
}

std::uint64_t HashOfWord(const std::string& word) { return base::Hash64(word); }

Token MadeToken(const std::string& text) {
  Token token;
  token.hash = base::Hash64(text);
  token.text = text;
  token.kind = text.size() > 1 && text.front() == '<' ? TokenKind::kMarker
               : std::string_view(".!?:").find(text) != std::string_view::npos ? TokenKind::kSymbol
                                                                               : TokenKind::kWord;
  return token;
}

// `texts` must outlive the tokens.
std::vector<Token> MadeTokens(const Texts& texts) {
  std::vector<Token> tokens;
  for (const std::string& text : texts) tokens.push_back(MadeToken(text));
  return tokens;
}

void Extract(const StyleFeatures& features, std::span<const Token> tokens, std::vector<std::uint16_t>& out) {
  std::vector<StyleTraits> traits;
  for (const Token& token : tokens) traits.push_back(features.TraitsOf(token));
  features.Extract(tokens, traits, out);
}

// Hashes of what was extracted, words and openings apart.
struct Extracted {
  std::set<std::uint64_t> words;
  std::set<std::uint64_t> openings;
};

Extracted Extract(const StyleFeatures& features, std::span<const Token> tokens) {
  std::vector<std::uint16_t> out = {7, 7};  // must be replaced
  Extract(features, tokens, out);
  EXPECT_TRUE(std::ranges::is_sorted(out));
  EXPECT_EQ(std::ranges::adjacent_find(out), out.end());
  Extracted extracted;
  for (const std::size_t feature : out) {
    if (feature < features.words().size()) {
      extracted.words.insert(features.words()[feature]);
    } else {
      extracted.openings.insert(features.openings()[feature - features.words().size()]);
    }
  }
  return extracted;
}

Extracted Expected(const StyleFeatures& features, const Texts& texts) {
  const std::set<std::uint64_t> words(features.words().begin(), features.words().end());
  const std::set<std::uint64_t> openings(features.openings().begin(), features.openings().end());
  Extracted expected;
  for (const std::string& text : texts) {
    if (words.contains(base::Hash64(text))) expected.words.insert(base::Hash64(text));
  }
  for (const oracle::Opening& opening : oracle::Openings(texts)) {
    if (openings.contains(HashOf(opening))) expected.openings.insert(HashOf(opening));
  }
  return expected;
}

// All sequences of up to five out of a word, two sentence ends, a line end, a list marker and another marker, with all
// features that there could be: no opening too many, none too few, none under another's name.
TEST(StyleFeatures, AgreeWithTheOracleOnAllShortSequences) {
  const Texts alphabet = {"heron", ".", ":", "<N>", "<L->", "<B>"};
  std::vector<std::uint64_t> words, openings;
  std::vector<Texts> sequences = {{}};
  for (std::size_t first = 0, length = 1; length <= 5; ++length) {
    const std::size_t end = sequences.size();
    for (; first < end; ++first) {
      for (const std::string& text : alphabet) {
        sequences.push_back(sequences[first]);
        sequences.back().push_back(text);
      }
    }
    if (length == 3) {
      for (const Texts& tokens : sequences) {
        for (const bool of_line : {false, true}) openings.push_back(HashOf({of_line, tokens}));
      }
    }
  }
  for (const std::string& text : alphabet) words.push_back(base::Hash64(text));
  const StyleFeatures features(words, openings);
  ASSERT_EQ(features.size(), 6U + 2 * (1 + 6 + 36 + 216));
  ASSERT_LE(features.openings().size(), StyleFeatures::kMaxOpenings);
  ASSERT_EQ(sequences.size(), 1U + 6 + 36 + 216 + 1296 + 7776);
  for (const Texts& texts : sequences) {
    const Extracted extracted = Extract(features, MadeTokens(texts));
    const Extracted expected = Expected(features, texts);
    ASSERT_EQ(extracted.words, expected.words) << testing::PrintToString(texts);
    ASSERT_EQ(extracted.openings, expected.openings) << testing::PrintToString(texts);
  }
}

std::string RandomText(base::Random& random, std::size_t pieces) {
  static const Texts kPieces = {"Heron ", "egret ", "bittern ", "it's ", "12345 ", "1984 ", ". ", "! ", "? ", ": ", "; ",
                                "... ",   "\n",     "\n\n",     "\n- ",  "\n* ",   "\n1. ", "\n2) ", "\n## ", "**", "\n```\n",
                                "\" ",    "7 "};
  std::string text;
  for (std::size_t k = 0; k < pieces; ++k) text += kPieces[random.Below(kPieces.size())];
  return text;
}

// Tokens as the tokenizer makes them: markers of all kinds, lists, quotes, dots in a row.
TEST(StyleFeatures, AgreeWithTheOracleOnRandomTexts) {
  base::Random random(1);
  for (int world = 0; world < 20; ++world) {
    std::vector<Texts> answers;
    for (int k = 0; k < 20; ++k) answers.push_back(TextsOf(RandomText(random, 5 + random.Below(40))));
    std::set<std::uint64_t> words, openings;
    for (const Texts& texts : answers) {
      for (const std::string& text : texts) words.insert(base::Hash64(text));
      for (const oracle::Opening& opening : oracle::Openings(texts)) {
        // A part of them: the others must not be found.
        if (openings.size() < StyleFeatures::kMaxOpenings && HashOf(opening) % 3 != 0) openings.insert(HashOf(opening));
      }
    }
    const StyleFeatures features({words.begin(), words.end()}, {openings.begin(), openings.end()});
    for (int k = 0; k < 20; ++k) {
      const std::string text = RandomText(random, 5 + random.Below(40));
      const Tokenizer tokenizer(std::vector<std::string>{});
      TokenStream stream;
      tokenizer.Tokenize(text, stream);
      const Extracted extracted = Extract(features, stream.tokens());
      const Extracted expected = Expected(features, TextsOf(text));
      ASSERT_EQ(extracted.words, expected.words) << text;
      ASSERT_EQ(extracted.openings, expected.openings) << text;
    }
  }
}

// The index of a feature is what signatures hold: it may depend on the lists alone.
TEST(StyleFeatures, NumberWordsBeforeOpeningsInTheOrderOfTheirHashes) {
  const StyleFeatures features({30, 10, 20, 10}, {5, 7, 5, 1});
  EXPECT_TRUE(std::ranges::equal(features.words(), std::vector<std::uint64_t>{10, 20, 30}));
  EXPECT_TRUE(std::ranges::equal(features.openings(), std::vector<std::uint64_t>{1, 5, 7}));
  EXPECT_EQ(features.size(), 6U);
  const std::uint64_t heron = base::Hash64("heron");
  const StyleFeatures words({heron, heron - 1, heron + 1}, {HashOf({true, {"heron"}}), 0});
  std::vector<std::uint16_t> out;
  Extract(words, MadeTokens({"heron", "heron"}), out);
  EXPECT_EQ(out, (std::vector<std::uint16_t>{1, 4}));
}

TEST(StyleFeatures, AreNoneWithoutListsOrTokens) {
  std::vector<std::uint16_t> out = {3};
  Extract(StyleFeatures(), MadeTokens({"heron"}), out);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(StyleFeatures().size(), 0U);
  out = {3};
  Extract(StyleFeatures({base::Hash64("heron")}, {base::Hash64("<LINE OPENING>")}), {}, out);
  EXPECT_TRUE(out.empty());
}

// An answer of the fitter: made of whole sentences, so that its features are known.
struct Answer {
  int prompt = 0;
  Texts texts;
};

StyleFeatures Fit(const std::vector<Answer>& answers) {
  StyleFeatureFitter fitter;
  for (const Answer& answer : answers) {
    fitter.Add({0, static_cast<std::uint64_t>(answer.prompt)}, MadeTokens(answer.texts));
  }
  return fitter.Fit();
}

bool HasWord(const StyleFeatures& features, const std::string& word) {
  return std::ranges::binary_search(features.words(), base::Hash64(word));
}

bool HasOpening(const StyleFeatures& features, const oracle::Opening& opening) {
  return std::ranges::binary_search(features.openings(), HashOf(opening));
}

// A habit shows at many prompts; a word that one prompt asks for does not, however many answers use it.
TEST(StyleFeatureFitter, KeepsWhatIsUsedAtEnoughPrompts) {
  std::vector<Answer> answers;
  for (int prompt = 0; prompt < 8; ++prompt) {
    for (int times = 0; times < 3; ++times) {
      if (prompt < 8) answers.push_back({prompt, {"egret", "eight"}});
      if (prompt < 7) answers.push_back({prompt, {"egret", "seven"}});
      if (prompt < 6) answers.push_back({prompt, {"six"}});
      if (prompt < 5) answers.push_back({prompt, {"five"}});
    }
  }
  for (int times = 0; times < 100; ++times) answers.push_back({3, {"loud"}});
  const StyleFeatures features = Fit(answers);
  EXPECT_TRUE(HasWord(features, "eight"));
  EXPECT_FALSE(HasWord(features, "seven"));
  EXPECT_FALSE(HasWord(features, "loud"));
  EXPECT_TRUE(HasOpening(features, {true, {"six"}}));
  EXPECT_FALSE(HasOpening(features, {true, {"five"}}));
  EXPECT_FALSE(HasOpening(features, {true, {"loud"}}));
  EXPECT_FALSE(HasOpening(features, {false, {"six"}}));
  EXPECT_TRUE(HasOpening(features, {true, {"egret", "seven"}}));
}

// Against counting and sorting by hand, with more features than find room and many ties.
TEST(StyleFeatureFitter, AgreesWithTheOracle) {
  base::Random random(2);
  std::vector<Answer> answers;
  for (int k = 0; k < 900; ++k) {
    Answer& answer = answers.emplace_back();
    answer.prompt = static_cast<int>(random.Below(12));
    for (int sentence = 0; sentence < 60; ++sentence) {
      // Squared: some words in nearly all answers, many in few.
      const double rank = random.Uniform();
      answer.texts.push_back("w" + std::to_string(static_cast<int>(rank * rank * 900)));
      if (random.Below(2) == 0) answer.texts.push_back(random.Below(2) == 0 ? "." : "<N>");
    }
  }
  std::vector<std::pair<int, std::set<std::string>>> words;
  std::vector<std::pair<int, std::set<oracle::Opening>>> openings;
  for (const Answer& answer : answers) {
    words.emplace_back(answer.prompt, std::set<std::string>(answer.texts.begin(), answer.texts.end()));
    openings.emplace_back(answer.prompt, oracle::Openings(answer.texts));
  }
  const StyleFeatures features = Fit(answers);
  std::set<std::uint64_t> expected_words, expected_openings;
  for (const auto& word : oracle::CommonestFeatures<std::string>(words, 625, 8, HashOfWord)) {
    expected_words.insert(base::Hash64(word));
  }
  for (const auto& opening : oracle::CommonestFeatures<oracle::Opening>(
           openings, 750, 6, [](const oracle::Opening& o) { return HashOf(o); })) {
    expected_openings.insert(HashOf(opening));
  }
  EXPECT_EQ(std::set<std::uint64_t>(features.words().begin(), features.words().end()), expected_words);
  EXPECT_EQ(std::set<std::uint64_t>(features.openings().begin(), features.openings().end()), expected_openings);
  EXPECT_EQ(features.words().size(), 625U);  // else no limit was met
  EXPECT_EQ(features.openings().size(), 750U);
}

// However often one answer says a word, it is one answer.
TEST(StyleFeatureFitter, CountsAnswersAndNotOccurrences) {
  std::vector<Answer> answers;
  for (int prompt = 0; prompt < 8; ++prompt) {
    Texts many(700, "often");
    for (int k = 0; k < 700; ++k) many[static_cast<std::size_t>(k)] = "v" + std::to_string(k);  // in two answers a prompt
    answers.push_back({prompt, many});
    answers.push_back({prompt, many});
    answers.push_back({prompt, Texts(50, "often")});  // in one
  }
  const StyleFeatures features = Fit(answers);
  EXPECT_EQ(features.words().size(), StyleFeatures::kMaxWords);
  EXPECT_FALSE(HasWord(features, "often"));
}

TEST(StyleFeatureFitter, DoesNotDependOnTheOrderOfAnswers) {
  base::Random random(3);
  std::vector<Answer> answers;
  for (int k = 0; k < 200; ++k) {
    answers.push_back({static_cast<int>(random.Below(10)), TextsOf(RandomText(random, 30))});
  }
  const StyleFeatures features = Fit(answers);
  ASSERT_GT(features.words().size(), 10U);
  ASSERT_GT(features.openings().size(), 50U);
  for (int round = 0; round < 5; ++round) {
    random.Shuffle(std::span(answers));
    const StyleFeatures again = Fit(answers);
    EXPECT_TRUE(std::ranges::equal(again.words(), features.words()));
    EXPECT_TRUE(std::ranges::equal(again.openings(), features.openings()));
  }
}

TEST(StyleFeatureFitter, FitsNothingToNothing) {
  EXPECT_EQ(StyleFeatureFitter().Fit().size(), 0U);
  EXPECT_EQ(Fit({{1, {}}, {2, {"heron"}}}).size(), 0U);
}

}  // namespace
}  // namespace stemma
