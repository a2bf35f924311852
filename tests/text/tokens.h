// What a text's tokens read as.
#ifndef STEMMA_TESTS_TEXT_TOKENS_H_
#define STEMMA_TESTS_TEXT_TOKENS_H_

#include <string>
#include <string_view>
#include <vector>

#include "stemma/tokenizer.h"

namespace stemma {

using Texts = std::vector<std::string>;

inline Texts TextsOf(std::string_view text, const std::vector<std::string>& brands = {}) {
  const Tokenizer tokenizer(brands);
  TokenStream stream;
  tokenizer.Tokenize(text, stream);
  Texts texts;
  for (const Token& token : stream.tokens()) texts.emplace_back(token.text);
  return texts;
}

}  // namespace stemma

#endif  // STEMMA_TESTS_TEXT_TOKENS_H_
