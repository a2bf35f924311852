// Similarities to scores: what two models have in common beyond what each has with unrelated ones.
#ifndef STEMMA_LIB_SCORE_CENTRING_H_
#define STEMMA_LIB_SCORE_CENTRING_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "lib/score/cohort.h"

namespace stemma::score {

// What candidates' similarities are held against.
//
// Shape: m(c) = weighted mean of the row without the candidate's group, m(R) = of R's row without R's group, m = over
// all pairs of different groups; weights 1/(models in the group); all without `self`.
class Centring {
 public:
  // `matrix`: the models' similarities to each other, row by row, NaN where there is none. `self`: a model that is left
  // out. Returns: nothing where fewer than three groups are left to compare with, or their pairs do not differ.
  static std::optional<Centring> Fit(std::span<const double> matrix, const Cohort& cohort, std::optional<std::size_t> self);

  // Centred, standardised scores of a candidate on every model; NaN where there is no similarity.
  // `row`: the candidate's similarity to each model. `group`: the candidate's group where the cohort has it.
  std::vector<double> Apply(std::span<const double> row, std::optional<std::size_t> group) const;

 private:
  Cohort cohort_;
  std::vector<double> weights_;
  std::vector<double> typicality_;  // by model
  double overall_ = 0;
  double deviation_ = 1;
};

// Both at once.
std::optional<std::vector<double>> Centre(std::span<const double> row, std::span<const double> matrix,
                                          const Cohort& cohort, std::optional<std::size_t> group,
                                          std::optional<std::size_t> self);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_CENTRING_H_
