// Tokens to the set of masked n-grams: the inner part of signing, alone.
#ifndef STEMMA_BENCH_FINGERPRINT_H_
#define STEMMA_BENCH_FINGERPRINT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/signature/sorted_set.h"
#include "stemma/mask.h"
#include "stemma/ngram.h"
#include "stemma/signature.h"
#include "stemma/tokenizer.h"

namespace stemma::bench {

class Fingerprinter {
 public:
  explicit Fingerprinter(const MaskList& mask) : mask_(mask) {}

  // Sorted and distinct; valid until the next call.
  const std::vector<std::uint32_t>& Grams(std::span<const Token> tokens) {
    mask_.Apply(tokens, symbols_);
    grams_.resize(symbols_.size() * (kMaxGramOrder - kMinGramOrder + 1));
    std::size_t count = 0;
    ForEachNgram(symbols_, kMinGramOrder, kMaxGramOrder, [&](std::uint64_t gram) {
      grams_[count++] = static_cast<std::uint32_t>(gram >> (64 - kGramBits));
    });
    grams_.resize(count);
    sorter_.SortUnique(grams_);
    return grams_;
  }

 private:
  const MaskList& mask_;
  std::vector<std::uint64_t> symbols_;
  std::vector<std::uint32_t> grams_;
  signature::SetSorter sorter_;
};

}  // namespace stemma::bench

#endif  // STEMMA_BENCH_FINGERPRINT_H_
