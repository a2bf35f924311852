#include "stemma/calibration.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "lib/evidence/logistic_fit.h"
#include "lib/evidence/ordered_values.h"
#include "lib/evidence/pav.h"

namespace stemma {
namespace {

using evidence::ValueWeights;

// The scores by value, where they are fit to learn from.
absl::StatusOr<std::vector<ValueWeights>> OrderScores(const LabelledSample& scores) {
  STEMMA_RETURN_IF_ERROR(evidence::CheckSample(scores, evidence::Infinities::kRefused));
  std::vector<ValueWeights> values = evidence::OrderValues(scores);
  if (values.size() == 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("a calibration needs scores that differ, got %g alone", values[0].value));
  }
  return values;
}

// (Sum of weights)^2 / (sum of squared weights), in an order that the sample's does not decide.
double EffectiveCount(const Sample& sample) {
  std::vector<double> weights(sample.size());
  for (std::size_t k = 0; k < sample.size(); ++k) weights[k] = sample.weight(k);
  std::ranges::sort(weights);
  const double total = base::Sum(weights);
  base::FixedOrderSum squared_shares;
  for (const double weight : weights) squared_shares.Add((weight / total) * (weight / total));
  return 1 / squared_shares.value();
}

// Puts `count` values of H1 before all, of H2 behind all. They bear the outermost scores, which they always pool with.
void AddMisleading(double count, const LabelledSample& scores, std::vector<ValueWeights>& values) {
  const evidence::ClassWeights total = evidence::TotalWeights(values);
  const ValueWeights below = {values.front().value, count * total.h1 / evidence::CountWeighted(scores.h1), 0};
  const ValueWeights above = {values.back().value, 0, count * total.h2 / evidence::CountWeighted(scores.h2)};
  values.insert(values.begin(), below);
  values.push_back(above);
}

}  // namespace

absl::StatusOr<LogisticCalibration> LogisticCalibration::Fit(const LabelledSample& scores,
                                                             const LogisticOptions& options) {
  if (!(options.l2 >= 0) || std::isinf(options.l2)) {
    return absl::InvalidArgumentError(absl::StrFormat("l2 must be finite and not negative, got %g", options.l2));
  }
  STEMMA_ASSIGN_OR_RETURN(std::vector<ValueWeights> values, OrderScores(scores));
  const double count = evidence::CountWeighted(scores.h1) + evidence::CountWeighted(scores.h2);
  STEMMA_ASSIGN_OR_RETURN(const evidence::Line line, evidence::FitLogistic(std::move(values), count / 2, options.l2));
  return FromCoefficients(line.slope * std::numbers::log10e, line.intercept * std::numbers::log10e);
}

absl::StatusOr<LogisticCalibration> LogisticCalibration::FromCoefficients(double slope, double intercept) {
  if (!(slope >= 0) || !std::isfinite(slope) || !std::isfinite(intercept)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "slope and intercept must be finite and the slope not negative, got %g and %g", slope, intercept));
  }
  return LogisticCalibration(slope, intercept);
}

double LogisticCalibration::LlrLog10(double score) const {
  // A level line holds at infinity, too.
  if (slope_ == 0 && !std::isnan(score)) return intercept_;
  return slope_ * score + intercept_;
}

absl::StatusOr<PavCalibration> PavCalibration::Fit(const LabelledSample& scores, const PavOptions& options) {
  STEMMA_ASSIGN_OR_RETURN(std::vector<ValueWeights> values, OrderScores(scores));
  if (options.add_misleading > 0) AddMisleading(static_cast<double>(options.add_misleading), scores, values);
  std::vector<PavStep> steps;
  for (const evidence::PavBlock& block : evidence::PoolLikelihoods(values)) {
    steps.push_back({values[block.begin].value, values[block.end - 1].value, block.llr_log10});
  }
  return PavCalibration(std::move(steps));
}

double PavCalibration::LlrLog10(double score) const {
  if (std::isnan(score)) return std::numeric_limits<double>::quiet_NaN();
  const auto next = std::ranges::lower_bound(steps_, score, {}, &PavStep::to_score);
  if (next == steps_.end()) return steps_.back().llr_log10;
  if (next == steps_.begin() || score >= next->from_score) return next->llr_log10;
  return std::clamp(0.0, std::prev(next)->llr_log10, next->llr_log10);
}

absl::StatusOr<KernelCalibration> KernelCalibration::Fit(const LabelledSample& scores) {
  STEMMA_RETURN_IF_ERROR(OrderScores(scores).status());
  STEMMA_ASSIGN_OR_RETURN(Density h1, FitDensity(scores.h1, "H1"));
  STEMMA_ASSIGN_OR_RETURN(Density h2, FitDensity(scores.h2, "H2"));
  return KernelCalibration(std::move(h1), std::move(h2));
}

absl::StatusOr<KernelCalibration::Density> KernelCalibration::FitDensity(const Sample& sample, const char* name) {
  const std::vector<evidence::ValueWeights> values = evidence::OrderValues({.h1 = sample, .h2 = {}});
  const double total = evidence::TotalWeights(values).h1;
  Density density;
  base::FixedOrderSum mean, variance;
  for (const evidence::ValueWeights& at : values) {
    density.centres.push_back(at.value);
    density.shares.push_back(at.h1 / total);
    mean.Add(density.shares.back() * at.value);
  }
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double distance = density.centres[k] - mean.value();
    variance.Add(density.shares[k] * distance * distance);
  }
  density.bandwidth = std::sqrt(variance.value()) * std::pow(4.0 / 3 / EffectiveCount(sample), 0.2);
  if (values.size() == 1 || !(density.bandwidth > 0) || !std::isfinite(density.bandwidth)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the scores of %s must differ by what double can tell and hold, got %d values from %g to %g",
                        name, sample.size(), values.front().value, values.back().value));
  }
  return density;
}

double KernelCalibration::Density::Log(double score) const {
  // Relative to the nearest kernel, so that far from all centres not every term is 0.
  double nearest = std::numeric_limits<double>::infinity();
  for (const double centre : centres) nearest = std::min(nearest, std::fabs(score - centre) / bandwidth);
  base::FixedOrderSum sum;
  for (std::size_t k = 0; k < centres.size(); ++k) {
    const double distance = std::fabs(score - centres[k]) / bandwidth;
    sum.Add(shares[k] * std::exp(-0.5 * (distance - nearest) * (distance + nearest)));
  }
  return std::log(sum.value()) - 0.5 * nearest * nearest - std::log(bandwidth);
}

double KernelCalibration::LlrLog10(double score) const {
  return (h1_.Log(score) - h2_.Log(score)) * std::numbers::log10e;
}

}  // namespace stemma
