// What the vocabulary makes of tokens, kept for when they come again: a text repeats a few thousand words.
//
// Shape: a direct-mapped cache; a token takes the place of another whose hash ends in the same bits.
// Determinism: symbols and traits depend on a token's text alone, so they are the same from here as anew.
#ifndef STEMMA_LIB_SIGNATURE_TOKEN_MEMO_H_
#define STEMMA_LIB_SIGNATURE_TOKEN_MEMO_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stemma/style_features.h"
#include "stemma/tokenizer.h"
#include "stemma/vocabulary.h"

namespace stemma::signature {

class TokenMemo {
 public:
  struct Entry {
    std::uint64_t token = 0;   // hash
    std::uint64_t symbol = 0;  // masked
    StyleTraits style;
  };

  explicit TokenMemo(const Vocabulary& vocabulary) : vocabulary_(vocabulary), entries_(kEntries) {
    // No token that belongs to the first place has the hash 1; the others' is not 0.
    entries_.front().token = 1;
  }

  // Valid until the next call.
  const Entry& Find(const Token& token) {
    Entry& entry = entries_[token.hash % kEntries];
    if (entry.token != token.hash) {
      entry = {token.hash, vocabulary_.fine_mask().Symbol(token), vocabulary_.style_features().TraitsOf(token)};
    }
    return entry;
  }

 private:
  static constexpr std::size_t kEntries = 4096;  // all in the second-level cache

  Vocabulary vocabulary_;
  std::vector<Entry> entries_;
};

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_TOKEN_MEMO_H_
