#include "lib/base/sum.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "lib/base/random.h"

namespace stemma::base {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Sum, OfNothingIsZero) { EXPECT_EQ(Sum({}), 0.0); }

TEST(Sum, KeepsWhatAPlainSumLoses) {
  // Neumaier's example: Kahan's method still gives 0.
  EXPECT_EQ(Sum(std::vector<double>{1.0, 1e100, 1.0, -1e100}), 2.0);
}

TEST(Sum, StaysWithinItsBound) {
  // Integers below 2^53 give the exact sum; scaled by a power of two they stay exact.
  Random random(1);
  for (int repetition = 0; repetition < 20; ++repetition) {
    std::vector<double> terms;
    __extension__ __int128 exact = 0;
    double absolute = 0;
    for (int k = 0; k < 5000; ++k) {
      const int shift = static_cast<int>(random.Below(60));
      const auto term = static_cast<std::int64_t>(random.Next64() >> shift >> 1) & ~0x7ffLL;
      const bool negative = random.Below(2) == 1;
      terms.push_back(static_cast<double>(negative ? -term : term));
      exact += negative ? -term : term;
      absolute += std::fabs(terms.back());
    }
    const double u = 0x1p-53;
    const double g = 5000 * u;
    const auto expected = static_cast<double>(exact);  // rounded once more
    EXPECT_LE(std::fabs(Sum(terms) - expected), 2 * u * std::fabs(expected) + g * g * absolute * 1.01);
  }
}

TEST(Sum, GivesTheSameBitsAtEveryOptimisationLevel) {
  // The correctly rounded sum of these doubles, from rational arithmetic; a plain sum ends in ...36.
  std::vector<double> terms;
  for (int k = 1; k <= 1000; ++k) terms.push_back((k % 2 == 0 ? -1.0 : 1.0) / k);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(Sum(terms)), std::bit_cast<std::uint64_t>(0x1.62a2af1bd3624p-1));
}

TEST(Sum, AddsOneTermAtATime) {
  FixedOrderSum sum;
  EXPECT_EQ(sum.value(), 0.0);
  sum.Add(0.1);
  sum.Add(0.2);
  EXPECT_EQ(sum.value(), Sum(std::vector<double>{0.1, 0.2}));
  EXPECT_EQ(sum.value(), 0.1 + 0.2);
}

TEST(Sum, IsInfiniteOrNotANumberWhereAPlainSumIs) {
  EXPECT_EQ(Sum(std::vector<double>{1, kInfinity, 2}), kInfinity);
  EXPECT_EQ(Sum(std::vector<double>{1, -kInfinity, 2}), -kInfinity);
  EXPECT_TRUE(std::isnan(Sum(std::vector<double>{kInfinity, -kInfinity})));
  EXPECT_TRUE(std::isnan(Sum(std::vector<double>{1, std::nan(""), 2})));
}

}  // namespace
}  // namespace stemma::base
