// The standard normal distribution: its cumulative probability and its quantile.
//
// Errors of the quantile: about 1 part in 10^16 of the value, and what one unit in the last place of `probability`
// makes.
// Source: Wichura 1988, "Algorithm AS 241: The percentage points of the normal distribution" (PPND16).
#ifndef STEMMA_LIB_EVIDENCE_NORMAL_H_
#define STEMMA_LIB_EVIDENCE_NORMAL_H_

namespace stemma::evidence {

// Keeps its relative precision in the lower tail; for the upper one ask for the probability of -x.
double NormalCdf(double x);

// -inf at 0, +inf at 1, NaN for what is no probability.
double NormalQuantile(double probability);

}  // namespace stemma::evidence

#endif  // STEMMA_LIB_EVIDENCE_NORMAL_H_
