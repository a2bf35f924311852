// Sets of hashes: sorted, each once.
//
// Complexity: linear where values are spread evenly, as hashes are; else that of a comparison sort.
// Source: Amble and Knuth 1974, "Ordered hash tables", with a hash that keeps the order (the leading bits), so that the
// table itself comes out sorted.
#ifndef STEMMA_LIB_SIGNATURE_SORTED_SET_H_
#define STEMMA_LIB_SIGNATURE_SORTED_SET_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace stemma::signature {

// Reused from call to call for its table.
class SetSorter {
 public:
  static constexpr unsigned kValueBits = 24;

  // Sorts the values and leaves one of each. Precondition: every value is below 2^`kValueBits`.
  void SortUnique(std::vector<std::uint32_t>& values) {
    if (values.size() < kFewestForTable || !InsertAll(values)) return SortByComparing(values);
    // Where the free slots lie, no processor foresees: needless stores cost less than branches.
    std::size_t kept = 0;
    for (std::size_t slot = 0; kept < distinct_; ++slot) {
      values[kept] = table_[slot];
      kept += table_[slot] != kFree ? 1 : 0;
    }
    values.resize(distinct_);
  }

 private:
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};  // greater than any value
  static constexpr std::size_t kFewestForTable = 16;         // below, comparing is as fast
  static constexpr std::size_t kMostValues = std::size_t{1} << (kValueBits - 1);
  static constexpr std::size_t kMostStepsPerValue = 8;  // evenly spread values take about one

  static void SortByComparing(std::vector<std::uint32_t>& values) {
    std::ranges::sort(values);
    const auto repeated = std::ranges::unique(values);
    values.erase(repeated.begin(), repeated.end());
  }

  // Returns false where the values are too many or too crowded to gain from a table.
  bool InsertAll(std::span<const std::uint32_t> values) {
    if (values.size() > kMostValues) return false;
    const auto table_bits = static_cast<unsigned>(std::bit_width(2 * values.size() - 1));
    // Those that find their slot taken go behind, at the end behind the last slot.
    table_.assign((std::size_t{1} << table_bits) + values.size() + 1, kFree);
    distinct_ = 0;
    std::size_t steps = 0;
    for (const std::uint32_t value : values) {
      steps += Insert(value, value >> (kValueBits - table_bits));
      if (steps > kMostStepsPerValue * values.size()) return false;
    }
    return true;
  }

  // Returns how many taken slots it passed over.
  std::size_t Insert(std::uint32_t value, std::size_t slot) {
    const std::size_t first = slot;
    while (table_[slot] < value) ++slot;
    if (table_[slot] == value) return slot - first;
    ++distinct_;
    while (table_[slot] != kFree) std::swap(table_[slot++], value);
    table_[slot] = value;
    return slot - first;
  }

  std::vector<std::uint32_t> table_;
  std::size_t distinct_ = 0;  // values in the table
};

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_SORTED_SET_H_
