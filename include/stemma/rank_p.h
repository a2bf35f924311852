// The rank of a score among those of unrelated groups, as a p-value.
//
// Units: n counts groups, never models or prompts: a group votes by its best member.
// Returns: p = (1 + #{groups whose score >= the candidate's}) / (G + 1), so never below 1 / (G + 1); exact where the
// candidate is exchangeable with the groups, that is unrelated as they are.
// Source: Vovk, Gammerman and Shafer 2005, "Algorithmic Learning in a Random World", section 2.2 (conformal p-values);
// Phipson and Smyth 2010 (why never 0).
#ifndef STEMMA_RANK_P_H_
#define STEMMA_RANK_P_H_

#include <cstddef>
#include <span>

namespace stemma {

struct RankP {
  double p = 1;
  std::size_t at_least = 0;  // groups that score at least as high
  std::size_t groups = 0;    // G
  bool named = false;        // the reference was declared before scoring; else it was found by search

  double floor() const { return 1 / static_cast<double>(groups + 1); }
};

// `best_of_groups`: one score a group. NaN compares as at least as high: what cannot be scored does not accuse.
RankP RankAmong(double candidate, std::span<const double> best_of_groups, bool named);

}  // namespace stemma

#endif  // STEMMA_RANK_P_H_
