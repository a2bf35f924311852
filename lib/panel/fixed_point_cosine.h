// Cosines of two models at one prompt, in the fixed point of PairSum.
#ifndef STEMMA_LIB_PANEL_FIXED_POINT_COSINE_H_
#define STEMMA_LIB_PANEL_FIXED_POINT_COSINE_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "stemma/pair_sum.h"

namespace stemma::panel {

// Halves go away from zero, as by std::llround, which is a call for each of some million cosines.
inline std::int64_t FixedPoint(double cosine) {
  return static_cast<std::int64_t>(cosine * PairSum::kOne + (cosine < 0 ? -0.5 : 0.5));
}

// Of n-grams. Zero where one has no n-gram in the sample: such an answer is too short to share one that is.
inline std::int64_t FixedPointCosine(std::uint64_t inner, std::uint64_t squared_norm_a, std::uint64_t squared_norm_b) {
  if (inner == 0) return 0;
  const double norms = std::sqrt(static_cast<double>(squared_norm_a) * static_cast<double>(squared_norm_b));
  return FixedPoint(std::min(1.0, static_cast<double>(inner) / norms));
}

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_FIXED_POINT_COSINE_H_
