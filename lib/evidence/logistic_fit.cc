#include "lib/evidence/logistic_fit.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"

namespace stemma::evidence {
namespace {

constexpr int kMaxSteps = 200;
constexpr int kMaxHalvings = 40;
// In units of the standardised line. The limit keeps the first steps where the loss is curved, and grows with the line,
// which may have to be steep where few scores lie far from the rest. Newton's method squares the error, so a step below
// the tolerance leaves less than rounding does.
constexpr double kLongestStep = 4;
constexpr double kTolerance = 1e-10;

struct Scale {
  double mean;
  double deviation;
};

// ln(1 + e^x)
double SoftPlus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }

// Weights such that each class has the sum `total`.
void Balance(double total, std::vector<ValueWeights>& values) {
  const ClassWeights sums = TotalWeights(values);
  for (ValueWeights& at : values) {
    at.h1 *= total / sums.h1;
    at.h2 *= total / sums.h2;
  }
}

Scale Standardise(std::vector<ValueWeights>& values) {
  base::FixedOrderSum weight, mean, variance;
  for (const ValueWeights& at : values) {
    weight.Add(at.h1 + at.h2);
    mean.Add((at.h1 + at.h2) * at.value);
  }
  const double centre = mean.value() / weight.value();
  for (const ValueWeights& at : values) variance.Add((at.h1 + at.h2) * (at.value - centre) * (at.value - centre));
  const Scale scale = {centre, std::sqrt(variance.value() / weight.value())};
  for (ValueWeights& at : values) at.value = (at.value - scale.mean) / scale.deviation;
  return scale;
}

double Loss(const std::vector<ValueWeights>& values, const Line& line, double l2) {
  base::FixedOrderSum loss;
  loss.Add(l2 / 2 * line.slope * line.slope);
  for (const ValueWeights& at : values) {
    loss.Add(at.h1 * SoftPlus(-line.At(at.value)));
    loss.Add(at.h2 * SoftPlus(line.At(at.value)));
  }
  return loss.value();
}

// From `line` to the least value of the quadratic that touches the loss there, NaN where that has none.
Line NewtonStep(const std::vector<ValueWeights>& values, const Line& line, double l2) {
  base::FixedOrderSum by_slope, by_intercept, slope_slope, slope_intercept, intercept_intercept;
  by_slope.Add(-l2 * line.slope);
  slope_slope.Add(l2);
  for (const ValueWeights& at : values) {
    const double z = at.value;
    const double p1 = 1 / (1 + std::exp(-line.At(z)));
    const double p2 = 1 / (1 + std::exp(line.At(z)));
    const double pull = at.h1 * p2 - at.h2 * p1;
    const double curvature = (at.h1 + at.h2) * p1 * p2;
    by_slope.Add(pull * z);
    by_intercept.Add(pull);
    slope_slope.Add(curvature * z * z);
    slope_intercept.Add(curvature * z);
    intercept_intercept.Add(curvature);
  }
  const double determinant =
      slope_slope.value() * intercept_intercept.value() - slope_intercept.value() * slope_intercept.value();
  return {
      (by_slope.value() * intercept_intercept.value() - by_intercept.value() * slope_intercept.value()) / determinant,
      (by_intercept.value() * slope_slope.value() - by_slope.value() * slope_intercept.value()) / determinant};
}

absl::StatusOr<Line> Minimise(const std::vector<ValueWeights>& values, double l2) {
  Line line;
  for (int k = 0; k < kMaxSteps; ++k) {
    const Line step = NewtonStep(values, line, l2);
    const double length = std::max(std::fabs(step.slope), std::fabs(step.intercept));
    if (!std::isfinite(length)) break;
    const double size = std::max(std::fabs(line.slope), std::fabs(line.intercept));
    double share = std::min(1.0, kLongestStep * (1 + size) / std::max(length, kTolerance));
    const auto moved = [&] { return Line{line.slope + share * step.slope, line.intercept + share * step.intercept}; };
    if (length < kTolerance) return moved();
    // Rounding may lift the loss where it is level; a step that does no more is taken.
    const double most = Loss(values, line, l2) * (1 + 1e-12);
    for (int halving = 0; halving < kMaxHalvings && !(Loss(values, moved(), l2) <= most); ++halving) share /= 2;
    line = moved();
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "the logistic regression did not settle within %d steps at l2 %g: a larger l2 is needed", kMaxSteps, l2));
}

// The slope at which the loss falls when the line leaves LR 1, which the loss's convexity makes the sign of the best
// one.
bool Rises(const std::vector<ValueWeights>& values) {
  base::FixedOrderSum lead;
  for (const ValueWeights& at : values) lead.Add((at.h1 - at.h2) * at.value);
  return lead.value() > 0;
}

// Whether some score of H2 lies above one of H1: else no finite rising slope fits best.
bool Overlap(const std::vector<ValueWeights>& values) {
  const auto first_h1 = std::ranges::find_if(values, [](const ValueWeights& at) { return at.h1 > 0; });
  const auto last_h2 = std::find_if(values.rbegin(), values.rend(), [](const ValueWeights& at) { return at.h2 > 0; });
  return last_h2->value > first_h1->value;
}

}  // namespace

absl::StatusOr<Line> FitLogistic(std::vector<ValueWeights> values, double class_weight, double l2) {
  Balance(class_weight, values);
  const Scale scale = Standardise(values);
  if (!(scale.deviation > 0) || !std::isfinite(scale.deviation)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the scores' standard deviation must be positive and finite, got %g", scale.deviation));
  }
  // With the slope held at 0, classes of equal weight fit best at LR 1.
  if (!Rises(values)) return Line{};
  if (l2 == 0 && !Overlap(values)) {
    return absl::InvalidArgumentError("l2 must be positive where no score of H2 lies above one of H1, got 0");
  }
  STEMMA_ASSIGN_OR_RETURN(const Line line, Minimise(values, l2));
  const double slope = line.slope / scale.deviation;
  return Line{slope, line.intercept - slope * scale.mean};
}

}  // namespace stemma::evidence
