// Scores, or log10 likelihood ratios, of comparisons whose truth is known: H1 (the candidate derives from the reference)
// or H2 (it does not).
//
// Shape: `weights` and `groups` are empty or as long as `values`. Without weights all values weigh the same; without
// groups each value is an independent unit of its own.
// Units: weights are relative within their class; groups are the numbers of the units that are resampled and counted,
// and bear the same meaning in both classes.
#ifndef STEMMA_LABELLED_SAMPLE_H_
#define STEMMA_LABELLED_SAMPLE_H_

#include <cstddef>
#include <vector>

namespace stemma {

struct Sample {
  std::vector<double> values;
  std::vector<double> weights = {};
  std::vector<std::size_t> groups = {};

  std::size_t size() const { return values.size(); }
  double weight(std::size_t k) const { return weights.empty() ? 1 : weights[k]; }
  std::size_t group(std::size_t k) const { return groups.empty() ? k : groups[k]; }
};

struct LabelledSample {
  Sample h1;
  Sample h2;
};

}  // namespace stemma

#endif  // STEMMA_LABELLED_SAMPLE_H_
