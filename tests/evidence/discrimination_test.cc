#include "stemma/discrimination.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "lib/evidence/normal.h"
#include "tests/evidence/labelled_samples.h"

namespace stemma {
namespace {

using test_samples::Labelled;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::vector<double> kFourValues = {0, 1, 2.5, 3};

double PairwiseAuc(const LabelledSample& sample) {
  double above = 0, all = 0;
  for (std::size_t a = 0; a < sample.h1.size(); ++a) {
    for (std::size_t b = 0; b < sample.h2.size(); ++b) {
      const double weight = sample.h1.weight(a) * sample.h2.weight(b);
      above += weight * (sample.h1.values[a] > sample.h2.values[b]    ? 1
                         : sample.h1.values[a] == sample.h2.values[b] ? 0.5
                                                                      : 0);
      all += weight;
    }
  }
  return above / all;
}

// Share of the weights at or above a threshold.
double AtLeast(const Sample& sample, double threshold) {
  double at_least = 0, all = 0;
  for (std::size_t k = 0; k < sample.size(); ++k) {
    all += sample.weight(k);
    if (sample.values[k] >= threshold) at_least += sample.weight(k);
  }
  return at_least / all;
}

// The hull's equal error rate is the highest cost that a prior can make the best threshold have: the cost of each
// threshold is a line over priors, and the highest point of the lowest line is at an end or where two lines cross.
double MinimaxError(const LabelledSample& sample) {
  struct Rates {
    double miss;
    double false_alarm;
  };
  std::vector<Rates> rates;
  for (const Sample* side : {&sample.h1, &sample.h2}) {
    for (const double t : side->values) rates.push_back({1 - AtLeast(sample.h1, t), AtLeast(sample.h2, t)});
  }
  rates.push_back({1, 0});
  std::vector<double> priors = {0, 1};
  for (const Rates& a : rates) {
    for (const Rates& b : rates) {
      const double crossing = (b.false_alarm - a.false_alarm) / (a.miss - a.false_alarm - b.miss + b.false_alarm);
      if (crossing >= 0 && crossing <= 1) priors.push_back(crossing);
    }
  }
  double highest = 0;
  for (const double prior : priors) {
    double lowest = kInfinity;
    for (const Rates& r : rates) lowest = std::min(lowest, prior * r.miss + (1 - prior) * r.false_alarm);
    highest = std::max(highest, lowest);
  }
  return highest;
}

TEST(Discrimination, ReproducesTheReferenceNumbers) {
  EXPECT_NEAR(Auc(Labelled({.35, .8, .4, .9}, {.1, .4, .4, .2})), .8125, 1e-9);
}

// To the four digits given, and what a step of the grid adds to them; closer to the formulas behind them.
TEST(Discrimination, ReproducesTheReferenceNumbersOfNormalScores) {
  const double kAuc[] = {.7602, .9214, .9831, .9977}, kEer[] = {.3085, .1587, .0668, .0228};
  for (int d = 1; d <= 4; ++d) {
    const LabelledSample sample = test_samples::Gaussian(d);
    EXPECT_NEAR(Auc(sample), kAuc[d - 1], 5.2e-5) << d;
    EXPECT_NEAR(Eer(sample), kEer[d - 1], 5.2e-5) << d;
    EXPECT_NEAR(Auc(sample), evidence::NormalCdf(d / std::numbers::sqrt2), 5e-6) << d;
    EXPECT_NEAR(Eer(sample), evidence::NormalCdf(-d / 2.0), 5e-6) << d;
  }
}

TEST(Discrimination, AgreesWithDefinitionsOnAllSmallSamples) {
  test_samples::ForEachSample(kFourValues, 3, [](const LabelledSample& sample) {
    ASSERT_NEAR(Auc(sample), PairwiseAuc(sample), 1e-15);
    ASSERT_NEAR(Eer(sample), MinimaxError(sample), 1e-15);
  });
}

TEST(Discrimination, AgreesWithDefinitionsOnWeightedSamples) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 20, 35);
    EXPECT_NEAR(Auc(sample), PairwiseAuc(sample), 1e-14);
    EXPECT_NEAR(Eer(sample), MinimaxError(sample), 1e-14);
    EXPECT_NEAR(Auc(sample), Auc(test_samples::Repeated(sample)), 1e-14);
    EXPECT_NEAR(Eer(sample), Eer(test_samples::Repeated(sample)), 1e-14);
  }
}

// Only the order of the scores counts, and not the order in which they are listed: to the last bit.
TEST(Discrimination, IsBlindToTheScale) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 25, 15);
    const LabelledSample other = test_samples::Mapped(sample, [](double v) { return std::exp(3 * v) - 7; });
    EXPECT_EQ(Auc(other), Auc(sample));
    EXPECT_EQ(Eer(other), Eer(sample));
    EXPECT_EQ(Auc(test_samples::Reversed(sample)), Auc(sample));
    const LabelledSample negated = test_samples::Mapped(sample, [](double v) { return -v; });
    EXPECT_NEAR(Auc(negated), 1 - Auc(sample), 1e-14);
    EXPECT_NEAR(Auc({sample.h2, sample.h1}), 1 - Auc(sample), 1e-14);
  }
}

TEST(Discrimination, OfSeparatedAndOfEqualScores) {
  EXPECT_EQ(Auc(Labelled({2, 3}, {0, 1})), 1);
  EXPECT_EQ(Eer(Labelled({2, 3}, {0, 1})), 0);
  EXPECT_EQ(Auc(Labelled({0, 1}, {2, 3})), 0);
  // The hull never falls below chance.
  EXPECT_DOUBLE_EQ(Eer(Labelled({0, 1}, {2, 3})), 0.5);
  EXPECT_EQ(Auc(Labelled({1, 1}, {1})), 0.5);
  EXPECT_EQ(Auc(Labelled({kInfinity, 1}, {-kInfinity, 1})), 0.875);
  // Weights whose sums and products round.
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    base::Random random(seed);
    LabelledSample sample = Labelled({5, 6, 7}, {1, 2, 3});
    for (Sample* side : {&sample.h1, &sample.h2}) {
      for (int k = 0; k < 3; ++k) side->weights.push_back(random.Uniform() + 1e-3);
    }
    EXPECT_LE(Auc(sample), 1);
    EXPECT_GE(Auc(sample), 1 - 1e-15);
  }
}

TEST(Discrimination, HasNoNumberForWhatIsNoSample) {
  for (const LabelledSample& sample : test_samples::InvalidSamples()) {
    EXPECT_TRUE(std::isnan(Auc(sample)));
    EXPECT_TRUE(std::isnan(Eer(sample)));
    EXPECT_EQ(RocCurve(sample).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(DetCurve(sample).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Discrimination, RocCountsWhatIsAtLeastTheThreshold) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 12, 17);
    const absl::StatusOr<std::vector<RocPoint>> curve = RocCurve(sample);
    ASSERT_TRUE(curve.ok());
    for (const RocPoint& point : *curve) {
      EXPECT_NEAR(point.hit, AtLeast(sample.h1, point.threshold), 1e-15);
      EXPECT_NEAR(point.false_alarm, AtLeast(sample.h2, point.threshold), 1e-15);
    }
    // The ends are exact, whatever the weights add up to.
    EXPECT_EQ(curve->front().hit, 1);
    EXPECT_EQ(curve->front().false_alarm, 1);
    EXPECT_EQ(curve->back().hit, 0);
    EXPECT_EQ(curve->back().false_alarm, 0);
    EXPECT_EQ(curve->back().threshold, kInfinity);
    // The area below the curve, by trapezoids, is the AUC.
    double area = 0;
    for (std::size_t k = 1; k < curve->size(); ++k) {
      area += ((*curve)[k - 1].false_alarm - (*curve)[k].false_alarm) * ((*curve)[k - 1].hit + (*curve)[k].hit) / 2;
    }
    EXPECT_NEAR(area, Auc(sample), 1e-14);
  }
}

// Normal scores of equal spread lie on a line of slope -1 whose probits add up to -d; the ends are infinite, not large.
TEST(Discrimination, DetOfNormalScoresIsALine) {
  const absl::StatusOr<std::vector<DetPoint>> curve = DetCurve(test_samples::Gaussian(2));
  ASSERT_TRUE(curve.ok());
  EXPECT_EQ(curve->front().false_alarm_probit, kInfinity);
  EXPECT_EQ(curve->front().miss_probit, -kInfinity);
  EXPECT_EQ(curve->back().false_alarm_probit, -kInfinity);
  EXPECT_EQ(curve->back().miss_probit, kInfinity);
  std::size_t within = 0;
  for (const DetPoint& point : *curve) {
    if (std::fabs(point.miss_probit) > 3 || std::fabs(point.false_alarm_probit) > 3) continue;
    EXPECT_NEAR(point.miss_probit + point.false_alarm_probit, -2, 0.011);  // a step of the grid is .01
    ++within;
  }
  EXPECT_GT(within, 300U);
}

}  // namespace
}  // namespace stemma
