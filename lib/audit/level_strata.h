// Which models are in which stratum of a level test.
#ifndef STEMMA_LIB_AUDIT_LEVEL_STRATA_H_
#define STEMMA_LIB_AUDIT_LEVEL_STRATA_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "stemma/level_test.h"
#include "stemma/panel.h"

namespace stemma::audit {

inline constexpr std::array kLevelStrata = {
    LevelStratum::kAll,         LevelStratum::kShortAnswers, LevelStratum::kMiddlingAnswers,
    LevelStratum::kLongAnswers, LevelStratum::kEarlyRelease, LevelStratum::kMiddlingRelease,
    LevelStratum::kLateRelease};

// Marks thirds of some models in the order of their values; models of equal value stay together, in the lower third.
template <typename Value>
void MarkThirds(std::vector<std::pair<Value, std::size_t>> models, LevelStratum lowest,
                std::vector<std::vector<bool>>& strata) {
  std::ranges::sort(models);
  for (std::size_t k = 0, first = 0; k < models.size(); ++k) {
    if (models[k].first != models[first].first) first = k;
    strata[static_cast<std::size_t>(lowest) + 3 * first / models.size()][models[k].second] = true;
  }
}

// By stratum, model of the panel; degenerate models are in none.
inline std::vector<std::vector<bool>> LevelStrata(const Panel& panel) {
  std::vector<std::vector<bool>> strata(kLevelStrata.size(), std::vector<bool>(panel.models().size(), false));
  std::vector<std::pair<double, std::size_t>> lengths;
  std::vector<std::pair<std::string, std::size_t>> dates;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    const PanelModel& model = panel.models()[m];
    if (model.metadata.degenerate) continue;
    strata[static_cast<std::size_t>(LevelStratum::kAll)][m] = true;
    lengths.emplace_back(model.mean_tokens(), m);
    if (!model.metadata.release.empty()) dates.emplace_back(model.metadata.release, m);
  }
  MarkThirds(std::move(lengths), LevelStratum::kShortAnswers, strata);
  MarkThirds(std::move(dates), LevelStratum::kEarlyRelease, strata);
  return strata;
}

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_LEVEL_STRATA_H_
