#include "lib/text/brands.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/vocabulary.h"
#include "tests/text/tokens.h"

namespace stemma {
namespace {

const std::vector<std::string> kNames = {"open ai", "OpenAI",      "gpt", "claude", "llama", "gemini",  "meta",
                                         "meta ai", "nous hermes", "yi",  "qwen",   "x ai",  "mistral", "\u767e\u5ea6"};

Texts Masked(std::string_view text) { return TextsOf(text, kNames); }

TEST(BrandMasker, MasksNamesOfOneWord) {
  EXPECT_EQ(Masked("Ask Claude now"), (Texts{"ask", "<BRAND>", "now"}));
  EXPECT_EQ(Masked("CLAUDE, openai!"), (Texts{"<BRAND>", ",", "<BRAND>", "!"}));
  EXPECT_EQ(Masked("\u767e\u5ea6\u3002"), (Texts{"<BRAND>", "\u3002"}));
}

TEST(BrandMasker, MasksNamesOfSeveralWords) {
  for (const std::string_view text : {"open ai", "Open AI", "open-ai", "open.ai", "open\u2013ai", "OpenAI"}) {
    EXPECT_EQ(Masked(text), (Texts{"<BRAND>"})) << text;
  }
  EXPECT_EQ(Masked("nous-hermes 2"), (Texts{"<BRAND>"}));
  // The longer name is found first; a part of one is none.
  EXPECT_EQ(Masked("meta ai made it"), (Texts{"<BRAND>", "made", "it"}));
  EXPECT_EQ(Masked("open the door"), (Texts{"open", "the", "door"}));
  EXPECT_EQ(Masked("nous"), (Texts{"nous"}));
  EXPECT_EQ(Masked("open\nai"), (Texts{"open", "<N>", "ai"}));
}

TEST(BrandMasker, MasksPossessives) {
  EXPECT_EQ(Masked("Claude's and OpenAI\u2019s"), (Texts{"<BRAND>", "and", "<BRAND>"}));
  EXPECT_EQ(Masked("open ai's team"), (Texts{"<BRAND>", "team"}));
  EXPECT_EQ(Masked("cloud's"), (Texts{"cloud's"}));
}

TEST(BrandMasker, TakesVersionsAndSizesAlong) {
  for (const std::string_view text :
       {"gpt-4", "GPT4", "gpt 4", "gpt-3.5-turbo", "gpt-4o", "gpt-4-0613", "gpt-4-turbo-preview", "claude 2.1",
        "Claude 3 Opus", "claude-3-opus-20240229", "llama-2-70b-chat", "Llama 3.1 8B Instruct", "qwen2.5-72b-instruct", "qwen-2.5",
        "gemini pro", "mistral-7b-instruct", "llama2's"}) {
    EXPECT_EQ(Masked(text), (Texts{"<BRAND>"})) << text;
  }
  // But not the sentence that follows.
  EXPECT_EQ(Masked("It is GPT-4. Yes"), (Texts{"it", "is", "<BRAND>", ".", "yes"}));
  EXPECT_EQ(Masked("claude in 2023"), (Texts{"<BRAND>", "in", "<Y4>"}));
  EXPECT_EQ(Masked("claude - a model"), (Texts{"<BRAND>", "-", "a", "model"}));
}

TEST(BrandMasker, MergesNeighbours) {
  EXPECT_EQ(Masked("OpenAI GPT-4"), (Texts{"<BRAND>"}));
  EXPECT_EQ(Masked("meta llama 2 claude"), (Texts{"<BRAND>"}));
  EXPECT_EQ(Masked("claude, gemini"), (Texts{"<BRAND>", ",", "<BRAND>"}));
}

TEST(BrandMasker, LeavesLongerWordsAlone) {
  for (const std::string_view word : {"metal", "yield", "claudette", "geminis", "llamas", "xai", "opens", "\u767e"}) {
    EXPECT_EQ(Masked(word), Texts{std::string(word)});
  }
  EXPECT_EQ(Masked("x a i"), (Texts{"x", "a", "i"}));
}

TEST(BrandMasker, SurvivesNamesWithoutTokens) {
  const std::vector<std::string> names = {"", " ", "\u200B", "claude", "claude", "CLAUDE"};
  EXPECT_EQ(TextsOf("claude x", names), (Texts{"<BRAND>", "x"}));
}

std::vector<std::string> ShippedNames() {
  std::ifstream file(STEMMA_SOURCE_DIR "/data/brands.txt");
  std::stringstream text;
  text << file.rdbuf();
  return ParseBrandNames(text.str());
}

std::string Replace(std::string text, std::string_view part, std::string_view by) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + by.size())) {
    text.replace(at, part.size(), by);
  }
  return text;
}

// The point of masking: which maker a text names can never be evidence, for any two names of the shipped list.
TEST(BrandMasker, MakesAllShippedNamesAlike) {
  const std::vector<std::string> names = ShippedNames();
  ASSERT_GT(names.size(), 100U);
  const Tokenizer tokenizer(names);
  TokenStream stream;
  const auto tokens = [&](const std::string& text) {
    tokenizer.Tokenize(text, stream);
    Texts texts;
    for (const Token& token : stream.tokens()) texts.emplace_back(token.text);
    return texts;
  };
  const std::string text = "I am @, trained by a team. (@) **@**\n- @: a model\n\nWas it \"@\"? @-2 and @ 4.1 differ.";
  const std::string possessive = "It is @'s model.";
  for (const std::string& name : names) {
    const bool latin = std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    EXPECT_EQ(tokens(Replace(text, "@", name)), tokens(Replace(text, "@", "claude"))) << name;
    EXPECT_EQ(tokens(Replace(text, "@", Replace(name, " ", "-"))), tokens(Replace(text, "@", "claude"))) << name;
    if (!latin) continue;  // other scripts have no possessive
    EXPECT_EQ(tokens(Replace(possessive, "@", name)), tokens(Replace(possessive, "@", "claude"))) << name;
  }
  EXPECT_EQ(tokens("I am claude"), (Texts{"i", "am", "<BRAND>"}));
}

}  // namespace
}  // namespace stemma
