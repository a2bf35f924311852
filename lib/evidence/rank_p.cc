#include "stemma/rank_p.h"

#include <cmath>
#include <limits>
#include <vector>

namespace stemma {

RankP RankAmong(double candidate, std::span<const double> best_of_groups, bool named) {
  RankP rank;
  rank.named = named;
  rank.groups = best_of_groups.size();
  for (const double score : best_of_groups) rank.at_least += !(score < candidate);
  rank.p = static_cast<double>(1 + rank.at_least) / static_cast<double>(rank.groups + 1);
  return rank;
}

RankP RankOfBest(std::span<const GroupBest> groups) {
  double candidate = -std::numeric_limits<double>::infinity();
  std::vector<double> votes;
  for (const GroupBest& group : groups) {
    // std::fmax passes over NaN: a score that is missing is no score.
    candidate = std::fmax(candidate, group.with_candidate);
    votes.push_back(std::fmax(group.with_candidate, group.elsewhere));
  }
  return RankAmong(candidate, votes, /*named=*/false);
}

}  // namespace stemma
