#include "lib/audit/level_ranks.h"

#include <cmath>
#include <limits>

namespace stemma::audit {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

RankP LevelRanks::Named(std::size_t candidate, std::size_t reference, double score) const {
  std::vector<double> best_of_group(panel_.groups().size(), kNaN);
  for (std::size_t v = 0; v < voters_.size(); ++v) {
    if (!AreApart(candidate, v) || Related(voters_[v], voters_[reference])) continue;
    double& best = best_of_group[panel_.group(voters_[v])];
    best = std::fmax(best, scores_[v * voters_.size() + reference]);  // passes over NaN
  }
  std::erase_if(best_of_group, [](double best) { return std::isnan(best); });
  return RankAmong(score, best_of_group, /*named=*/true);
}

std::optional<RankP> LevelRanks::Screening(std::size_t candidate, std::span<const double> scores) const {
  const std::size_t own_group = panel_.group(candidate);
  double best = kNaN;
  std::vector<GroupBest> groups(panel_.groups().size(), GroupBest{kNaN, kNaN});
  for (std::size_t v = 0; v < voters_.size(); ++v) {
    if (panel_.group(voters_[v]) == own_group) continue;
    GroupBest& group = groups[panel_.group(voters_[v])];
    if (AreApart(candidate, v)) group.with_candidate = std::fmax(group.with_candidate, scores[v]);
    best = std::fmax(best, group.with_candidate);
    for (std::size_t r = 0; r < voters_.size(); ++r) {
      if (panel_.group(voters_[r]) == own_group || Related(voters_[v], voters_[r])) continue;
      group.elsewhere = std::fmax(group.elsewhere, scores_[v * voters_.size() + r]);
    }
  }
  if (std::isnan(best)) return std::nullopt;
  std::erase_if(groups, [](const GroupBest& group) { return std::isnan(group.elsewhere); });
  return RankOfBest(best, groups);
}

}  // namespace stemma::audit
