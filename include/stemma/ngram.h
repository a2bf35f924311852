// Contiguous n-grams of a symbol sequence, as 64-bit hashes.
//
// Header-only, so that the caller's sink inlines into the loop.
// Units: a symbol is a 64-bit hash of a token after masking; `order` counts symbols.
// Determinism: integers only.
// Complexity: one multiply-mix for each n-gram; no allocation.
// Source: Cavnar and Trenkle 1994 (n-gram profiles), on masked tokens; the hash extends its own prefix.
#ifndef STEMMA_NGRAM_H_
#define STEMMA_NGRAM_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "stemma/hash.h"

namespace stemma {

// The hash of the n-gram that `prefix` (an n-gram's hash, or a first symbol) becomes with one symbol more.
constexpr std::uint64_t ExtendNgram(std::uint64_t prefix, std::uint64_t symbol) {
  return Mix64(prefix * 0x9e3779b97f4a7c15ULL + symbol);
}

// Calls `sink(hash)` for each n-gram with min_order <= n <= max_order, by position, then by order.
// Precondition: 1 <= min_order <= max_order.
template <typename Sink>
void ForEachNgram(std::span<const std::uint64_t> symbols, std::size_t min_order, std::size_t max_order, Sink&& sink) {
  const auto from = [&](std::size_t start, std::size_t longest) {
    std::uint64_t hash = symbols[start];
    if (min_order == 1) sink(hash);
    for (std::size_t order = 2; order <= longest; ++order) {
      hash = ExtendNgram(hash, symbols[start + order - 1]);
      if (order >= min_order) sink(hash);
    }
  };
  std::size_t start = 0;
  for (; start + max_order <= symbols.size(); ++start) from(start, max_order);
  for (; start < symbols.size(); ++start) from(start, symbols.size() - start);
}

}  // namespace stemma

#endif  // STEMMA_NGRAM_H_
