#include "lib/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace stemma::base {
namespace {

// The known answers of the Random123 distribution (kat_vectors, philox4x32 10).
TEST(Philox4x32, GivesTheKnownAnswers) {
  EXPECT_EQ(Philox4x32({0, 0, 0, 0}, {0, 0}), (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(Philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, DrawsTheBlocksOfItsSeedAndStream) {
  const std::uint64_t seed = 0x299f31d0a4093822ULL;
  const std::uint64_t stream = 0x0370734413198a2eULL;
  Random random(seed, stream);
  for (const std::uint32_t block : {0U, 1U, 2U}) {
    for (const std::uint32_t expected : Philox4x32({block, 0, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0})) {
      EXPECT_EQ(random.Next32(), expected);
    }
  }
}

TEST(Random, Next64HasTheFirstDrawBelow) {
  Random halves(5);
  Random wholes(5);
  for (int k = 0; k < 10; ++k) {
    const std::uint64_t low = halves.Next32();
    const std::uint64_t high = halves.Next32();
    EXPECT_EQ(wholes.Next64(), high << 32 | low);
  }
}

TEST(Random, SeedsAndStreamsDiffer) {
  std::set<std::uint64_t> first;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32}) {
    for (const std::uint64_t stream : {0ULL, 1ULL, 1ULL << 32}) first.insert(Random(seed, stream).Next64());
  }
  EXPECT_EQ(first.size(), 9U);
}

TEST(Random, UniformIsAMultipleOfTheUnitBelowOne) {
  Random random(2);
  Random same(2);
  for (int k = 0; k < 10000; ++k) {
    const double value = random.Uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    ASSERT_EQ(value * 0x1p53, static_cast<double>(same.Next64() >> 11));
  }
}

TEST(Random, UniformHasTheMeanOfTheUniformDistribution) {
  Random random(3);
  constexpr int kDraws = 100'000;
  double sum = 0;
  for (int k = 0; k < kDraws; ++k) sum += random.Uniform();
  // Hoeffding: P(|mean - 1/2| > t) <= 2 exp(-2 n t^2) = 1e-8 at t = sqrt(ln(2e8) / (2 n)) = 0.0098.
  EXPECT_NEAR(sum / kDraws, 0.5, 0.0098);
}

TEST(Random, BelowGivesEachValueItsShare) {
  Random random(4);
  for (const std::uint64_t bound : {1U, 2U, 3U, 6U, 7U}) {
    constexpr int kDraws = 60'000;
    std::vector<int> counts(bound, 0);
    for (int k = 0; k < kDraws; ++k) ++counts.at(random.Below(bound));
    // Hoeffding for each share, as above with 60,000 draws: t = 0.0127.
    for (const int count : counts) {
      EXPECT_NEAR(static_cast<double>(count) / kDraws, 1.0 / static_cast<double>(bound), 0.0127);
    }
  }
}

TEST(Random, BelowHasNoBiasWhereABoundDoesNotDivideTheDraws) {
  // floor(draw * 3/4) takes each multiple of 3 from two draws and every other value from one: without a second draw,
  // the remainder 0 would have a share of 1/2.
  constexpr std::uint64_t kBound = 3ULL << 62;
  constexpr int kDraws = 60'000;
  Random random(5);
  std::array<int, 3> remainders = {};
  for (int k = 0; k < kDraws; ++k) {
    const std::uint64_t value = random.Below(kBound);
    ASSERT_LT(value, kBound);
    ++remainders[value % 3];
  }
  for (const int count : remainders) EXPECT_NEAR(static_cast<double>(count) / kDraws, 1.0 / 3, 0.0127);
}

TEST(Random, ShufflesIntoEachOrderAlike) {
  Random random(6);
  constexpr int kShuffles = 60'000;
  std::map<std::string, int> counts;
  for (int k = 0; k < kShuffles; ++k) {
    std::string items = "abcd";
    random.Shuffle(std::span<char>(items));
    ++counts[items];
  }
  EXPECT_EQ(counts.size(), 24U);
  for (const auto& [order, count] : counts) {
    EXPECT_NEAR(static_cast<double>(count) / kShuffles, 1.0 / 24, 0.0127) << order;
  }
}

TEST(Random, ShuffleKeepsTheItems) {
  Random random(7);
  std::vector<int> items(1000);
  for (int k = 0; k < 1000; ++k) items[static_cast<std::size_t>(k)] = k;
  std::vector<int> shuffled = items;
  random.Shuffle(std::span<int>(shuffled));
  EXPECT_NE(shuffled, items);
  std::ranges::sort(shuffled);
  EXPECT_EQ(shuffled, items);
  std::vector<int> empty;
  random.Shuffle(std::span<int>(empty));
  EXPECT_TRUE(empty.empty());
}

}  // namespace
}  // namespace stemma::base
