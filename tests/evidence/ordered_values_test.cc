#include "lib/evidence/ordered_values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/evidence/labelled_samples.h"

namespace stemma::evidence {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(OrderedValues, AddsTheWeightsOfEqualValuesByClass) {
  const LabelledSample sample = {.h1 = {.values = {2, -1, 2}, .weights = {0.5, 3, 0.25}},
                                 .h2 = {.values = {2, 0}, .weights = {4, 1}}};
  const std::vector<ValueWeights> values = OrderValues(sample);
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[0].value, -1);
  EXPECT_EQ(values[1].value, 0);
  EXPECT_EQ(values[2].value, 2);
  EXPECT_EQ(values[2].h1, 0.75);
  EXPECT_EQ(values[2].h2, 4);
  EXPECT_EQ(TotalWeights(values).h1, 3.75);
  EXPECT_EQ(TotalWeights(values).h2, 5);
}

// Both zeros are one value, and print alike whichever comes first.
TEST(OrderedValues, KnowsOneZero) {
  for (const auto& [h1, h2] : {std::pair(-0.0, 0.0), std::pair(0.0, -0.0)}) {
    const std::vector<ValueWeights> values = OrderValues(test_samples::Labelled({h1}, {h2}));
    ASSERT_EQ(values.size(), 1U);
    EXPECT_FALSE(std::signbit(values[0].value));
  }
}

TEST(OrderedValues, LeavesOutWhatWeighsNothing) {
  const LabelledSample sample = {.h1 = {.values = {1, 5}, .weights = {1, 0}}, .h2 = {.values = {1}}};
  EXPECT_EQ(OrderValues(sample).size(), 1U);
  EXPECT_EQ(CountWeighted(sample.h1), 1);
  EXPECT_EQ(CountWeighted(sample.h2), 1);
}

// Sums of weights that do not add up exactly, in two orders.
TEST(OrderedValues, DoesNotDependOnTheOrder) {
  LabelledSample sample;
  base::Random random(1);
  for (int k = 0; k < 1000; ++k) {
    sample.h1.values.push_back(k % 7);
    sample.h1.weights.push_back(random.Uniform());
  }
  sample.h2.values = {3};
  const std::vector<ValueWeights> one = OrderValues(sample), other = OrderValues(test_samples::Reversed(sample));
  ASSERT_EQ(one.size(), 7U);
  for (std::size_t k = 0; k < one.size(); ++k) EXPECT_EQ(one[k].h1, other[k].h1);
}

TEST(OrderedValues, RefusesWhatIsNoSample) {
  for (const LabelledSample& sample : test_samples::InvalidSamples()) {
    const absl::Status status = CheckSample(sample, Infinities::kAllowed);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  }
  const LabelledSample infinite = test_samples::Labelled({kInfinity}, {-kInfinity});
  EXPECT_TRUE(CheckSample(infinite, Infinities::kAllowed).ok());
  EXPECT_EQ(CheckSample(infinite, Infinities::kRefused).code(), absl::StatusCode::kInvalidArgument);
}

// A message says what, which value, and what was allowed.
TEST(OrderedValues, NamesTheCulprit) {
  const LabelledSample sample = {.h1 = {.values = {1}}, .h2 = {.values = {0, 1}, .weights = {1, -2}}};
  EXPECT_EQ(std::string(CheckSample(sample, Infinities::kAllowed).message()),
            "weight 1 of H2 must be finite and not negative, got -2");
}

}  // namespace
}  // namespace stemma::evidence
