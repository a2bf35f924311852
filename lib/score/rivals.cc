#include "lib/score/rivals.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace stemma::score {

std::vector<double> BestRivals(std::span<const double> scores, std::span<const std::string> organisations,
                               const std::vector<bool>& eligible, const std::string& candidate_organisation) {
  struct Best {
    const std::string* organisation = nullptr;
    double score = -std::numeric_limits<double>::infinity();
  };
  // The two best organisations suffice: at most one of them is the reference's.
  Best first, second;
  for (std::size_t m = 0; m < scores.size(); ++m) {
    const std::string& organisation = organisations[m];
    if (!eligible[m] || !std::isfinite(scores[m]) || organisation == candidate_organisation) continue;
    if (first.organisation != nullptr && organisation == *first.organisation) {
      first.score = std::max(first.score, scores[m]);
    } else if (scores[m] > first.score) {
      second = first;
      first = {&organisation, scores[m]};
    } else if (scores[m] > second.score) {
      second = {&organisation, scores[m]};
    }
  }
  std::vector<double> rivals;
  for (const std::string& organisation : organisations) {
    const bool own = first.organisation != nullptr && organisation == *first.organisation;
    const Best& best = own ? second : first;
    rivals.push_back(best.organisation != nullptr ? best.score : 0);
  }
  return rivals;
}

}  // namespace stemma::score
