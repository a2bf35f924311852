// Likelihood ratios that rise with the value and fit a labelled sample best, for every proper scoring rule and prior.
//
// Each block of adjacent values has the ratio of the classes' shares in it; blocks pool until the ratios rise.
// Source: Brümmer and du Preez 2006, "Application-independent evaluation of speaker detection" (PAV for likelihood
// ratios).
#ifndef STEMMA_LIB_EVIDENCE_PAV_H_
#define STEMMA_LIB_EVIDENCE_PAV_H_

#include <cstddef>
#include <span>
#include <vector>

#include "lib/evidence/ordered_values.h"

namespace stemma::evidence {

struct PavBlock {
  std::size_t begin = 0;  // [begin, end) of the values
  std::size_t end = 0;
  double h1 = 0;  // weights, as given
  double h2 = 0;
  double llr_log10 = 0;  // infinite where one class is absent

  double level() const { return h1 / h2; }
  PavBlock MergedWith(const PavBlock& later) const { return {begin, later.end, h1 + later.h1, h2 + later.h2}; }
};

// Precondition: `values` are as `OrderValues` makes them, with both classes.
// Complexity: O(n).
std::vector<PavBlock> PoolLikelihoods(std::span<const ValueWeights> values);

// By value, the LLR of its block.
std::vector<double> PavLlrs(std::span<const ValueWeights> values);

}  // namespace stemma::evidence

#endif  // STEMMA_LIB_EVIDENCE_PAV_H_
