// Rows of small integers, each times a weight and a count, added up exactly.
//
// Shape: sums of 32 bits, which compilers add several at a time, emptied into sums of 64 bits before they can run over.
// Determinism: integers; any order of rows gives the same sums.
// Complexity: linear in the dimensions for each row, whatever its count.
#ifndef STEMMA_LIB_SIGNATURE_WEIGHTED_ROW_SUM_H_
#define STEMMA_LIB_SIGNATURE_WEIGHTED_ROW_SUM_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stemma::signature {

class WeightedRowSum {
 public:
  static constexpr std::int64_t kMaxWeight = INT16_MAX;

  explicit WeightedRowSum(std::size_t dims) : partial_(dims), sums_(dims), taken_(dims) {}

  // Preconditions: a row of `dims` numbers; a weight of at most `kMaxWeight`.
  void Add(std::span<const std::int8_t> row, std::uint16_t weight, std::uint32_t count) {
    const std::int64_t factor = std::int64_t{weight} * count;
    if (factor > kMaxWeight) {
      for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += factor * row[k];
      return;
    }
    if (used_ + factor > kMostUsed) Empty();
    used_ += factor;
    AddShort(row.data(), static_cast<std::int16_t>(factor));
  }

  // The sums, valid until the next call; those of the rows to come begin anew.
  std::span<const std::int64_t> Take() {
    Empty();
    taken_.swap(sums_);
    std::ranges::fill(sums_, 0);
    return taken_;
  }

 private:
  // Numbers are from -128 on: factors of as much in all cannot leave 32 bits.
  static constexpr std::int64_t kMostUsed = INT32_MAX / 128;

  // A factor of 16 bits multiplies fast.
  void AddShort(const std::int8_t* row, std::int16_t factor) {
    std::int32_t* const to = partial_.data();
    const std::size_t dims = partial_.size();
    for (std::size_t k = 0; k < dims; ++k) to[k] += std::int16_t{row[k]} * factor;
  }

  void Empty() {
    for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += partial_[k];
    std::ranges::fill(partial_, 0);
    used_ = 0;
  }

  std::vector<std::int32_t> partial_;
  std::vector<std::int64_t> sums_;
  std::vector<std::int64_t> taken_;
  std::int64_t used_ = 0;  // factors in `partial_`
};

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_WEIGHTED_ROW_SUM_H_
