#include "stemma/permutation_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "lib/base/random.h"

namespace stemma {
namespace {

using Values = std::vector<double>;

const Values kFirst = {.61, .72, .55, .81, .66, .70, .58, .77};
const Values kSecond = {.52, .70, .50, .69, .68, .61, .57, .60};

Values Differences() {
  Values differences;
  for (std::size_t k = 0; k < kFirst.size(); ++k) differences.push_back(kFirst[k] - kSecond[k]);
  return differences;
}

// EVIDENCE.md section 6. One of the four ties with the observed sum up to rounding only: .72 - .70 is not .68 - .66 in
// doubles.
TEST(SignFlipTest, GivesTheReferenceNumber) {
  const PermutationTest test = SignFlipTest(Differences()).value();
  EXPECT_EQ(test.at_least, 4U);
  EXPECT_EQ(test.arrangements, 256U);
  EXPECT_EQ(test.p, 0.015625);
  EXPECT_EQ(test.method, PermutationMethod::kExact);
  EXPECT_NEAR(test.difference, 0.06625, 1e-15);
  EXPECT_EQ(test.standard_error, 0);
  EXPECT_EQ(test.p_lower, test.p);
  EXPECT_EQ(test.p_upper, test.p);
}

// All arrangements in whole numbers, where no sum is rounded.
std::uint64_t CountSignFlips(const std::vector<int>& values) {
  int observed = 0;
  for (const int value : values) observed += value;
  std::uint64_t count = 0;
  for (std::uint64_t flips = 0; flips < std::uint64_t{1} << values.size(); ++flips) {
    int sum = 0;
    for (std::size_t k = 0; k < values.size(); ++k) sum += (flips >> k & 1) != 0 ? -values[k] : values[k];
    count += sum >= observed;
  }
  return count;
}

std::uint64_t CountSelections(const std::vector<int>& values, std::size_t size) {
  int observed = 0;
  for (std::size_t k = 0; k < size; ++k) observed += values[k];
  std::uint64_t count = 0;
  for (std::uint64_t chosen = 0; chosen < std::uint64_t{1} << values.size(); ++chosen) {
    if (static_cast<std::size_t>(std::popcount(chosen)) != size) continue;
    int sum = 0;
    for (std::size_t k = 0; k < values.size(); ++k) sum += (chosen >> k & 1) != 0 ? values[k] : 0;
    count += sum >= observed;
  }
  return count;
}

// Tenths and thirds are rounded in doubles; few distinct values make many ties, all of which must count.
TEST(PermutationTest, AgreesWithAllArrangementsInWholeNumbers) {
  base::Random random(1);
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t size = 2 + static_cast<std::size_t>(random.Below(11));
    const double unit = trial % 2 == 0 ? 0.1 : 1.0 / 3;
    std::vector<int> whole;
    Values values;
    for (std::size_t k = 0; k < size; ++k) {
      whole.push_back(static_cast<int>(random.Below(7)) - 2);
      values.push_back(whole.back() * unit);
    }
    const PermutationTest flips = SignFlipTest(values).value();
    EXPECT_EQ(flips.at_least, CountSignFlips(whole));
    EXPECT_EQ(flips.arrangements, std::uint64_t{1} << size);
    const std::size_t first = 1 + static_cast<std::size_t>(random.Below(size - 1));
    const PermutationTest samples =
        TwoSampleTest(std::span(values).first(first), std::span(values).subspan(first)).value();
    EXPECT_EQ(samples.at_least, CountSelections(whole, first));
    EXPECT_DOUBLE_EQ(samples.p, static_cast<double>(samples.at_least) / static_cast<double>(samples.arrangements));
  }
}

TEST(TwoSampleTest, CountsAllSelections) {
  const PermutationTest test = TwoSampleTest(Values{4, 5, 6}, Values{1, 2, 3, 0}).value();
  EXPECT_EQ(test.arrangements, 35U);  // 7 choose 3
  EXPECT_EQ(test.at_least, 1U);
  EXPECT_DOUBLE_EQ(test.difference, 3.5);
  EXPECT_EQ(TwoSampleTest(Values{1}, Values{1})->p, 1);
  EXPECT_EQ(TwoSampleTest(Values(5, 0), Values(5, 0))->p, 1);  // ties without any tolerance
  EXPECT_EQ(SignFlipTest(Values(9, 0))->p, 1);
  EXPECT_EQ(TwoSampleTest(Values(16, 1), Values(16, 2))->arrangements, 601'080'390U);  // 32 choose 16
}

// The order of the observations is arbitrary, as are unit and, for two samples, origin.
TEST(PermutationTest, DependsOnNoOrderUnitOrOrigin) {
  base::Random random(2);
  Values differences = Differences();
  for (int trial = 0; trial < 50; ++trial) {
    random.Shuffle(std::span(differences));
    EXPECT_EQ(SignFlipTest(differences)->at_least, 4U);
  }
  const std::uint64_t expected = TwoSampleTest(kFirst, kSecond)->at_least;
  for (const double unit : {1e-200, 1e-3, 7.0, 1e200}) {
    Values first = kFirst, second = kSecond, scaled = differences;
    for (Values* values : {&first, &second, &scaled}) {
      for (double& value : *values) value *= unit;
    }
    EXPECT_EQ(SignFlipTest(scaled)->at_least, 4U) << unit;
    EXPECT_EQ(TwoSampleTest(first, second)->at_least, expected) << unit;
  }
  Values first = kFirst, second = kSecond;
  for (Values* values : {&first, &second}) {
    for (double& value : *values) value += 100;
  }
  EXPECT_EQ(TwoSampleTest(first, second)->at_least, expected);
}

// Over all sign patterns of the same sizes, which are alike under H0, p <= alpha for at most a share alpha.
TEST(SignFlipTest, HoldsItsLevelOverAllSigns) {
  for (const Values& sizes : {Values{1, 2, 3, 4, 5, 6}, Values{1, 1, 1, 1, 1, 1}, Values{.1, .2, .3, .3, .6, 0}}) {
    Values p_values;
    for (std::uint64_t signs = 0; signs < 64; ++signs) {
      Values values = sizes;
      for (std::size_t k = 0; k < 6; ++k) values[k] *= (signs >> k & 1) != 0 ? -1 : 1;
      p_values.push_back(SignFlipTest(values)->p);
    }
    for (const double alpha : p_values) {
      const auto at_most = std::ranges::count_if(p_values, [&](double p) { return p <= alpha; });
      EXPECT_LE(static_cast<double>(at_most) / 64, alpha);
    }
  }
}

// Drawn arrangements tell what all of them do. Hoeffding: P(|b / B - p| > t) <= 2 exp(-2 B t^2) = 1e-8 at t = 0.0098
// for 100,000 draws.
TEST(PermutationTest, MonteCarloComesNearTheExactOne) {
  PermutationOptions options;
  options.max_exact = 0;
  options.draws = 100'000;
  for (const bool two_samples : {false, true}) {
    const auto test = [&](const PermutationOptions& with) {
      return two_samples ? TwoSampleTest(kFirst, kSecond, with).value() : SignFlipTest(Differences(), with).value();
    };
    const PermutationTest exact = test({});
    const PermutationTest drawn = test(options);
    EXPECT_EQ(drawn.method, PermutationMethod::kMonteCarlo);
    EXPECT_EQ(drawn.arrangements, options.draws);
    EXPECT_NEAR(drawn.p, exact.p, 0.0098);
    EXPECT_EQ(drawn.p, static_cast<double>(1 + drawn.at_least) / 100'001);
    EXPECT_NEAR(drawn.standard_error, std::sqrt(drawn.p * (1 - drawn.p) / 100'001), 1e-15);
    EXPECT_LE(drawn.p_lower, exact.p);  // true of 95 % of seeds, and of this one
    EXPECT_GE(drawn.p_upper, exact.p);
  }
}

// Never 0, however large the difference (Phipson and Smyth 2010).
TEST(PermutationTest, MonteCarloIsNeverZero) {
  PermutationOptions options;
  options.draws = 199;
  const PermutationTest flips = SignFlipTest(Values(100, 1.0), options).value();
  EXPECT_EQ(flips.at_least, 0U);
  EXPECT_EQ(flips.p, 1.0 / 200);
  EXPECT_EQ(flips.p_lower, 0);
  EXPECT_GT(flips.p_upper, flips.p);
  EXPECT_EQ(TwoSampleTest(Values(50, 2.0), Values(50, 1.0), options)->p, 1.0 / 200);
  EXPECT_EQ(SignFlipTest(Values(100, 0.0), options)->p, 1);
}

TEST(PermutationTest, SwitchesToMonteCarloWhereAskedTo) {
  PermutationOptions options;
  options.draws = 9;
  EXPECT_EQ(SignFlipTest(Values(32, 0.1), options)->method, PermutationMethod::kExact);
  EXPECT_EQ(SignFlipTest(Values(32, 0.1), options)->p, std::exp2(-32));
  EXPECT_EQ(SignFlipTest(Values(33, 0.1), options)->method, PermutationMethod::kMonteCarlo);
  EXPECT_EQ(TwoSampleTest(Values(30, 0.1), Values(3, 0.1), options)->method, PermutationMethod::kMonteCarlo);
  EXPECT_EQ(NameOf(PermutationMethod::kExact), "exact");
  EXPECT_EQ(NameOf(PermutationMethod::kMonteCarlo), "Monte Carlo");
}

TEST(PermutationTest, ParallelDrawsAreTheSameForAnyNumberOfThreads) {
  PermutationOptions options;
  options.max_exact = 0;
  options.draws = 5'000;
  const std::uint64_t flips = SignFlipTest(Differences(), options)->at_least;
  const std::uint64_t samples = TwoSampleTest(kFirst, kSecond, options)->at_least;
  for (const int threads : {2, 3, 8}) {
    options.threads = threads;
    EXPECT_EQ(SignFlipTest(Differences(), options)->at_least, flips);
    EXPECT_EQ(TwoSampleTest(kFirst, kSecond, options)->at_least, samples);
  }
  options.seed = 2;
  EXPECT_NE(SignFlipTest(Differences(), options)->at_least, flips);
}

TEST(PermutationTest, RefusesWhatCannotBeTested) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(SignFlipTest({}).status().message(), "differences must not be empty");
  EXPECT_EQ(SignFlipTest(Values{1, nan}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(TwoSampleTest(Values{1}, {}).status().message(), "the second sample must not be empty");
  EXPECT_FALSE(TwoSampleTest(Values{std::numeric_limits<double>::infinity()}, Values{1}).ok());
  EXPECT_EQ(SignFlipTest(Values{1}, {.max_exact = 41}).status().message(), "max_exact must be at most 40, got 41");
  EXPECT_EQ(SignFlipTest(Values{1}, {.draws = 0}).status().message(), "draws must be at least 1, got 0");
}

}  // namespace
}  // namespace stemma
