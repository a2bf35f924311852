#include "stemma/discrimination.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "lib/evidence/normal.h"
#include "lib/evidence/ordered_values.h"
#include "lib/evidence/pav.h"

namespace stemma {
namespace {

using evidence::ClassWeights;
using evidence::ValueWeights;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

absl::StatusOr<std::vector<ValueWeights>> OrderScores(const LabelledSample& scores) {
  STEMMA_RETURN_IF_ERROR(evidence::CheckSample(scores, evidence::Infinities::kAllowed));
  return evidence::OrderValues(scores);
}

// Rates of error at one threshold.
struct Errors {
  double threshold;
  double false_alarm;
  double miss;
  double hit;
};

// At each distinct score, ascending, and above all. Each rate is a sum of its own over a total made in the same order:
// no rounding is left where a rate is 0 or 1.
std::vector<Errors> ErrorsByThreshold(std::span<const ValueWeights> values) {
  std::vector<Errors> errors(values.size() + 1);
  errors.back() = {std::numeric_limits<double>::infinity(), 0, 1, 0};
  base::FixedOrderSum missed, accepted_h1, accepted_h2;
  for (std::size_t k = 0; k < values.size(); ++k) {
    errors[k].threshold = values[k].value;
    errors[k].miss = missed.value();
    missed.Add(values[k].h1);
  }
  for (std::size_t k = values.size(); k > 0; --k) {
    accepted_h1.Add(values[k - 1].h1);
    accepted_h2.Add(values[k - 1].h2);
    errors[k - 1].hit = accepted_h1.value();
    errors[k - 1].false_alarm = accepted_h2.value();
  }
  for (std::size_t k = 0; k < values.size(); ++k) {
    errors[k].miss /= missed.value();
    errors[k].hit /= accepted_h1.value();
    errors[k].false_alarm /= accepted_h2.value();
  }
  return errors;
}

// The values of each block as one: its borders are the corners of the ROC's convex hull.
std::vector<ValueWeights> HullCorners(std::span<const ValueWeights> values) {
  std::vector<ValueWeights> corners;
  for (const evidence::PavBlock& block : evidence::PoolLikelihoods(values)) {
    corners.push_back({values[block.begin].value, block.h1, block.h2});
  }
  return corners;
}

// Where the line between two points of the ROC has equal errors.
double EqualErrors(const Errors& before, const Errors& after) {
  const double lead_before = before.false_alarm - before.miss;
  const double lead_after = after.miss - after.false_alarm;
  return before.miss + (after.miss - before.miss) * (lead_before / (lead_before + lead_after));
}

}  // namespace

double Auc(const LabelledSample& scores) {
  const absl::StatusOr<std::vector<ValueWeights>> values = OrderScores(scores);
  if (!values.ok()) return kNaN;
  base::FixedOrderSum h2_below, pairs;
  for (const ValueWeights& at : *values) {
    pairs.Add(at.h1 * (h2_below.value() + at.h2 / 2));
    h2_below.Add(at.h2);
  }
  const ClassWeights total = evidence::TotalWeights(*values);
  // Rounding must not make it more than certain.
  return std::min(pairs.value() / total.h1 / total.h2, 1.0);
}

double Eer(const LabelledSample& scores) {
  const absl::StatusOr<std::vector<ValueWeights>> values = OrderScores(scores);
  if (!values.ok()) return kNaN;
  const std::vector<Errors> errors = ErrorsByThreshold(HullCorners(*values));
  // Misses rise from 0 to 1 while false alarms fall from 1 to 0, so they meet.
  std::size_t k = 1;
  while (errors[k].miss < errors[k].false_alarm) ++k;
  return EqualErrors(errors[k - 1], errors[k]);
}

absl::StatusOr<std::vector<RocPoint>> RocCurve(const LabelledSample& scores) {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<ValueWeights> values, OrderScores(scores));
  std::vector<RocPoint> points;
  for (const Errors& at : ErrorsByThreshold(values)) points.push_back({at.threshold, at.false_alarm, at.hit});
  return points;
}

absl::StatusOr<std::vector<DetPoint>> DetCurve(const LabelledSample& scores) {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<ValueWeights> values, OrderScores(scores));
  std::vector<DetPoint> points;
  for (const Errors& at : ErrorsByThreshold(values)) {
    points.push_back({at.threshold, evidence::NormalQuantile(at.false_alarm), evidence::NormalQuantile(at.miss)});
  }
  return points;
}

}  // namespace stemma
