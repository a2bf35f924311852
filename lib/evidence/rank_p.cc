#include "stemma/rank_p.h"

#include <cmath>
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

RankP RankOfBest(double candidate, std::span<const GroupBest> groups) {
  std::vector<double> votes;
  bool of_a_group = false;
  for (const GroupBest& group : groups) {
    // std::fmax passes over NaN: a score that is missing is no score.
    votes.push_back(std::fmax(group.with_candidate, group.elsewhere));
    of_a_group = of_a_group || group.with_candidate >= candidate;
  }
  RankP rank = RankAmong(candidate, votes, /*named=*/false);
  rank.always_at_least = of_a_group ? 1 : 0;
  return rank;
}

}  // namespace stemma
