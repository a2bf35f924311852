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

#include "stemma/tokenizer.h"

namespace stemma {

class MaskList {
 public:
  // `words`: `Token::hash` of each word that stays.
  explicit MaskList(std::span<const std::uint64_t> words);

  std::uint64_t Symbol(const Token& token) const;

  // Replaces the contents of `out` by one symbol a token.
  void Apply(std::span<const Token> tokens, std::vector<std::uint64_t>& out) const;

 private:
  bool Keeps(std::uint64_t word) const {
    const std::uint64_t last = slots_.size() - 1;
    for (std::uint64_t at = word & last; slots_[at] != unused_; at = (at + 1) & last) {
      if (slots_[at] == word) return true;
    }
    return false;
  }

  // Open addressing: a hash needs no second hashing to find its slot. The number of slots is a power of two.
  std::vector<std::uint64_t> slots_;
  std::uint64_t unused_ = 0;  // what a free slot holds; none of the words
};

// Letters, marks and apostrophes only: the words that a mask list may keep.
bool IsAlphabetic(const Token& token);

}  // namespace stemma

#endif  // STEMMA_MASK_H_
