// Sorted values with the number of samples that hold each, as they stand in files: gaps as varints, each followed by
// its count where there are several samples.
//
// Errors: `Unpack` returns false for bytes that no set packs to.
#ifndef STEMMA_LIB_SIGNATURE_PACKED_SET_H_
#define STEMMA_LIB_SIGNATURE_PACKED_SET_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/byte_io.h"

namespace stemma::signature {

class SetPacker {
 public:
  // Replaces the contents of `out`. At most `values` values may be added, sorted, each once and below 2^28.
  SetPacker(std::size_t values, bool with_counts, std::string& out) : out_(out), with_counts_(with_counts) {
    out_.resize(values * (base::kLongestShortVarint + (with_counts ? kLongestCount : 0)));
    to_ = out_.data();
  }
  ~SetPacker() { out_.resize(static_cast<std::size_t>(to_ - out_.data())); }
  SetPacker(const SetPacker&) = delete;
  SetPacker& operator=(const SetPacker&) = delete;

  void Add(std::uint32_t value, std::uint32_t samples) {
    to_ += base::WriteShortVarint(value - previous_, to_);
    previous_ = value;
    if (!with_counts_) return;
    for (; samples >= 0x80; samples >>= 7) *to_++ = static_cast<char>(samples | 0x80U);
    *to_++ = static_cast<char>(samples);
  }

 private:
  static constexpr std::size_t kLongestCount = 5;

  std::string& out_;
  char* to_ = nullptr;
  bool with_counts_;
  std::uint32_t previous_ = 0;
};

// Replaces the contents of `out` by sorted counts.
template <typename Count, typename Value>
void PackCounts(std::span<const Count> counts, Value Count::*value, bool with_counts, std::string& out) {
  SetPacker packer(counts.size(), with_counts, out);
  for (const Count& count : counts) packer.Add(count.*value, count.samples);
}

// The same of the sorted values of all samples together.
template <typename Value>
void PackValues(std::span<const Value> values, bool with_counts, std::string& out) {
  SetPacker packer(values.size(), with_counts, out);
  for (std::size_t k = 0; k < values.size();) {
    const std::size_t first = k++;
    while (k < values.size() && values[k] == values[first]) ++k;
    packer.Add(values[first], static_cast<std::uint32_t>(k - first));
  }
}

// Replaces the contents of `out`. Every value must be below `limit`.
template <typename Count, typename Value>
bool Unpack(std::string_view bytes, Value Count::*value, std::uint64_t limit, std::uint32_t samples,
            std::vector<Count>& out) {
  out.clear();
  base::ByteReader reader(bytes);
  std::uint64_t sum = 0;
  while (!reader.done()) {
    std::uint64_t gap = 0;
    std::uint64_t count = 1;
    if (!reader.ReadVarint(gap) || (samples > 1 && !reader.ReadVarint(count))) return false;
    const bool repeats = gap == 0 && !out.empty();
    if (repeats || gap >= limit || (sum += gap) >= limit || count == 0 || count > samples) return false;
    Count& added = out.emplace_back();
    added.*value = static_cast<Value>(sum);
    added.samples = static_cast<std::uint32_t>(count);
  }
  return true;
}

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_PACKED_SET_H_
