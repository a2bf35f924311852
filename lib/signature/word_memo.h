// The tokens of words, kept for when they come again: a text repeats a few thousand words.
//
// Shape: a direct-mapped cache of short words that fall into few pieces; a word drives out another with the same place.
// Others are made anew each time.
// Determinism: words are compared, not their hashes: what is found is what the vocabulary gives.
#ifndef STEMMA_LIB_SIGNATURE_WORD_MEMO_H_
#define STEMMA_LIB_SIGNATURE_WORD_MEMO_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "lib/text/wordpiece.h"
#include "stemma/hash.h"

namespace stemma::signature {

class WordMemo {
 public:
  explicit WordMemo(const text::WordPiece& wordpiece) : wordpiece_(wordpiece), entries_(kEntries) {}

  // The word's tokens, valid until the next call.
  std::span<const std::uint32_t> Find(std::string_view word) {
    if (word.size() > kMostBytes) return Make(word);
    Word padded = {};
    std::memcpy(padded.data(), word.data(), word.size());
    Entry& entry = entries_[Place(padded)];
    if (entry.bytes == word.size() && AreEqual(entry.word, padded)) return std::span(entry.tokens).first(entry.size);
    const std::span<const std::uint32_t> tokens = Make(word);
    if (tokens.size() <= kMostTokens) {
      entry.word = padded;
      entry.bytes = word.size();
      entry.size = tokens.size();
      std::ranges::copy(tokens, entry.tokens.begin());
    }
    return tokens;
  }

 private:
  static constexpr std::size_t kEntries = 16384;  // some 800 kB: larger than what a text uses, smaller than the cache
  static constexpr std::size_t kMostTokens = 4;

  using Word = std::array<std::uint64_t, 3>;  // zeros behind it
  static constexpr std::size_t kMostBytes = sizeof(Word);

  struct Entry {
    Word word = {};
    std::size_t bytes = 0;  // of the word; 0 in an entry that holds none
    std::size_t size = 0;
    std::array<std::uint32_t, kMostTokens> tokens = {};
  };

  // Without the call that comparing arrays is compiled to.
  static bool AreEqual(const Word& a, const Word& b) {
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2])) == 0;
  }

  static std::size_t Place(const Word& word) {
    return static_cast<std::size_t>(Mix64(word[0] + 3 * word[1] + 5 * word[2]) % kEntries);
  }

  std::span<const std::uint32_t> Make(std::string_view word) {
    made_.clear();
    wordpiece_.Pieces(word, made_);
    return made_;
  }

  const text::WordPiece& wordpiece_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> made_;
};

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_WORD_MEMO_H_
