#include "lib/report/svg/scale.h"

#include <algorithm>
#include <utility>

#include "lib/report/svg/number.h"

namespace stemma::svg {
namespace {

// mantissa * 10^exponent, kept apart so that a tick's value is one rounding away from its label.
struct Step {
  int mantissa = 1;
  int exponent = 0;

  double Times(double count) const {
    const double scaled = count * mantissa;
    return exponent < 0 ? scaled / std::pow(10, -exponent) : scaled * std::pow(10, exponent);
  }
};

Step SmallestStep(double at_least) {
  Step step;
  step.exponent = static_cast<int>(std::floor(std::log10(at_least)));
  for (const int mantissa : {1, 2, 5}) {
    step.mantissa = mantissa;
    if (step.Times(1) >= at_least * (1 - 1e-9)) return step;
  }
  return {1, step.exponent + 1};
}

// Labels of an axis have room for about ten digits; what lies farther out is drawn at the border.
Extent Drawable(Extent extent) {
  constexpr double kLargest = 1e9;
  if (extent.empty()) return {0, 1};
  extent.low = std::clamp(extent.low, -kLargest, kLargest);
  extent.high = std::clamp(extent.high, -kLargest, kLargest);
  const double magnitude = std::max(std::fabs(extent.low), std::fabs(extent.high));
  const double least = std::max(1e-9, 1e-6 * magnitude);
  if (extent.length() >= least) return extent;
  const double half = magnitude == 0 ? 0.5 : std::max(0.05 * magnitude, least);
  return {extent.low - half, extent.high + half};
}

}  // namespace

Axis LinearAxis(Extent extent, int steps, std::string title) {
  extent = Drawable(extent);
  const Step step = SmallestStep(extent.length() / steps);
  const double unit = step.Times(1);
  const double first = std::floor(extent.low / unit + 1e-9), last = std::ceil(extent.high / unit - 1e-9);
  Axis axis = {{step.Times(first), step.Times(last)}, {}, std::move(title)};
  for (double count = first; count <= last; ++count) {
    axis.ticks.push_back({step.Times(count), FixedText(step.Times(count), std::max(0, -step.exponent))});
  }
  return axis;
}

Axis PowersOfTenAxis(Extent extent_log10, int steps, std::string title) {
  constexpr double kFarthest = 12;
  extent_log10.Add(-1);
  extent_log10.Add(1);
  const int low = static_cast<int>(std::floor(std::max(extent_log10.low, -kFarthest)));
  const int high = static_cast<int>(std::ceil(std::min(extent_log10.high, kFarthest)));
  const int step = (high - low + steps - 1) / steps;
  Axis axis = {{static_cast<double>(low), static_cast<double>(high)}, {}, std::move(title)};
  // Multiples of the step, so that a likelihood ratio of 1 is always named.
  for (int power = -(-low / step) * step; power <= high; power += step) {
    axis.ticks.push_back({static_cast<double>(power), PowerOfTen(power)});
  }
  return axis;
}

}  // namespace stemma::svg
