// Labelled samples by value: what statistics of order read, and the order in which all sums are taken.
//
// Determinism: the order in which a sample lists its values cannot matter.
#ifndef STEMMA_LIB_EVIDENCE_ORDERED_VALUES_H_
#define STEMMA_LIB_EVIDENCE_ORDERED_VALUES_H_

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "stemma/labelled_sample.h"

namespace stemma::evidence {

enum class Infinities { kAllowed, kRefused };

// Errors: kInvalidArgument for a class without values, a value that is NaN (or infinite, where refused), weights of
// another length than the values, negative or not finite, or of sum 0. Groups are not looked at.
absl::Status CheckSample(const LabelledSample& sample, Infinities infinities);

// How many values have a weight above 0.
double CountWeighted(const Sample& sample);

// What lies at one value. Values of weight 0 are nowhere.
struct ValueWeights {
  double value = 0;
  double h1 = 0;
  double h2 = 0;
};

// By distinct value, ascending. Precondition: `CheckSample` is content.
// Complexity: O(n log n).
std::vector<ValueWeights> OrderValues(const LabelledSample& sample);

struct ClassWeights {
  double h1 = 0;
  double h2 = 0;
};

ClassWeights TotalWeights(std::span<const ValueWeights> values);

}  // namespace stemma::evidence

#endif  // STEMMA_LIB_EVIDENCE_ORDERED_VALUES_H_
