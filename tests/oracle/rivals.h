// The best rival of a reference, by asking every model.
#ifndef STEMMA_TESTS_ORACLE_RIVALS_H_
#define STEMMA_TESTS_ORACLE_RIVALS_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace stemma::oracle {

// The highest score on eligible models of other organisations than the reference's and the candidate's; 0 for none.
inline double BestRival(const std::vector<std::optional<double>>& scores, const std::vector<std::string>& organisations,
                        const std::vector<bool>& eligible, const std::string& candidate_organisation,
                        std::size_t reference) {
  std::vector<double> rivals;
  for (std::size_t m = 0; m < scores.size(); ++m) {
    if (scores[m] && eligible[m] && organisations[m] != organisations[reference] &&
        organisations[m] != candidate_organisation) {
      rivals.push_back(*scores[m]);
    }
  }
  return rivals.empty() ? 0 : *std::max_element(rivals.begin(), rivals.end());
}

}  // namespace stemma::oracle

#endif  // STEMMA_TESTS_ORACLE_RIVALS_H_
