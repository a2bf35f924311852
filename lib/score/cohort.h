// The panel as a cohort: which models are one voice, and which do not count.
#ifndef STEMMA_LIB_SCORE_COHORT_H_
#define STEMMA_LIB_SCORE_COHORT_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "stemma/panel.h"

namespace stemma::score {

struct Cohort {
  std::vector<std::size_t> groups;  // by model
  std::vector<bool> counts;         // false for degenerate models
};

Cohort CohortOf(const Panel& panel);

// One voice a group: models share their group's weight. `self` has none, and gives none to its group.
std::vector<double> GroupWeights(const Cohort& cohort, std::optional<std::size_t> self = std::nullopt);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_COHORT_H_
