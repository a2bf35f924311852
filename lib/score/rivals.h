// The best of what else explains a candidate: its highest score on references of other organisations.
#ifndef STEMMA_LIB_SCORE_RIVALS_H_
#define STEMMA_LIB_SCORE_RIVALS_H_

#include <span>
#include <string>
#include <vector>

namespace stemma::score {

// By model: the highest of `scores` (NaN where there is none) on eligible models of other organisations than its own and
// the candidate's; 0 where there is none.
std::vector<double> BestRivals(std::span<const double> scores, std::span<const std::string> organisations,
                               const std::vector<bool>& eligible, const std::string& candidate_organisation);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_RIVALS_H_
