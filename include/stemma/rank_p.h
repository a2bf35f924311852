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

  std::size_t always_at_least = 0;  // groups that are as high whatever the score: see RankOfBest

  double floor() const { return static_cast<double>(1 + always_at_least) / static_cast<double>(groups + 1); }
};

// `best_of_groups`: one score a group. NaN compares as at least as high: what cannot be scored does not accuse.
RankP RankAmong(double candidate, std::span<const double> best_of_groups, bool named);

// A group's best scores, NaN where there is none.
struct GroupBest {
  double with_candidate = 0;  // between one of its members and the candidate
  double elsewhere = 0;       // between one of its members and a reference unrelated to that member, not the candidate
};

// The rank of the candidate's best score over all references, where nobody declared one: "someone in this panel".
//
// A best score belongs to two models. To be exchangeable with the groups, the candidate must be a reference to them as
// they are to it, so a group's vote is the larger of its two scores. The group of the nearest reference then always
// ties: p is at least 2 / (G + 1). Without the candidate among the groups' references, RankAmong of the same maxima
// gives 1 / (G + 1) to both models of the panel's nearest pair: for scores of unrelated pairs that are alike and
// symmetric, with probability 2 / (G + 1), twice what it says.
// `candidate`: its best score, or that on one reference, which then is not said to be the best.
RankP RankOfBest(double candidate, std::span<const GroupBest> groups);

}  // namespace stemma

#endif  // STEMMA_RANK_P_H_
