#include "lib/score/fusion.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace stemma::score {
namespace {

bool IsZero(const PanelStyle::Point& point) {
  return std::ranges::all_of(point, [](double value) { return value == 0; });
}

}  // namespace

double StyleSimilarity(const PanelStyle::Point& a, const PanelStyle::Point& b) {
  return IsZero(a) || IsZero(b) ? std::numeric_limits<double>::quiet_NaN() : InnerProduct(a, b);
}

std::vector<double> Fused(std::span<const double> ngrams, std::span<const double> style) {
  std::vector<double> fused(ngrams.begin(), ngrams.end());
  for (std::size_t m = 0; m < style.size(); ++m) {
    if (std::isfinite(style[m])) fused[m] = (fused[m] + style[m]) / 2;
  }
  return fused;
}

}  // namespace stemma::score
