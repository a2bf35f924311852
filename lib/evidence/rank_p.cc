#include "stemma/rank_p.h"

namespace stemma {

RankP RankAmong(double candidate, std::span<const double> best_of_groups, bool named) {
  RankP rank;
  rank.named = named;
  rank.groups = best_of_groups.size();
  for (const double score : best_of_groups) rank.at_least += !(score < candidate);
  rank.p = static_cast<double>(1 + rank.at_least) / static_cast<double>(rank.groups + 1);
  return rank;
}

}  // namespace stemma
