// A calibrated panel judged by its own models as strangers: how well scores tell documented derivatives from unrelated
// models, and what their likelihood ratios are worth.
//
// Each pair's LR is calibrated without both models and their groups. Weights: in H1 each group of candidates counts the
// same; in H2, on each reference. Everything is given twice: against all unrelated candidates, and against those alone
// whose makers disclose what they were made from, since undisclosed data may well be a reference's outputs. Calibration
// is that of all pairs in both, as an audit's is.
// Units: shares in [0, 1]; Cllr in bits; LRs log10. NaN where the panel has nothing to compute a figure from.
// Errors: kFailedPrecondition for a panel that is not calibrated; kInvalidArgument for fewer than 39 draws;
// kCancelled (progress said stop).
// Determinism: the same for any number of threads.
// Source: Brümmer and du Preez 2006 (Cllr); Morrison et al. 2021, "Consensus on validation of forensic voice
// comparison"; the anchored, matched and interaction figures compare a true pair with unrelated candidates on the same
// reference.
#ifndef STEMMA_EVALUATE_H_
#define STEMMA_EVALUATE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/documented_pairs.h"
#include "stemma/estimate.h"
#include "stemma/evidence_class.h"
#include "stemma/labelled_sample.h"
#include "stemma/lr_bounds.h"
#include "stemma/panel.h"
#include "stemma/progress.h"

namespace stemma {

// How well scores order pairs. Intervals are for other groups of candidates (bootstrap; a group takes its derived and
// its unrelated pairs with it), and n counts those groups. A figure that no draw moves, as where all pairs are in
// order, has none.
struct PairFigures {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  Estimate anchored_auc;        // against unrelated candidates on the same reference; groups count the same
  Estimate anchored_auc_macro;  // mean over references
  // Against the 8 groups nearest in length and release date: a score that only says "short and old" falls to .5.
  Estimate matched_auc;
  // Share of s(c,R) - s(c,R') - s(c',R) + s(c',R') > 0: blind to what is particular to one candidate or reference.
  Estimate interaction_auc;
  Estimate rank1_version;  // the documented reference is the nearest root of another organisation's
  Estimate rank1_family;   // likewise by families
};

// How often unrelated pairs get an LR above a threshold.
struct FalseSupport {
  double threshold = 1;         // LR
  double share = 0;             // of pairs, weighted; NaN where there are none
  double share_unbounded = 0;   // had LRs not been bounded
  std::size_t groups_with = 0;  // groups with such a pair, bounded
  std::size_t groups = 0;
  double rate_upper = 1;  // 95 % upper limit of the rate of such groups
};

// The LR of a pair whose truth is documented.
struct JudgedPair {
  ModelPair pair;
  bool derived = false;
  // Of the candidate: nothing of its making is documented, or a source of it or of an ancestor is documented as
  // undisclosed.
  bool undisclosed = false;
  double weight = 0;
  double score = 0;
  double llr_log10 = 0;
  LrBounds bounds;

  double bounded_log10() const { return bounds.Clamp(llr_log10); }
};

// The derived pairs against one choice of unrelated pairs.
struct PairsEvaluation {
  std::size_t pairs_h2 = 0;
  std::size_t groups_h2 = 0;  // of candidates
  PairFigures figures;
  // Of the unbounded LRs, for other groups of candidates and other organisations' references (two-level interval).
  // Where one organisation's references are all there are, nothing is known of others: no interval.
  Estimate cllr;
  // What of it no rising function of the LRs could take away, and the rest. PAV is fitted to the pairs that it is
  // judged by: the first comes out low, its interval with it, and the rest high. Of normal LLRs whose Cllr is .240, all
  // of it the first part, 13 pairs against 36 give .124 on average, and an interval that holds .240 in 39 of 100
  // samples.
  Estimate cllr_min;
  Estimate cllr_cal;
  std::size_t at_cap_h2 = 0;                // unrelated pairs whose LR stands at its upper bound
  std::vector<FalseSupport> false_support;  // at LR 1, 10 and 100
};

// Against all unrelated pairs, and against the disclosed ones alone.
struct ClassEvaluation : PairsEvaluation {
  EvidenceClass evidence_class = EvidenceClass::kWeights;
  std::size_t pairs_h1 = 0;
  std::size_t groups_h1 = 0;                      // of candidates
  std::size_t references = 0, organisations = 0;  // that have documented derivatives
  double true_support = PairFigures::kNone;       // share of derived pairs with a bounded LR above 1, weighted
  std::size_t not_calibrated = 0;                 // pairs that too few others are left to calibrate
  PairsEvaluation disclosed;
  std::vector<JudgedPair> pairs;
};

struct EvaluateOptions {
  std::size_t draws = 999;
  std::uint64_t seed = 1;
  int threads = 0;  // 0: as many as the machine has
  Progress progress = {};
};

// One evaluation a class; a class without documented pairs is left out.
absl::StatusOr<std::vector<ClassEvaluation>> Evaluate(const Panel& panel, const EvaluateOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_EVALUATE_H_
