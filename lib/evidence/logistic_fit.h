// Logistic regression on one score, classes balanced, the slope penalised and never negative.
//
// Units: natural logarithms of likelihood ratios.
// Errors: kInvalidArgument for scores that double cannot standardise, and where no finite slope fits best.
// Determinism: Newton's method from LR 1, on sums in the order of the values.
// Source: Brümmer and du Preez 2006, "Application-independent evaluation of speaker detection".
#ifndef STEMMA_LIB_EVIDENCE_LOGISTIC_FIT_H_
#define STEMMA_LIB_EVIDENCE_LOGISTIC_FIT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "lib/evidence/ordered_values.h"

namespace stemma::evidence {

struct Line {
  double slope = 0;
  double intercept = 0;

  double At(double value) const { return slope * value + intercept; }
};

// Each class's weights are scaled to the sum `class_weight`; `l2` / 2 slope^2, in standard deviations of all scores, is
// added to the loss. Preconditions: `values` are as `OrderValues` makes them, with both classes; `l2` >= 0.
absl::StatusOr<Line> FitLogistic(std::vector<ValueWeights> values, double class_weight, double l2);

}  // namespace stemma::evidence

#endif  // STEMMA_LIB_EVIDENCE_LOGISTIC_FIT_H_
