// What a likelihood ratio would make of a prior that somebody names: a what-if, never a finding.
//
// The prior is no matter of the evidence: it is for whoever knows the case, and differs between those who do.
// Units: `prior` and what is returned are probabilities, `llr_log10` log10 of the likelihood ratio.
// Returns: odds form of Bayes' rule. NaN where an argument is NaN.
// Errors: kInvalidArgument for a prior outside (0, 1).
// Source: Robertson, Vignaux and Berger 2016, "Interpreting Evidence", chapter 2.
#ifndef STEMMA_POSTERIOR_H_
#define STEMMA_POSTERIOR_H_

#include "absl/status/statusor.h"

namespace stemma {

absl::StatusOr<double> PosteriorOf(double prior, double llr_log10);

}  // namespace stemma

#endif  // STEMMA_POSTERIOR_H_
