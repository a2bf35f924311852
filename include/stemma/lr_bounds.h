// How large, and how small, a likelihood ratio may be said to be, given how many comparisons of known truth stand
// behind it. A calibration extrapolates; a bound says where the data end.
//
// Shape: the values are LLRs; infinite ones are allowed. A bound is about how often something was seen, so weights do
// not enter it, except that a value of weight 0 was not seen, and as said at `BoundOfEvidence`.
// Returns: a lower bound of at most 0 and an upper of at least 0: where the LRs are worse than none, no LR but 1 is
// left.
// Errors: kInvalidArgument for a class without values, a value that is NaN, and weights of another length than the
// values, negative, not finite or of sum 0; the same for groups of another length than the values.
// Determinism: the order of the values cannot matter.
#ifndef STEMMA_LR_BOUNDS_H_
#define STEMMA_LR_BOUNDS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "stemma/labelled_sample.h"

namespace stemma {

struct LrBounds {
  double lower_log10 = 0;
  double upper_log10 = 0;

  // NaN stays NaN.
  double Clamp(double llr_log10) const { return std::clamp(llr_log10, lower_log10, upper_log10); }
};

// Empirical lower and upper bounds (ELUB): the LRs between which deciding by the LR costs less than deciding without
// it, at every threshold from LR 1 up to there, though one misleading LR more had been seen on either side.
//
// In steps of .01. At a threshold t the cost is that of a false rejection, 10^-t times the share of H1's LRs up to t,
// and of a false acceptance, the share of H2's above t; without LRs it is the smaller of 10^-t and 1. Where either
// bound falls to 0 both do.
// Complexity: O(n log n).
// Source: Vergeer, van Es, de Jongh, Alberink and Stoel 2016, "Numerical likelihood ratios outputted by LR systems are
// often based on extrapolation: when to stop extrapolating?".
absl::StatusOr<LrBounds> ElubBounds(const LabelledSample& llrs_log10);

// Invariance verification bounds: the LRs up to which "the LR is at least t" is itself evidence of at least t, and down
// to which "the LR is below t" is evidence of at most t.
//
// Shares are estimated under Jeffreys' prior, (count + 1/2) / (n + 1). In steps of .001 from the smallest LLR to the
// largest, 0 included; LLRs beyond -8.7 and 8.7 count as these. Where all thresholds hold, the bound is the largest LLR
// of H1, or the smallest of H2.
// Complexity: O(n log n).
// Source: Alberink, Leegwater, Malmborg, Nordgaard, Sjerps and van der Ham 2025, "A transparent method to determine
// limit values for Likelihood Ratio systems", as NFI's lir computes it.
absl::StatusOr<LrBounds> IvBounds(const LabelledSample& llrs_log10);

struct BoundOfEvidenceOptions {
  std::size_t draws = 201;
  std::uint64_t seed = 20160701;
};

// The project's bound: no LR above the number of independent groups seen under H2, plus one, nor below one over that of
// H1's, and none that ELUB would not carry if each group had one voice.
//
// upper = min(median ELUB, log10(G_H2 + 1)), lower = max(median ELUB, -log10(G_H1 + 1)); the medians are over draws of
// one representative a group and class, a member being as likely as its weight says. Of an even number of draws the
// bound nearer to 0 of the middle two is taken.
// Errors: also kInvalidArgument for 0 draws.
// Determinism: draw d uses random stream d.
// Complexity: O(draws n log n).
absl::StatusOr<LrBounds> BoundOfEvidence(const LabelledSample& llrs_log10, const BoundOfEvidenceOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_LR_BOUNDS_H_
