// How good likelihood ratios of known truth are, and what of their cost calibration could take away.
//
// Units: LLRs are log10 likelihood ratios; Cllr and cross-entropies are in bits. Cllr is 0 for perfect LRs, 1 for LRs
// that say nothing (LR 1 throughout), and above 1 for LRs that are worse than none.
// Shape: each class counts as one half, whatever its size; weights are relative within their class; groups are not
// used. Infinite LLRs are allowed and count for what they say: one on the wrong side costs infinitely much.
// Errors: a number that cannot be had (a class without values; NaN; weights of another length than the values,
// negative, not finite or of sum 0) is NaN, never 0; for curves and devPAV it is kInvalidArgument.
// Determinism: sums in the order of the values, so that the order in which a sample lists them cannot matter.
// Complexity: O(n log n), for the cross-entropy curve O(n) more a prior.
#ifndef STEMMA_LR_METRICS_H_
#define STEMMA_LR_METRICS_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/labelled_sample.h"

namespace stemma {

// The log likelihood ratio cost: mean log2(1 + 1/LR) under H1 and log2(1 + LR) under H2, halved.
// Source: Brümmer and du Preez 2006, "Application-independent evaluation of speaker detection".
double Cllr(const LabelledSample& llrs_log10);

// The least Cllr that a rising function of the LLRs reaches (PAV): what they do not discriminate.
double CllrMin(const LabelledSample& llrs_log10);

// Cllr - CllrMin: what they lose by calibration.
double CllrCal(const LabelledSample& llrs_log10);

struct EcePoint {
  double prior_odds_log10 = 0;
  double llrs = 0;     // empirical cross-entropy with the LLRs
  double pav = 0;      // with the LLRs that PAV makes of them
  double neutral = 0;  // with LR 1 throughout
};

// Empirical cross-entropy at each prior; at prior odds of 1 it is Cllr.
// Errors: also kInvalidArgument for prior log-odds that are not finite.
// Source: Ramos, Gonzalez-Rodriguez, Zadora and Aitken 2013, "Information-theoretical assessment of the performance of
// likelihood ratio computation methods".
absl::StatusOr<std::vector<EcePoint>> EceCurve(const LabelledSample& llrs_log10,
                                               std::span<const double> prior_odds_log10);

struct TippettPoint {
  double llr_log10 = 0;
  double h1_at_least = 0;  // share of H1's LLRs that are at least this one
  double h2_at_least = 0;
};

// One point for each distinct LLR, ascending.
absl::StatusOr<std::vector<TippettPoint>> TippettCurve(const LabelledSample& llrs_log10);

struct PavPoint {
  double llr_log10 = 0;
  double pav_llr_log10 = 0;  // infinite where only one class is seen that far out
};

// One point for each distinct LLR, ascending: what PAV makes of it. Well calibrated LLRs lie along the diagonal.
absl::StatusOr<std::vector<PavPoint>> PavCurve(const LabelledSample& llrs_log10);

// The mean distance, in log10, between the LLRs and what PAV makes of them: the area between the PAV curve and the
// diagonal, from the first to the last point at which PAV is finite, divided by their distance. At a single such point
// its distance from the diagonal.
// Returns: +inf where an infinite LLR is misleading; NaN where PAV is nowhere finite (the classes are separated).
// Source: Vergeer, van Schaik and Sjerps 2021, "Measuring calibration of likelihood-ratio systems: a comparison of four
// metrics, including a new metric devPAV".
absl::StatusOr<double> DevPav(const LabelledSample& llrs_log10);

}  // namespace stemma

#endif  // STEMMA_LR_METRICS_H_
