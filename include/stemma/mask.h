// Masking: content words become word classes, so that what is compared is how a model writes, not about what.
//
// Of the tokens, the list's words, symbols and markers stay; others become "D" (begins with a digit), "S" + suffix
// (the first of a fixed list of English suffixes that fits), "W" (longer than four code points) or "w".
// Units: a symbol is the 64-bit hash of the token or of its class.
// Source: Stamatatos 2018, "Masking topic-related information to enhance
// authorship attribution" (section 3, distorted views); the suffix classes are this project's.
#ifndef STEMMA_MASK_H_
#define STEMMA_MASK_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "stemma/tokenizer.h"

namespace stemma {

class MaskList {
 public:
  // `words`: `Token::hash` of each word that stays.
  explicit MaskList(std::span<const std::uint64_t> words) : kept_(words.begin(), words.end()) {}

  std::uint64_t Symbol(const Token& token) const;

  // Replaces the contents of `out` by one symbol a token.
  void Apply(std::span<const Token> tokens, std::vector<std::uint64_t>& out) const;

 private:
  absl::flat_hash_set<std::uint64_t> kept_;
};

// Letters, marks and apostrophes only: the words that a mask list may keep.
bool IsAlphabetic(const Token& token);

}  // namespace stemma

#endif  // STEMMA_MASK_H_
