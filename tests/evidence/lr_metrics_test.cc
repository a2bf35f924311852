#include "stemma/lr_metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/evidence/labelled_samples.h"

namespace stemma {
namespace {

using test_samples::Breath;
using test_samples::FromLrs;
using test_samples::Labelled;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::vector<double> kFourLlrs = {-1, 0, 0.3, 2};

// The definition, by LRs.
double PlainCllr(const LabelledSample& sample) {
  double h1 = 0, h2 = 0, weight_h1 = 0, weight_h2 = 0;
  for (std::size_t k = 0; k < sample.h1.size(); ++k) {
    h1 += sample.h1.weight(k) * std::log2(1 + 1 / std::pow(10, sample.h1.values[k]));
    weight_h1 += sample.h1.weight(k);
  }
  for (std::size_t k = 0; k < sample.h2.size(); ++k) {
    h2 += sample.h2.weight(k) * std::log2(1 + std::pow(10, sample.h2.values[k]));
    weight_h2 += sample.h2.weight(k);
  }
  return (h1 / weight_h1 + h2 / weight_h2) / 2;
}

double Share(const Sample& sample, double low, double high) {
  double within = 0, all = 0;
  for (std::size_t k = 0; k < sample.size(); ++k) {
    all += sample.weight(k);
    if (sample.values[k] >= low && sample.values[k] <= high) within += sample.weight(k);
  }
  return within / all;
}

// What PAV makes of one LLR: the max-min definition of isotonic regression, on the share that H1 has of both classes.
double MaxMinLlr(const LabelledSample& sample, double llr) {
  std::vector<double> values = sample.h1.values;
  values.insert(values.end(), sample.h2.values.begin(), sample.h2.values.end());
  double highest = -kInfinity;
  for (const double low : values) {
    if (low > llr) continue;
    double lowest = kInfinity;
    for (const double high : values) {
      if (high < llr) continue;
      const double h1 = Share(sample.h1, low, high), h2 = Share(sample.h2, low, high);
      lowest = std::min(lowest, std::log10(h1 / h2));
    }
    highest = std::max(highest, lowest);
  }
  return highest;
}

LabelledSample MaxMinLlrs(const LabelledSample& sample) {
  return test_samples::Mapped(sample, [&](double llr) { return MaxMinLlr(sample, llr); });
}

TEST(Cllr, ReproducesTheReferenceNumbers) {
  const auto cllr = [](std::vector<double> h2, std::vector<double> h1) { return Cllr(FromLrs(h1, h2)); };
  EXPECT_NEAR(cllr({1, 1}, {1, 1}), 1, 1e-9);
  EXPECT_NEAR(cllr({3, 3}, {1 / 3., 1 / 3.}), 2, 1e-9);
  EXPECT_NEAR(cllr({1 / 3., 1 / 3.}, {3, 3}), 0.4150374992788437, 1e-9);
  EXPECT_NEAR(cllr({1 / 3., 1 / 3.}, {1}), 0.7075187496394219, 1e-9);
  std::vector<double> h2(100, .01);
  EXPECT_NEAR(cllr(h2, {1}), 0.507177646488535, 1e-9);
  h2.push_back(100);
  EXPECT_NEAR(cllr(h2, {1}), 0.5400680236656377, 1e-9);
  h2.push_back(100);
  EXPECT_NEAR(cllr(h2, {1}), 0.5723134914863265, 1e-9);
  h2.insert(h2.end(), 4, 100);
  EXPECT_NEAR(cllr(h2, {1}), 0.6952113122368764, 1e-9);
  EXPECT_NEAR(cllr({2}, {2, 2}), 1.0849625007211563, 1e-9);
  EXPECT_NEAR(cllr({8}, {8, 8}), 1.6699250014423126, 1e-9);
}

// Weighted samples of a normal distribution are its integral: the digits given are all right.
TEST(Cllr, ReproducesTheReferenceNumbersOfNormalLlrs) {
  const double kCllr[] = {0.8392527802, 0.5140558459, 0.2400209922, 0.0871777142};
  for (int d = 1; d <= 4; ++d) EXPECT_NEAR(Cllr(test_samples::Gaussian(d)), kCllr[d - 1], 1e-10) << d;
}

TEST(Cllr, ReproducesTheReferenceNumbersOfBreathData) {
  EXPECT_NEAR(Cllr(Breath(1000)), .2915175453, 1e-9);
  EXPECT_NEAR(Cllr(Breath(90)), .2807451936, 1e-9);
  EXPECT_NEAR(CllrMin(Breath(90)), .2807451933, 1e-9);
  EXPECT_NEAR(CllrMin(Breath(1000)), .2807451933, 1e-9);
  EXPECT_NEAR(CllrCal(Breath(1000)), .2915175453 - .2807451933, 2e-9);
  const absl::StatusOr<std::vector<PavPoint>> curve = PavCurve(Breath(1000));
  ASSERT_TRUE(curve.ok());
  ASSERT_EQ(curve->size(), 2U);
  EXPECT_NEAR(std::pow(10, curve->front().pav_llr_log10), 10.0 / 99, 1e-9);
  EXPECT_NEAR(std::pow(10, curve->back().pav_llr_log10), 90, 1e-9);
}

TEST(Cllr, CountsInfiniteLlrsForWhatTheySay) {
  EXPECT_EQ(Cllr(Labelled({1}, {kInfinity, 0})), kInfinity);
  EXPECT_EQ(Cllr(Labelled({-kInfinity, 3}, {0})), kInfinity);
  EXPECT_EQ(Cllr(Labelled({kInfinity, kInfinity}, {-kInfinity})), 0);
  EXPECT_EQ(CllrMin(Labelled({kInfinity, kInfinity}, {-kInfinity})), 0);
  // What weighs nothing costs nothing, not infinity times 0.
  EXPECT_EQ(Cllr({.h1 = {.values = {0, -kInfinity}, .weights = {1, 0}}, .h2 = {.values = {0}}}), 1);
  // PAV takes a misleading infinity for what it is: the far end of the order.
  EXPECT_NEAR(CllrMin(Labelled({1}, {kInfinity})), 1, 1e-15);
  EXPECT_EQ(CllrCal(Labelled({1}, {kInfinity})), kInfinity);
}

// LLRs whose LRs double cannot hold.
TEST(Cllr, DoesNotOverflow) {
  EXPECT_NEAR(Cllr(Labelled({0}, {1000})), (1 + 1000 * std::log2(10)) / 2, 1e-9);
  EXPECT_EQ(Cllr(Labelled({1000}, {-1000})), 0);
}

TEST(Cllr, IsNaNForWhatIsNoSample) {
  for (const LabelledSample& sample : test_samples::InvalidSamples()) {
    EXPECT_TRUE(std::isnan(Cllr(sample)));
    EXPECT_TRUE(std::isnan(CllrMin(sample)));
    EXPECT_TRUE(std::isnan(CllrCal(sample)));
  }
}

TEST(Cllr, AgreesWithDefinitionsOnAllSmallSamples) {
  test_samples::ForEachSample(kFourLlrs, 3, [](const LabelledSample& sample) {
    ASSERT_NEAR(Cllr(sample), PlainCllr(sample), 1e-14);
    ASSERT_NEAR(CllrMin(sample), PlainCllr(MaxMinLlrs(sample)), 1e-14);
    ASSERT_LE(CllrMin(sample), Cllr(sample) + 1e-15);
    ASSERT_LE(CllrMin(sample), 1 + 1e-15);
  });
}

TEST(Cllr, AgreesWithDefinitionsOnWeightedSamples) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 20, 35);
    EXPECT_NEAR(Cllr(sample), PlainCllr(sample), 1e-13);
    EXPECT_NEAR(CllrMin(sample), PlainCllr(MaxMinLlrs(sample)), 1e-13);
    EXPECT_NEAR(Cllr(sample), Cllr(test_samples::Repeated(sample)), 1e-13);
    EXPECT_NEAR(CllrMin(sample), CllrMin(test_samples::Repeated(sample)), 1e-13);
    EXPECT_EQ(Cllr(sample), Cllr(test_samples::Reversed(sample)));
    EXPECT_EQ(CllrMin(sample), CllrMin(test_samples::Reversed(sample)));
    // Weights are relative within a class.
    LabelledSample scaled = sample;
    for (double& weight : scaled.h1.weights) weight *= 8;
    EXPECT_NEAR(Cllr(scaled), Cllr(sample), 1e-14);
    EXPECT_NEAR(CllrMin(scaled), CllrMin(sample), 1e-14);
  }
}

TEST(Cllr, MinIsBlindToTheScale) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 25, 15);
    const LabelledSample other = test_samples::Mapped(sample, [](double v) { return v * v * v + v - 2; });
    EXPECT_EQ(CllrMin(other), CllrMin(sample));
    EXPECT_NE(Cllr(other), Cllr(sample));
  }
}

std::vector<double> Priors() {
  std::vector<double> priors;
  for (int k = -30; k <= 30; ++k) priors.push_back(k / 10.0);
  return priors;
}

// At even odds it is Cllr. PAV is best at every prior among rising functions, of which LR 1 is one.
TEST(Ece, IsCllrAtEvenOddsAndLeastForPav) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 18, 30);
    const absl::StatusOr<std::vector<EcePoint>> curve = EceCurve(sample, Priors());
    ASSERT_TRUE(curve.ok());
    ASSERT_EQ(curve->size(), 61U);
    EXPECT_NEAR((*curve)[30].llrs, Cllr(sample), 1e-14);
    EXPECT_NEAR((*curve)[30].pav, CllrMin(sample), 1e-14);
    EXPECT_NEAR((*curve)[30].neutral, 1, 1e-14);
    for (const EcePoint& point : *curve) {
      EXPECT_LE(point.pav, point.llrs + 1e-14);
      EXPECT_LE(point.pav, point.neutral + 1e-14);
    }
  }
}

// By posterior probabilities, one LR a class: prior odds 10, LR 4 under H1 and 1/2 under H2.
TEST(Ece, IsThePriorsMeanOfTheTruthsSurprise) {
  const absl::StatusOr<std::vector<EcePoint>> curve = EceCurve(FromLrs({4}, {.5}), std::vector<double>{1});
  ASSERT_TRUE(curve.ok());
  const EcePoint& point = curve->front();
  EXPECT_EQ(point.prior_odds_log10, 1);
  EXPECT_NEAR(point.llrs, -10.0 / 11 * std::log2(40.0 / 41) - 1.0 / 11 * std::log2(1.0 / 6), 1e-14);
  EXPECT_NEAR(point.neutral, -10.0 / 11 * std::log2(10.0 / 11) - 1.0 / 11 * std::log2(1.0 / 11), 1e-14);
  EXPECT_NEAR(point.pav, 0, 1e-14);
}

TEST(Ece, RefusesPriorsThatAreNone) {
  for (const double prior : {kInfinity, -kInfinity, std::nan("")}) {
    EXPECT_EQ(EceCurve(Labelled({1}, {0}), std::vector<double>{prior}).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(Curves, RefuseWhatIsNoSample) {
  for (const LabelledSample& sample : test_samples::InvalidSamples()) {
    EXPECT_EQ(EceCurve(sample, Priors()).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(TippettCurve(sample).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(PavCurve(sample).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(DevPav(sample).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Tippett, CountsWhatIsAtLeastEachLlr) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 18, 30);
    const absl::StatusOr<std::vector<TippettPoint>> curve = TippettCurve(sample);
    ASSERT_TRUE(curve.ok());
    double last = -kInfinity;
    for (const TippettPoint& point : *curve) {
      EXPECT_GT(point.llr_log10, last);
      last = point.llr_log10;
      EXPECT_NEAR(point.h1_at_least, Share(sample.h1, point.llr_log10, kInfinity), 1e-15);
      EXPECT_NEAR(point.h2_at_least, Share(sample.h2, point.llr_log10, kInfinity), 1e-15);
    }
    EXPECT_EQ(curve->front().h1_at_least, 1);
    EXPECT_EQ(curve->front().h2_at_least, 1);
  }
}

TEST(Pav, AgreesWithTheDefinition) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 18, 30);
    const absl::StatusOr<std::vector<PavPoint>> curve = PavCurve(sample);
    ASSERT_TRUE(curve.ok());
    for (const PavPoint& point : *curve) {
      const double expected = MaxMinLlr(sample, point.llr_log10);
      if (std::isinf(expected)) {
        EXPECT_EQ(point.pav_llr_log10, expected);
      } else {
        EXPECT_NEAR(point.pav_llr_log10, expected, 1e-13);
      }
    }
  }
}

// What PAV made, PAV leaves as it is.
TEST(Pav, ChangesNothingTheSecondTime) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSample once = MaxMinLlrs(test_samples::RandomSample(seed, 18, 30));
    const absl::StatusOr<std::vector<PavPoint>> curve = PavCurve(once);
    ASSERT_TRUE(curve.ok());
    for (const PavPoint& point : *curve) {
      if (std::isinf(point.llr_log10)) {
        EXPECT_EQ(point.pav_llr_log10, point.llr_log10);
      } else {
        EXPECT_NEAR(point.pav_llr_log10, point.llr_log10, 1e-13);
      }
    }
  }
}

double DevPavOf(const LabelledSample& sample) {
  const absl::StatusOr<double> deviation = DevPav(sample);
  EXPECT_TRUE(deviation.ok()) << deviation.status();
  return deviation.value_or(-1);
}

TEST(DevPav, ReproducesTheReferenceNumbers) {
  EXPECT_NEAR(DevPavOf(FromLrs({2, 2, 2, 2, 2}, {2, 2, 2, 2, 2})), std::log10(2), 1e-9);
  EXPECT_NEAR(DevPavOf(FromLrs({5, 5, 5, .2}, {5, .2, .2, .2})), (std::log10(5) - std::log10(3)) / 2, 1e-9);
  EXPECT_NEAR(DevPavOf(FromLrs({.1, 100}, {.01, 10})), .5, 1e-9);
}

TEST(DevPav, OfInfiniteLlrs) {
  EXPECT_EQ(DevPavOf(Labelled({1, 2}, {0, kInfinity})), kInfinity);
  EXPECT_EQ(DevPavOf(Labelled({1, -kInfinity}, {0, -1})), kInfinity);
  EXPECT_EQ(DevPavOf(Labelled({1, -kInfinity}, {0, kInfinity})), kInfinity);
  // Not misleading: at both ends PAV says the same.
  EXPECT_NEAR(DevPavOf(FromLrs({.1, 100, kInfinity}, {0, .01, 10})), .5, 1e-9);
  EXPECT_TRUE(std::isnan(DevPavOf(Labelled({1, 2}, {0, -1}))));
}

// The area by many thin strips.
double AreaInStrips(const std::vector<PavPoint>& points) {
  const int kStrips = 20000;
  const double first = points.front().llr_log10, width = (points.back().llr_log10 - first) / kStrips;
  double sum = 0;
  std::size_t next = 1;
  for (int strip = 0; strip < kStrips; ++strip) {
    const double x = first + width * (strip + 0.5);
    while (points[next].llr_log10 < x) ++next;
    const PavPoint &a = points[next - 1], &b = points[next];
    const double share = (x - a.llr_log10) / (b.llr_log10 - a.llr_log10);
    sum += std::fabs(a.pav_llr_log10 + share * (b.pav_llr_log10 - a.pav_llr_log10) - x);
  }
  return sum / kStrips;
}

TEST(DevPav, IsTheMeanDistanceFromTheDiagonal) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const LabelledSample sample = test_samples::RandomSample(seed, 18, 30);
    std::vector<PavPoint> points = *PavCurve(sample);
    std::erase_if(points, [](const PavPoint& point) { return std::isinf(point.pav_llr_log10); });
    if (points.size() < 2) continue;
    // A strip at a corner, or where a line crosses the diagonal, is off by less than its width times the rise.
    EXPECT_NEAR(DevPavOf(sample), AreaInStrips(points), 1e-4);
    EXPECT_NEAR(DevPavOf(sample), DevPavOf(test_samples::Repeated(sample)), 1e-13);
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

}  // namespace
}  // namespace stemma
