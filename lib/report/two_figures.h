// A likelihood ratio as a numeral with two significant figures.
#ifndef STEMMA_LIB_REPORT_TWO_FIGURES_H_
#define STEMMA_LIB_REPORT_TWO_FIGURES_H_

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_format.h"

namespace stemma::report {

// What no number of comparisons could carry is told by its order alone.
inline bool IsToldByOrder(double llr_log10) { return std::abs(llr_log10) > 6; }

// "0.031", "4.2", "120". Precondition: finite, and not told by its order.
inline std::string TwoFigures(double llr_log10) {
  const int exponent = static_cast<int>(std::floor(llr_log10));
  const double unit = std::pow(10, exponent - 1);
  const double rounded = std::round(std::pow(10, llr_log10) / unit) * unit;
  return absl::StrFormat("%.*f", std::max(0, 1 - exponent), rounded);
}

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_TWO_FIGURES_H_
