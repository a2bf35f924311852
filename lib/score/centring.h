// Similarities to scores: what two models have in common beyond what each has with unrelated ones.
#ifndef STEMMA_LIB_SCORE_CENTRING_H_
#define STEMMA_LIB_SCORE_CENTRING_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace stemma::score {

// The panel as a cohort: which models are one voice, and which do not count.
struct Cohort {
  std::vector<std::size_t> groups;  // by model
  std::vector<bool> counts;         // false for degenerate models
};

// Centred, standardised scores of a candidate on every model; NaN where there is no similarity.
//
// `row`: the candidate's similarity to each model, NaN where there is none. `matrix`: the models' to each other, row by
// row. `group`: the candidate's group where the cohort has it. `self`: the model that the candidate is, left out.
// Returns: nothing where fewer than three groups are left to compare with.
// Shape: m(c) = weighted mean of the row without the candidate's group, m(R) = of R's row without R's group, m = over
// all pairs of different groups; weights 1/(models in the group); all without `self`.
std::optional<std::vector<double>> Centre(std::span<const double> row, std::span<const double> matrix,
                                          const Cohort& cohort, std::optional<std::size_t> group,
                                          std::optional<std::size_t> self);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_CENTRING_H_
