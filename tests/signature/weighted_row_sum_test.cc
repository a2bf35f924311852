#include "lib/signature/weighted_row_sum.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace stemma::signature {
namespace {

std::vector<std::int64_t> Taken(WeightedRowSum& sum) {
  const auto sums = sum.Take();
  return {sums.begin(), sums.end()};
}

TEST(WeightedRowSum, AddsExactly) {
  WeightedRowSum sum(3);
  sum.Add(std::vector<std::int8_t>{1, -2, 127}, 10, 3);
  sum.Add(std::vector<std::int8_t>{5, 5, -128}, 4095, 1);
  EXPECT_EQ(Taken(sum), (std::vector<std::int64_t>{30 + 20475, -60 + 20475, 3810 - 524160}));
}

// More than 32 bits hold: by one row that comes often, and by many.
TEST(WeightedRowSum, DoesNotRunOver) {
  const std::vector<std::int8_t> row = {127, -128};
  WeightedRowSum sum(2);
  sum.Add(row, 32767, 4000000000U);
  constexpr std::int64_t kFactor = std::int64_t{32767} * 4000000000;
  EXPECT_EQ(Taken(sum), (std::vector<std::int64_t>{127 * kFactor, -128 * kFactor}));
  for (int k = 0; k < 5000; ++k) sum.Add(row, 32767, 1);
  EXPECT_EQ(Taken(sum), (std::vector<std::int64_t>{127 * 32767LL * 5000, -128 * 32767LL * 5000}));
}

TEST(WeightedRowSum, BeginsAnewOnceTaken) {
  WeightedRowSum sum(1);
  sum.Add(std::vector<std::int8_t>{7}, 1, 1);
  EXPECT_EQ(Taken(sum), std::vector<std::int64_t>{7});
  EXPECT_EQ(Taken(sum), std::vector<std::int64_t>{0});
  sum.Add(std::vector<std::int8_t>{3}, 0, 9);
  sum.Add(std::vector<std::int8_t>{3}, 2, 1);
  EXPECT_EQ(Taken(sum), std::vector<std::int64_t>{6});
}

}  // namespace
}  // namespace stemma::signature
