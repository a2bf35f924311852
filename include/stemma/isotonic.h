// The rising sequence that is nearest to given values: weighted isotonic regression.
//
// Shape: as many weights as values, or none, which weighs all alike. Weights are positive, values finite.
// Returns: a sequence that never falls and has the least weighted sum of squared distances. A value that stands in no
// one's way is kept as it is, so that fitting twice changes nothing.
// Complexity: O(n).
// Source: Ayer, Brunk, Ewing, Reid and Silverman 1955, "An empirical distribution function for sampling with incomplete
// information"; Barlow, Bartholomew, Bremner and Brunk 1972, "Statistical Inference under Order Restrictions" (pool
// adjacent violators).
#ifndef STEMMA_ISOTONIC_H_
#define STEMMA_ISOTONIC_H_

#include <span>
#include <vector>

namespace stemma {

std::vector<double> FitIsotonic(std::span<const double> values, std::span<const double> weights = {});

}  // namespace stemma

#endif  // STEMMA_ISOTONIC_H_
