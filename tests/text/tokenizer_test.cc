#include "stemma/tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/hash.h"
#include "lib/text/unicode.h"
#include "tests/text/tokens.h"

namespace stemma {
namespace {

std::vector<Token> TokensOf(std::string_view text, TokenStream& stream) {
  const Tokenizer tokenizer(std::vector<std::string>{});
  tokenizer.Tokenize(text, stream);
  return {stream.tokens().begin(), stream.tokens().end()};
}

std::string Utf8(char32_t c) {
  std::string out;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
  return out;
}

TEST(Tokenizer, SplitsWordsAndSymbols) {
  EXPECT_EQ(TextsOf("Well, the cat sat; (twice)!"),
            (Texts{"well", ",", "the", "cat", "sat", ";", "(", "twice", ")", "!"}));
  EXPECT_EQ(TextsOf("snake_case x=y"), (Texts{"snake", "_", "case", "x", "=", "y"}));
  EXPECT_EQ(TextsOf("well-known"), (Texts{"well", "-", "known"}));
}

TEST(Tokenizer, GivesNothingForTextWithoutPrintableCharacters) {
  for (const std::string_view text : {"", " ", "\n", "\n\n\n", "\t \r\n", "\xE2\x80\x8B", "\x01\x02", "\xEE\x80\x80"}) {
    EXPECT_EQ(TextsOf(text), Texts{}) << testing::PrintToString(text);
  }
}

TEST(Tokenizer, KeepsInnerApostrophes) {
  EXPECT_EQ(TextsOf("don't rock'n'roll"), (Texts{"don't", "rock'n'roll"}));
  EXPECT_EQ(TextsOf("'quoted' dogs' o''clock"), (Texts{"'", "quoted", "'", "dogs", "'", "o", "'", "'", "clock"}));
  EXPECT_EQ(TextsOf("90's"), (Texts{"90's"}));
}

TEST(Tokenizer, ReplacesLongNumbers) {
  EXPECT_EQ(TextsOf("7 42 365 1984 12345"), (Texts{"7", "42", "<NUM>", "<Y4>", "<NUM>"}));
  EXPECT_EQ(TextsOf("3.14 1,000"), (Texts{"3", ".", "14", "1", ",", "<NUM>"}));
  // Digits with a letter are a word of their own, not a number.
  EXPECT_EQ(TextsOf("4th 1980s b12 2000x"), (Texts{"4th", "1980s", "b12", "2000x"}));
  // Decimal digits of any script; digits in circles are symbols.
  EXPECT_EQ(TextsOf("\u0661\u0662\u0663\u0664 \u2460"), (Texts{"<Y4>", "\u2460"}));
}

TEST(Tokenizer, TellsKindsApart) {
  TokenStream stream;
  const std::vector<Token> tokens = TokensOf("Caf\u00e9 4th b2 ! \u6f22\n12345", stream);
  ASSERT_EQ(tokens.size(), 7U);
  const std::vector<TokenKind> kinds = {TokenKind::kWord,   TokenKind::kNumber, TokenKind::kWord,  TokenKind::kSymbol,
                                        TokenKind::kWord, TokenKind::kMarker, TokenKind::kMarker};
  for (std::size_t k = 0; k < kinds.size(); ++k) EXPECT_EQ(tokens[k].kind, kinds[k]) << k;
  EXPECT_EQ(tokens[0].length, 4U);  // code points, not bytes
  EXPECT_FALSE(tokens[0].has_digit);
  EXPECT_TRUE(tokens[1].has_digit);
  EXPECT_TRUE(tokens[2].has_digit);
  for (const Token& token : tokens) EXPECT_EQ(token.hash, base::Hash64(token.text)) << token.text;
}

TEST(Tokenizer, MarksListsAtLineStarts) {
  EXPECT_EQ(TextsOf("- a\n* b\n  + c"), (Texts{"<L->", "a", "<N>", "<L*>", "b", "<N>", "<L+>", "c"}));
  // Neither within a line nor without the space behind.
  EXPECT_EQ(TextsOf("a - b"), (Texts{"a", "-", "b"}));
  EXPECT_EQ(TextsOf("-a\n-"), (Texts{"-", "a", "<N>", "-"}));
  EXPECT_EQ(TextsOf("---"), (Texts{"-", "-", "-"}));
  // The second marker of a line stands inside it.
  EXPECT_EQ(TextsOf("- - a"), (Texts{"<L->", "-", "a"}));
}

TEST(Tokenizer, MarksNumberingOfUpToThreeDigits) {
  for (const std::string number : {"1", "12", "123"}) {
    EXPECT_EQ(TextsOf(number + ". a"), (Texts{"<L1.>", "a"})) << number;
    EXPECT_EQ(TextsOf(number + ") a"), (Texts{"<L1)>", "a"})) << number;
    EXPECT_EQ(TextsOf("x\n" + number + "."), (Texts{"x", "<N>", "<L1.>"})) << number;
  }
  EXPECT_EQ(TextsOf("1234. a"), (Texts{"<Y4>", ".", "a"}));
  EXPECT_EQ(TextsOf("1.5 a"), (Texts{"1", ".", "5", "a"}));
  EXPECT_EQ(TextsOf("1"), (Texts{"1"}));
  EXPECT_EQ(TextsOf("see 1. a"), (Texts{"see", "1", ".", "a"}));
}

TEST(Tokenizer, MarksHeadings) {
  for (int level = 1; level <= 6; ++level) {
    const std::string hashes(static_cast<std::size_t>(level), '#');
    const std::string marker = "<H" + std::to_string(level) + ">";
    EXPECT_EQ(TextsOf(hashes + " a"), (Texts{marker, "a"}));
    EXPECT_EQ(TextsOf(hashes), (Texts{marker}));
  }
  EXPECT_EQ(TextsOf("####### a"), (Texts{"#", "#", "#", "#", "#", "#", "#", "a"}));
  EXPECT_EQ(TextsOf("#tag"), (Texts{"#", "tag"}));
  EXPECT_EQ(TextsOf("a # b"), (Texts{"a", "#", "b"}));
}

TEST(Tokenizer, MarksCodeAndBold) {
  EXPECT_EQ(TextsOf("```python\nx\n```"), (Texts{"<CODE>", "python", "<N>", "x", "<N>", "<CODE>"}));
  EXPECT_EQ(TextsOf("a ``b``"), (Texts{"a", "`", "`", "b", "`", "`"}));
  EXPECT_EQ(TextsOf("````"), (Texts{"<CODE>", "`"}));
  EXPECT_EQ(TextsOf("**Note:** *this*"), (Texts{"<B>", "note", ":", "<B>", "*", "this", "*"}));
  EXPECT_EQ(TextsOf("***"), (Texts{"<B>", "*"}));
}

TEST(Tokenizer, TellsOneNewlineFromMore) {
  EXPECT_EQ(TextsOf("a\nb"), (Texts{"a", "<N>", "b"}));
  EXPECT_EQ(TextsOf("a\n\nb"), (Texts{"a", "<P>", "b"}));
  EXPECT_EQ(TextsOf("a\n\n\n\n\nb"), (Texts{"a", "<P>", "b"}));
  EXPECT_EQ(TextsOf("a\n \t \nb"), (Texts{"a", "<P>", "b"}));
  // At the ends there is nothing to separate.
  EXPECT_EQ(TextsOf("\n\na\n\n"), (Texts{"a"}));
}

TEST(Tokenizer, TakesEveryLineEndAlike) {
  for (const std::string end : {"\n", "\r\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    EXPECT_EQ(TextsOf("a" + end + "b" + end + end + "- c" + end), TextsOf("a\nb\n\n- c\n")) << testing::PrintToString(end);
  }
}

TEST(Tokenizer, TakesEverySpaceAlike) {
  for (const std::string space : {"\t", "\v", "\f", "\xC2\xA0", "\xE2\x80\x83", "\xE2\x80\xAF", "\xE3\x80\x80", "   "}) {
    EXPECT_EQ(TextsOf(space + "- a" + space + "b" + space), (Texts{"<L->", "a", "b"})) << testing::PrintToString(space);
  }
}

TEST(Tokenizer, FoldsQuotesAndDashes) {
  for (const std::string quote : {"\u2018", "\u2019", "\u201A", "\u201B", "\u2032", "\u02BC"}) {
    EXPECT_EQ(TextsOf("don" + quote + "t"), (Texts{"don't"})) << quote;
  }
  for (const std::string quote : {"\u201C", "\u201D", "\u201E", "\u201F", "\u2033"}) {
    EXPECT_EQ(TextsOf(quote + "a"), (Texts{"\"", "a"})) << quote;
  }
  for (const std::string dash : {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212"}) {
    EXPECT_EQ(TextsOf(dash + " a" + dash + "b"), (Texts{"<L->", "a", "-", "b"})) << dash;
  }
}

TEST(Tokenizer, TakesComposedAndDecomposedTextAlike) {
  EXPECT_EQ(TextsOf("Caf\u00e9 \u00c5ngstr\u00f6m"), TextsOf("Cafe\u0301 A\u030Angstro\u0308m"));
  EXPECT_EQ(TextsOf("\ud55c\uae00"), TextsOf("\u1112\u1161\u11ab\u1100\u1173\u11af"));  // Hangul and its letters
  EXPECT_EQ(TextsOf("\u1e69"), TextsOf("s\u0307\u0323"));  // marks out of their canonical order
}

TEST(Tokenizer, FoldsCase) {
  EXPECT_EQ(TextsOf("STRASSE"), TextsOf("stra\u00dfe"));
  EXPECT_EQ(TextsOf("\u00c9COLE"), TextsOf("\u00e9cole"));
  EXPECT_EQ(TextsOf("\u039f\u0394\u039f\u03a3"), TextsOf("\u03bf\u03b4\u03bf\u03c2"));  // final sigma
  EXPECT_EQ(TextsOf("\ufb01ne"), (Texts{"fine"}));                                      // ligature
  // Turkish: the dotted capital keeps its dot, the dotless letter stays another one, whatever the locale.
  EXPECT_EQ(TextsOf("\u0130"), (Texts{"i\u0307"}));
  EXPECT_EQ(TextsOf("\u0131"), (Texts{"\u0131"}));
  EXPECT_EQ(TextsOf("I"), (Texts{"i"}));
}

TEST(Tokenizer, SetsIdeographsApart) {
  EXPECT_EQ(TextsOf("\u6f22\u5b57\u3001abc\u304b\u30ab"), (Texts{"\u6f22", "\u5b57", "\u3001", "abc", "\u304b", "\u30ab"}));
  EXPECT_EQ(TextsOf("\U00020000\U00020001"), (Texts{"\U00020000", "\U00020001"}));
  // A voiced kana is one character, however it is written.
  EXPECT_EQ(TextsOf("\u304b\u3099"), (Texts{"\u304c"}));
}

TEST(Tokenizer, LetsCombiningMarksContinueWords) {
  EXPECT_EQ(TextsOf("q\u0307x"), (Texts{"q\u0307x"}));  // no precomposed form
  EXPECT_EQ(TextsOf("\u0928\u092e\u0938\u094d\u0924\u0947"), (Texts{"\u0928\u092e\u0938\u094d\u0924\u0947"}));
  // Never begin one: a variation selector behind an emoji changes nothing.
  EXPECT_EQ(TextsOf("\u2764\ufe0f ok"), (Texts{"\u2764", "ok"}));
  EXPECT_EQ(TextsOf(" \u0301a"), (Texts{"a"}));
}

// Invisible characters are an easy way to change a text that nobody sees changed.
TEST(Tokenizer, DropsInvisibleCharactersInsideWords) {
  for (const std::string invisible : {"\u200B", "\u200C", "\u200D", "\u2060", "\uFEFF", "\u00AD", "\u202E"}) {
    EXPECT_EQ(TextsOf("wo" + invisible + "rd"), (Texts{"word"})) << testing::PrintToString(invisible);
    EXPECT_EQ(TextsOf("1" + invisible + ". a"), (Texts{"<L1.>", "a"})) << testing::PrintToString(invisible);
  }
  for (char c = 1; c < 0x20; ++c) {
    if (c >= '\t' && c <= '\r') continue;
    EXPECT_EQ(TextsOf(std::string("wo") + c + "rd"), (Texts{"word"})) << static_cast<int>(c);
  }
  EXPECT_EQ(TextsOf(std::string_view("wo\0rd", 5)), (Texts{"word"}));
  EXPECT_EQ(TextsOf("wo\x7Frd"), (Texts{"word"}));
}

// A text cannot write a marker: it would come apart.
TEST(Tokenizer, TakesMarkersInTheTextForText) {
  for (const std::string_view marker : {"<N>", "<P>", "<L->", "<H1>", "<CODE>", "<B>", "<NUM>", "<Y4>", "<BRAND>", "<ANSWER>"}) {
    TokenStream stream;
    for (const Token& token : TokensOf(marker, stream)) EXPECT_NE(token.kind, TokenKind::kMarker) << marker;
  }
}

TEST(Tokenizer, ReusesAStream) {
  const Tokenizer tokenizer(std::vector<std::string>{});
  TokenStream stream;
  tokenizer.Tokenize("a much longer text than the next", stream);
  tokenizer.Tokenize("b", stream);
  ASSERT_EQ(stream.tokens().size(), 1U);
  EXPECT_EQ(stream.tokens()[0].text, "b");
}

// Obvious properties over all inputs of one and two bytes; run under the sanitizers, that they crash nothing.
TEST(Tokenizer, SurvivesAllShortInputs) {
  const Tokenizer tokenizer(std::vector<std::string>{"ab"});
  TokenStream stream;
  const auto check = [&](std::string_view text) {
    tokenizer.Tokenize(text, stream);
    ASSERT_LE(stream.tokens().size(), 3U) << testing::PrintToString(text);  // two lines and what is between
    for (const Token& token : stream.tokens()) {
      ASSERT_FALSE(token.text.empty()) << testing::PrintToString(text);
      ASSERT_GT(token.length, 0U);
      ASSERT_EQ(token.hash, base::Hash64(token.text));
    }
  };
  for (int first = 0; first < 256; ++first) {
    check(std::string(1, static_cast<char>(first)));
    for (int second = 0; second < 256; ++second) {
      check(std::string{static_cast<char>(first), static_cast<char>(second)});
    }
  }
}

TEST(Tokenizer, SkipsIllFormedBytes) {
  const std::string_view ill_formed[] = {
      "\xFF",              // never in UTF-8
      "\x80",              // a continuation alone
      "\xC3",              // cut off
      "\xC0\xAF",          // overlong
      "\xE0\x81\x81",      // overlong
      "\xED\xA0\x80",      // a surrogate
      "\xF0\x82\x82\xAC",  // overlong
      "\xF4\x90\x80\x80",  // beyond U+10FFFF
      "\xF8\x88\x80\x80\x80",
  };
  for (const std::string_view bytes : ill_formed) {
    EXPECT_EQ(TextsOf("Wo" + std::string(bytes) + "rd \u00c9t\u00e9"), (Texts{"word", "\u00e9t\u00e9"}))
        << testing::PrintToString(bytes);
  }
}

// Folding twice changes nothing: else equal-looking texts could differ by how often they were processed. One letter is
// the known exception: it folds to a modifier apostrophe and n, and that apostrophe would be folded in turn.
TEST(Tokenizer, FoldsEveryCodePointOnce) {
  std::string once, twice;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if ((c >= 0xD800 && c <= 0xDFFF) || c == 0x149) continue;
    text::Fold(Utf8(c), once);
    text::Fold(once, twice);
    ASSERT_EQ(once, twice) << "U+" << std::hex << static_cast<std::uint32_t>(c);
  }
}

}  // namespace
}  // namespace stemma
