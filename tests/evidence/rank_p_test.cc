#include "stemma/rank_p.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <vector>

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

}  // namespace
}  // namespace stemma
