#include "stemma/isotonic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "lib/base/random.h"
#include "tests/evidence/labelled_samples.h"

namespace stemma {
namespace {

double Mean(const std::vector<double>& values, const std::vector<double>& weights, std::size_t first,
            std::size_t last) {
  double sum = 0, weight = 0;
  for (std::size_t k = first; k <= last; ++k) {
    sum += weights[k] * values[k];
    weight += weights[k];
  }
  return sum / weight;
}

// The definition by extremes (Barlow et al. 1972): the highest, over where to begin, of the lowest mean, over where to
// end.
std::vector<double> MaxMin(const std::vector<double>& values, const std::vector<double>& weights) {
  std::vector<double> fitted;
  for (std::size_t k = 0; k < values.size(); ++k) {
    double highest = -std::numeric_limits<double>::infinity();
    for (std::size_t first = 0; first <= k; ++first) {
      double lowest = std::numeric_limits<double>::infinity();
      for (std::size_t last = k; last < values.size(); ++last) {
        lowest = std::min(lowest, Mean(values, weights, first, last));
      }
      highest = std::max(highest, lowest);
    }
    fitted.push_back(highest);
  }
  return fitted;
}

TEST(Isotonic, ReproducesTheReferenceNumbers) {
  const std::vector<double> fitted =
      FitIsotonic(std::vector<double>{1, 3, 2, 4, 3, 5}, std::vector<double>{1, 1, 1, 2, 1, 1});
  const std::vector<double> expected = {1, 2.5, 2.5, 11.0 / 3, 11.0 / 3, 5};
  ASSERT_EQ(fitted.size(), expected.size());
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(fitted[k], expected[k], 1e-9) << k;
}

TEST(Isotonic, TakesNothingAndOneValue) {
  EXPECT_TRUE(FitIsotonic({}).empty());
  EXPECT_EQ(FitIsotonic(std::vector<double>{-0.3}), std::vector<double>{-0.3});
}

TEST(Isotonic, IsTheMaxMinOfMeansForAllShortSequences) {
  const std::vector<double> kValues = {0, 1, 3}, kWeights = {1, 2};
  for (std::size_t size = 1; size <= 5; ++size) {
    test_samples::ForEachSequence(kValues, size, [&](const std::vector<double>& values) {
      test_samples::ForEachSequence(kWeights, size, [&](const std::vector<double>& weights) {
        const std::vector<double> fitted = FitIsotonic(values, weights), expected = MaxMin(values, weights);
        for (std::size_t k = 0; k < size; ++k) ASSERT_NEAR(fitted[k], expected[k], 1e-14);
      });
    });
  }
}

std::vector<double> RandomValues(std::uint64_t seed, std::size_t size) {
  base::Random random(seed);
  std::vector<double> values(size);
  for (std::size_t k = 0; k < size; ++k) values[k] = random.Uniform() + 0.001 * static_cast<double>(k);
  return values;
}

// Equal neighbours keep their value to the last bit, so that a second fit finds nothing to change.
TEST(Isotonic, ChangesNothingTheSecondTime) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<double> weights = RandomValues(seed + 1000, 300);
    const std::vector<double> once = FitIsotonic(RandomValues(seed, 300), weights);
    EXPECT_EQ(FitIsotonic(once, weights), once);
    EXPECT_TRUE(std::ranges::is_sorted(once));
  }
}

TEST(Isotonic, TakesAWeightForThatManyValues) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    base::Random random(seed, 1);
    const std::vector<double> values = RandomValues(seed, 40);
    std::vector<double> weights, repeated;
    for (const double value : values) {
      weights.push_back(static_cast<double>(1 + random.Below(4)));
      repeated.insert(repeated.end(), static_cast<std::size_t>(weights.back()), value);
    }
    const std::vector<double> fitted = FitIsotonic(values, weights), long_fit = FitIsotonic(repeated);
    std::size_t place = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
      EXPECT_NEAR(fitted[k], long_fit[place], 1e-14);
      place += static_cast<std::size_t>(weights[k]);
    }
  }
}

// A million values that all pool: time is linear, and the mean keeps its digits.
TEST(Isotonic, PoolsAMillionValuesWithoutLoss) {
  std::vector<double> values(1'000'000);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<double>(values.size() - k);
  const std::vector<double> fitted = FitIsotonic(values);
  EXPECT_DOUBLE_EQ(fitted.front(), 500000.5);
  EXPECT_DOUBLE_EQ(fitted.back(), 500000.5);
}

}  // namespace
}  // namespace stemma
