#include "stemma/rank_p.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "lib/base/random.h"

namespace stemma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double P(double candidate, const std::vector<double>& groups) { return RankAmong(candidate, groups, false).p; }

TEST(RankAmong, CountsGroupsAtLeastAsHigh) {
  const RankP rank = RankAmong(2.5, std::vector<double>{1, 2, 3, 4}, true);
  EXPECT_EQ(rank.at_least, 2U);
  EXPECT_EQ(rank.groups, 4U);
  EXPECT_DOUBLE_EQ(rank.p, 3.0 / 5);
  EXPECT_DOUBLE_EQ(rank.floor(), 1.0 / 5);
  EXPECT_TRUE(rank.named);
  EXPECT_FALSE(RankAmong(2.5, {}, false).named);
}

// No score, however high, makes p smaller than the number of groups allows.
TEST(RankAmong, NeverFallsBelowItsFloor) {
  std::vector<double> groups;
  for (int count = 0; count < 50; ++count) {
    EXPECT_DOUBLE_EQ(P(kInfinity, groups), 1.0 / (count + 1));
    EXPECT_DOUBLE_EQ(RankAmong(1e300, groups, false).floor(), 1.0 / (count + 1));
    groups.push_back(count);
  }
  EXPECT_EQ(P(3, {}), 1);
}

TEST(RankAmong, CountsTiesAgainstTheFinding) {
  EXPECT_EQ(P(1, {1, 1, 1}), 1);
  EXPECT_DOUBLE_EQ(P(1, {1, 0, 0}), 2.0 / 4);
  EXPECT_EQ(P(0.0, {-0.0}), 1);
  EXPECT_EQ(P(kInfinity, {kInfinity}), 1);
}

// What cannot be scored does not accuse.
TEST(RankAmong, TakesNaNForNear) {
  EXPECT_DOUBLE_EQ(P(5, {kNaN, 1, kNaN}), 3.0 / 4);
  EXPECT_EQ(P(kNaN, {1, 2, 3}), 1);
  EXPECT_EQ(P(-kInfinity, {1, 2, 3}), 1);
}

// Where the candidate is exchangeable with the groups, each order of the scores is as likely as any other. Over all
// orders, p <= k / n then holds for exactly k of n orders without ties, and for no more with ties.
TEST(RankAmong, IsUniformOverAllPermutations) {
  for (std::vector<double> scores : std::vector<std::vector<double>>{
           {1}, {1, 2}, {1, 2, 3}, {-1, 0, 2, 5}, {1, 2, 3, 4, 5}, {1, 2, 3, 4, 5, 6, 7}, {1, 1, 2, 3}, {1, 2, 2, 2, 3, 3}}) {
    const std::size_t n = scores.size();
    std::map<std::size_t, std::size_t> permutations_at_most;  // by n * p
    std::size_t permutations = 0;
    std::vector<std::size_t> order(n);
    for (std::size_t k = 0; k < n; ++k) order[k] = k;
    do {
      std::vector<double> others;
      for (std::size_t k = 1; k < n; ++k) others.push_back(scores[order[k]]);
      const double p = P(scores[order[0]], others);
      for (std::size_t k = 1; k <= n; ++k) {
        permutations_at_most[k] += p <= static_cast<double>(k) / static_cast<double>(n);
      }
      ++permutations;
    } while (std::ranges::next_permutation(order).found);
    const bool ties = std::ranges::adjacent_find(scores) != scores.end();
    for (std::size_t k = 1; k <= n; ++k) {
      if (ties) {
        EXPECT_LE(permutations_at_most[k] * n, k * permutations) << n << " scores, k " << k;
      } else {
        EXPECT_EQ(permutations_at_most[k] * n, k * permutations) << n << " scores, k " << k;
      }
    }
  }
}

// Scores of all pairs of `models` models, each a group of its own, in one symmetric table.
using Table = std::vector<std::vector<double>>;

Table RandomTable(std::size_t models, std::uint64_t values, base::Random& random) {
  Table table(models, std::vector<double>(models, kNaN));
  for (std::size_t a = 0; a < models; ++a) {
    for (std::size_t b = 0; b < a; ++b) table[a][b] = table[b][a] = static_cast<double>(random.Below(values));
  }
  return table;
}

std::vector<GroupBest> AsSeenBy(std::size_t candidate, const Table& table) {
  std::vector<GroupBest> groups;
  for (std::size_t a = 0; a < table.size(); ++a) {
    if (a == candidate) continue;
    GroupBest group = {table[a][candidate], kNaN};
    for (std::size_t b = 0; b < table.size(); ++b) {
      if (b != candidate) group.elsewhere = std::fmax(group.elsewhere, table[a][b]);
    }
    groups.push_back(group);
  }
  return groups;
}

// Whichever of n models is the candidate is arbitrary, so p <= k / n must hold for at most k of them: any table, ties
// or not. Ranks among the groups' maxima elsewhere break that, which is why they are not enough.
TEST(RankOfBest, HoldsItsLevelOverAllChoicesOfTheCandidate) {
  base::Random random(1);
  int broken_without_candidate = 0;
  for (int trial = 0; trial < 400; ++trial) {
    const std::size_t n = 3 + static_cast<std::size_t>(random.Below(8));
    const Table table = RandomTable(n, trial % 2 == 0 ? 1'000'000 : 5, random);
    std::vector<std::size_t> at_most(n + 1, 0), at_most_elsewhere(n + 1, 0);
    for (std::size_t candidate = 0; candidate < n; ++candidate) {
      const std::vector<GroupBest> groups = AsSeenBy(candidate, table);
      double best = -kInfinity;
      std::vector<double> elsewhere;
      for (const GroupBest& group : groups) {
        best = std::max(best, group.with_candidate);
        elsewhere.push_back(group.elsewhere);
      }
      const RankP rank = RankOfBest(best, groups);
      EXPECT_EQ(rank.groups, n - 1);
      EXPECT_GE(rank.at_least, 1U);
      for (std::size_t k = rank.at_least + 1; k <= n; ++k) ++at_most[k];
      for (std::size_t k = RankAmong(best, elsewhere, false).at_least + 1; k <= n; ++k) ++at_most_elsewhere[k];
    }
    for (std::size_t k = 0; k <= n; ++k) EXPECT_LE(at_most[k], k) << n << " models, k " << k;
    broken_without_candidate += at_most_elsewhere[1] > 1;
  }
  // Both models of the nearest pair wherever there is one pair that is nearer than all others: each trial without ties.
  EXPECT_GE(broken_without_candidate, 190);
}

TEST(RankOfBest, TakesTheLargestScoreOnEitherSide) {
  const std::vector<GroupBest> groups = {{5, 1}, {3, 6}, {2, 2}, {kNaN, 4}, {1, kNaN}};
  const RankP rank = RankOfBest(5, groups);
  EXPECT_EQ(rank.at_least, 2U);  // the group of the best itself, and the second, which is nearer to another
  EXPECT_DOUBLE_EQ(rank.p, 3.0 / 6);
  EXPECT_FALSE(rank.named);
  EXPECT_DOUBLE_EQ(rank.floor(), 2.0 / 6);
  EXPECT_DOUBLE_EQ(RankOfBest(9, groups).floor(), 1.0 / 6);  // on a reference of the candidate's own group
  EXPECT_EQ(RankOfBest(5, {}).p, 1);
  EXPECT_EQ(RankOfBest(kNaN, std::vector<GroupBest>{{kNaN, kNaN}, {kNaN, 1}}).p, 1);
}

}  // namespace
}  // namespace stemma
