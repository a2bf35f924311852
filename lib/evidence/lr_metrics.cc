#include "stemma/lr_metrics.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "lib/evidence/ordered_values.h"
#include "lib/evidence/pav.h"

namespace stemma {
namespace {

using evidence::ValueWeights;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

absl::StatusOr<std::vector<ValueWeights>> OrderLlrs(const LabelledSample& llrs) {
  STEMMA_RETURN_IF_ERROR(evidence::CheckSample(llrs, evidence::Infinities::kAllowed));
  return evidence::OrderValues(llrs);
}

std::vector<double> LlrsOf(std::span<const ValueWeights> values) {
  std::vector<double> llrs;
  for (const ValueWeights& at : values) llrs.push_back(at.value);
  return llrs;
}

// log2(1 + 10^x), without overflow.
double BitsOf(double x) {
  const double nearer = std::log1p(std::pow(10, -std::fabs(x))) * std::numbers::log2e;
  return x > 0 ? x * (std::numbers::ln10 * std::numbers::log2e) + nearer : nearer;
}

// The cross-entropy at prior log10 odds; `llrs` are one a value.
double CrossEntropy(std::span<const ValueWeights> values, std::span<const double> llrs, double prior_odds_log10) {
  base::FixedOrderSum h1, h2;
  for (std::size_t k = 0; k < values.size(); ++k) {
    // An infinite cost times no weight is no cost.
    if (values[k].h1 > 0) h1.Add(values[k].h1 * BitsOf(-(llrs[k] + prior_odds_log10)));
    if (values[k].h2 > 0) h2.Add(values[k].h2 * BitsOf(llrs[k] + prior_odds_log10));
  }
  const evidence::ClassWeights total = evidence::TotalWeights(values);
  const double prior_h1 = 1 / (1 + std::pow(10, -prior_odds_log10));
  const double prior_h2 = 1 / (1 + std::pow(10, prior_odds_log10));
  return prior_h1 * (h1.value() / total.h1) + prior_h2 * (h2.value() / total.h2);
}

double NeutralEntropy(double prior_odds_log10) {
  const double prior_h1 = 1 / (1 + std::pow(10, -prior_odds_log10));
  const double prior_h2 = 1 / (1 + std::pow(10, prior_odds_log10));
  return prior_h1 * BitsOf(-prior_odds_log10) + prior_h2 * BitsOf(prior_odds_log10);
}

// The area between the diagonal and a line whose heights above it at both ends are these.
double AreaBetween(double first, double last, double width) {
  const double sum = std::fabs(first) + std::fabs(last);
  if (first * last >= 0) return sum / 2 * width;
  // The line crosses the diagonal and leaves two triangles.
  return (first * first + last * last) / (2 * sum) * width;
}

}  // namespace

double Cllr(const LabelledSample& llrs_log10) {
  const absl::StatusOr<std::vector<ValueWeights>> values = OrderLlrs(llrs_log10);
  return values.ok() ? CrossEntropy(*values, LlrsOf(*values), 0) : kNaN;
}

double CllrMin(const LabelledSample& llrs_log10) {
  const absl::StatusOr<std::vector<ValueWeights>> values = OrderLlrs(llrs_log10);
  return values.ok() ? CrossEntropy(*values, evidence::PavLlrs(*values), 0) : kNaN;
}

double CllrCal(const LabelledSample& llrs_log10) { return Cllr(llrs_log10) - CllrMin(llrs_log10); }

absl::StatusOr<std::vector<EcePoint>> EceCurve(const LabelledSample& llrs_log10,
                                               std::span<const double> prior_odds_log10) {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<ValueWeights> values, OrderLlrs(llrs_log10));
  const std::vector<double> llrs = LlrsOf(values), pav = evidence::PavLlrs(values);
  std::vector<EcePoint> points;
  for (const double prior : prior_odds_log10) {
    if (!std::isfinite(prior)) {
      return absl::InvalidArgumentError(absl::StrFormat("prior log10 odds must be finite, got %g", prior));
    }
    points.push_back(
        {prior, CrossEntropy(values, llrs, prior), CrossEntropy(values, pav, prior), NeutralEntropy(prior)});
  }
  return points;
}

absl::StatusOr<std::vector<TippettPoint>> TippettCurve(const LabelledSample& llrs_log10) {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<ValueWeights> values, OrderLlrs(llrs_log10));
  std::vector<TippettPoint> points(values.size());
  base::FixedOrderSum h1, h2;
  for (std::size_t k = values.size(); k > 0; --k) {
    const ValueWeights& at = values[k - 1];
    h1.Add(at.h1);
    h2.Add(at.h2);
    points[k - 1] = {at.value, h1.value(), h2.value()};
  }
  for (TippettPoint& point : points) {
    point.h1_at_least /= h1.value();
    point.h2_at_least /= h2.value();
  }
  return points;
}

absl::StatusOr<std::vector<PavPoint>> PavCurve(const LabelledSample& llrs_log10) {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<ValueWeights> values, OrderLlrs(llrs_log10));
  const std::vector<double> pav = evidence::PavLlrs(values);
  std::vector<PavPoint> points;
  for (std::size_t k = 0; k < values.size(); ++k) points.push_back({values[k].value, pav[k]});
  return points;
}

absl::StatusOr<double> DevPav(const LabelledSample& llrs_log10) {
  STEMMA_ASSIGN_OR_RETURN(std::vector<PavPoint> points, PavCurve(llrs_log10));
  std::erase_if(points, [](const PavPoint& point) { return std::isinf(point.pav_llr_log10); });
  if (points.empty()) return kNaN;
  // An infinite LLR with both classes at or beyond it.
  if (std::isinf(points.front().llr_log10) || std::isinf(points.back().llr_log10)) return kInfinity;
  const auto height = [&](std::size_t k) { return points[k].pav_llr_log10 - points[k].llr_log10; };
  if (points.size() == 1) return std::fabs(height(0));
  base::FixedOrderSum area;
  for (std::size_t k = 1; k < points.size(); ++k) {
    area.Add(AreaBetween(height(k - 1), height(k), points[k].llr_log10 - points[k - 1].llr_log10));
  }
  return area.value() / (points.back().llr_log10 - points.front().llr_log10);
}

}  // namespace stemma
