#include "lib/score/cohort.h"

namespace stemma::score {

Cohort CohortOf(const Panel& panel) {
  Cohort cohort;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    cohort.groups.push_back(panel.group(m));
    cohort.counts.push_back(!panel.models()[m].metadata.degenerate);
  }
  return cohort;
}

std::vector<double> GroupWeights(const Cohort& cohort, std::optional<std::size_t> self) {
  std::vector<double> members(cohort.groups.size(), 0);
  const auto counts = [&](std::size_t m) { return cohort.counts[m] && m != self; };
  for (std::size_t m = 0; m < cohort.groups.size(); ++m) members[cohort.groups[m]] += counts(m);
  std::vector<double> weights;
  for (std::size_t m = 0; m < cohort.groups.size(); ++m) {
    weights.push_back(counts(m) ? 1 / members[cohort.groups[m]] : 0);
  }
  return weights;
}

}  // namespace stemma::score
