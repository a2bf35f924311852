// What plots of an evaluation are drawn from, one class at a time.
//
// Shape: curves are of the LRs of all judged pairs, weighted as in the evaluation, pooled over references. Tippett
// plots are given of the bounded LRs, which are what an audit says, and of the unbounded ones, which show what the
// bounds take away. All others are of the unbounded LRs, as Cllr is: cross-entropy at prior odds of 1 is Cllr with the
// LRs and Cllr_min with those of PAV. The anchored ROC compares each derived pair with unrelated ones on its own
// reference only: the area under its steps is the anchored AUC, which the area under the pooled one is not.
// Errors: kInvalidArgument where a class has no pair.
// Complexity: O(n log n), for the anchored ROC O(derived x unrelated).
#ifndef STEMMA_EVALUATION_CURVES_H_
#define STEMMA_EVALUATION_CURVES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "stemma/discrimination.h"
#include "stemma/evaluate.h"
#include "stemma/lr_metrics.h"

namespace stemma {

// The curve jumps to `hit` at `false_alarm`.
struct AnchoredRocPoint {
  double false_alarm = 0;  // share of unrelated pairs on the same reference that are accepted
  double hit = 0;          // share of derived pairs that are accepted then
};

struct EvaluationCurves {
  std::vector<TippettPoint> tippett_bounded;
  std::vector<TippettPoint> tippett_unbounded;
  std::vector<EcePoint> ece;  // at prior odds of 10^-3 to 10^3, in steps of 10^.1
  std::vector<PavPoint> pav;
  std::vector<RocPoint> roc;  // thresholds are log10 LRs
  std::vector<DetPoint> det;  // likewise
  // From (0, 0) to (1, 1); a tie counts against the derived pair. Derived pairs on whose reference no unrelated one was
  // judged are left out.
  // Source: Janes and Pepe 2009, "Adjusting for covariate effects on classification accuracy using the
  // covariate-adjusted receiver operating characteristic curve", with the reference as the covariate.
  std::vector<AnchoredRocPoint> anchored_roc;
};

absl::StatusOr<EvaluationCurves> CurvesOf(const ClassEvaluation& evaluation);

}  // namespace stemma

#endif  // STEMMA_EVALUATION_CURVES_H_
