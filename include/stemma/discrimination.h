// How well scores tell H1 from H2, whatever their scale.
//
// Units: a score at or above the threshold is accepted as H1. False alarms are the share of H2 accepted, misses the
// share of H1 not accepted.
// Shape: weights are relative within their class; groups are not used. Infinite scores are allowed.
// Errors: a number that cannot be had (a class without values; NaN; weights of another length than the values,
// negative, not finite or of sum 0) is NaN, never 0.5; for curves it is kInvalidArgument.
// Determinism: the order of the values cannot matter.
// Complexity: O(n log n).
#ifndef STEMMA_DISCRIMINATION_H_
#define STEMMA_DISCRIMINATION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "stemma/labelled_sample.h"

namespace stemma {

// The probability that a score of H1 exceeds one of H2, ties counting one half.
// Source: Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating characteristic curve".
double Auc(const LabelledSample& scores);

// The rate at which misses and false alarms are equally frequent, on the convex hull of the ROC: the points that mixing
// two thresholds at random can reach. It is at most that of any single threshold, and at most .5.
// Source: Brümmer and de Villiers 2011, "The BOSARIS toolkit: theory, algorithms and code for surviving the new DCF"
// (ROCCH-EER).
double Eer(const LabelledSample& scores);

struct RocPoint {
  double threshold = 0;
  double false_alarm = 0;
  double hit = 0;
};

// From accepting all to accepting nothing: one point for each distinct score, ascending, then (0, 0) at +inf.
absl::StatusOr<std::vector<RocPoint>> RocCurve(const LabelledSample& scores);

struct DetPoint {
  double threshold = 0;
  double false_alarm_probit = 0;  // -inf for a rate of 0, +inf for 1
  double miss_probit = 0;
};

// The points of the ROC on the scales on which normal scores make a straight line.
// Source: Martin, Doddington, Kamm, Ordowski and Przybocki 1997, "The DET curve in assessment of detection task
// performance".
absl::StatusOr<std::vector<DetPoint>> DetCurve(const LabelledSample& scores);

}  // namespace stemma

#endif  // STEMMA_DISCRIMINATION_H_
