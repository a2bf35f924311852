// What an n-gram is worth to a cosine: its squared weight, in the fixed point of panel files.
#ifndef STEMMA_LIB_PANEL_GRAM_VALUES_H_
#define STEMMA_LIB_PANEL_GRAM_VALUES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace stemma::panel {

// By document frequency, 0 to `entries` - 1, among so many groups. A weight is taken relative to the largest, ln(G +
// 1).
inline std::vector<std::uint32_t> GramValues(std::size_t counted_groups, std::size_t entries) {
  constexpr double kLargestValue = 4095;
  const double most = std::log(static_cast<double>(counted_groups + 1));
  std::vector<std::uint32_t> values;
  for (std::size_t df = 0; df < entries; ++df) {
    const double weight =
        df > counted_groups ? 0 : 1 - std::log(static_cast<double>(std::max<std::size_t>(1, df))) / most;
    values.push_back(static_cast<std::uint32_t>(std::lround(weight * weight * kLargestValue)));
  }
  return values;
}

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_GRAM_VALUES_H_
