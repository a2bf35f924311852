#include "stemma/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "stemma/discrimination.h"
#include "stemma/lr_metrics.h"
#include "tests/evidence/labelled_samples.h"

namespace stemma {
namespace {

using test_samples::Labelled;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

LogisticCalibration Logistic(const LabelledSample& scores, const LogisticOptions& options = {}) {
  const absl::StatusOr<LogisticCalibration> calibration = LogisticCalibration::Fit(scores, options);
  EXPECT_TRUE(calibration.ok()) << calibration.status();
  return calibration.ok() ? *calibration : *LogisticCalibration::FromCoefficients(99, 99);
}

PavCalibration Pav(const LabelledSample& scores, const PavOptions& options = {}) {
  return PavCalibration::Fit(scores, options).value();
}

const LabelledSample kWeighted = {
    .h1 = {.values = {0.2, -0.32, 0.75, 1.42, 2.14, 1.11, 0.45}, .weights = {1.0, 0.25, 1.25, 0.75, 1.25, 0.5, 0.5}},
    .h2 = {.values = {-0.94, 0.9, 1.96, 0.33, -1.48, -1.15, 1.92, 0.24, -2.08, -0.1, -1.4, -0.76},
           .weights = {1.25, 0.25, 0.25, 0.5, 1.0, 0.25, 1.25, 0.5, 0.5, 0.75, 1.25, 1.25}}};

// The numbers of evaluate.py's fit_logistic, weights of each class scaled to half the number of values, divided by ln
// 10.
TEST(LogisticCalibration, ReproducesTheJudge) {
  const LogisticCalibration strong = Logistic(kWeighted);
  EXPECT_NEAR(strong.slope(), 0.37252250540464904, 1e-9);
  EXPECT_NEAR(strong.intercept(), -0.12278817942601904, 1e-9);
  const LogisticCalibration weak = Logistic(kWeighted, {.l2 = 1e-3});
  EXPECT_NEAR(weak.slope(), 0.5197869089331342, 1e-9);
  EXPECT_NEAR(weak.intercept(), -0.17447161068808537, 1e-9);
}

// Without a ridge the best line of calibrated normal LLRs is the diagonal.
TEST(LogisticCalibration, LeavesCalibratedLlrsAsTheyAre) {
  for (int d = 1; d <= 3; ++d) {
    const LogisticCalibration calibration = Logistic(test_samples::Gaussian(d), {.l2 = 0});
    EXPECT_NEAR(calibration.slope(), 1, 1e-8) << d;
    EXPECT_NEAR(calibration.intercept(), 0, 1e-8) << d;
  }
}

// No line nearby costs less, and none would with a class counted more than the other.
TEST(LogisticCalibration, HasTheLeastCllrOfAllLinesWithoutARidge) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSample scores = test_samples::RandomSample(seed, 20, 40);
    const LogisticCalibration best = Logistic(scores, {.l2 = 0});
    const double least = Cllr(Calibrate(best, scores));
    for (const double step : {-1e-3, 1e-3}) {
      EXPECT_GT(Cllr(Calibrate(*LogisticCalibration::FromCoefficients(best.slope() + step, best.intercept()), scores)),
                least);
      EXPECT_GT(Cllr(Calibrate(*LogisticCalibration::FromCoefficients(best.slope(), best.intercept() + step), scores)),
                least);
    }
    EXPECT_GE(least, CllrMin(scores) - 1e-14);
    EXPECT_LE(least, 1);
    // A ridge only flattens.
    EXPECT_LT(Logistic(scores).slope(), best.slope());
    EXPECT_GT(Logistic(scores).slope(), Logistic(scores, {.l2 = 10}).slope());
  }
}

// Moving or stretching the scores moves and stretches the line; listing them otherwise changes nothing.
TEST(LogisticCalibration, FollowsTheScale) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSample scores = test_samples::RandomSample(seed, 20, 40);
    const LogisticCalibration calibration = Logistic(scores);
    const LogisticCalibration other =
        Logistic(test_samples::Mapped(scores, [](double score) { return 1e-3 * score + 50; }));
    for (const double score : {-2.0, 0.0, 1.7}) {
      EXPECT_NEAR(other.LlrLog10(1e-3 * score + 50), calibration.LlrLog10(score), 1e-9);
    }
    const LogisticCalibration reversed = Logistic(test_samples::Reversed(scores));
    EXPECT_EQ(reversed.slope(), calibration.slope());
    EXPECT_EQ(reversed.intercept(), calibration.intercept());
    EXPECT_NEAR(Logistic({scores.h1, scores.h2}, {.l2 = 0}).slope(),
                Logistic(test_samples::Repeated(scores), {.l2 = 0}).slope(), 1e-9);
  }
}

// How many values a class has is the design of a study and no evidence: n of one class, 50 n of the other.
TEST(LogisticCalibration, HoldsNoPrior) {
  LabelledSample scores = Labelled({0, 1, 2}, {-1, 0, 1});
  const double even = Logistic(scores, {.l2 = 0}).LlrLog10(0.5);
  EXPECT_NEAR(even, 0, 1e-9);
  scores.h2.values.clear();
  for (int k = 0; k < 150; ++k) scores.h2.values.push_back(k % 3 - 1);
  EXPECT_NEAR(Logistic(scores, {.l2 = 0}).LlrLog10(0.5), even, 1e-9);
}

// Where higher scores speak for H2, a calibration that turned them around would hide a broken score.
TEST(LogisticCalibration, GivesNothingForAFallingRelation) {
  for (const double l2 : {0.0, 1.0}) {
    for (const LabelledSample& scores :
         {Labelled({0, 1}, {2, 3}), Labelled({0, 2}, {1, 3}), Labelled({0, 1}, {0, 1})}) {
      const LogisticCalibration calibration = Logistic(scores, {.l2 = l2});
      EXPECT_EQ(calibration.slope(), 0);
      for (const double score : {-kInfinity, -5.0, 0.5, 9.0, kInfinity}) EXPECT_EQ(calibration.LlrLog10(score), 0);
    }
  }
}

// Classes that do not overlap have a finite line with the ridge, and none without.
TEST(LogisticCalibration, OfSeparatedClasses) {
  const LabelledSample separated = Labelled({5, 6, 7}, {1, 2, 3}), touching = Labelled({3, 6, 7}, {1, 2, 3});
  EXPECT_GT(Logistic(separated).slope(), 0);
  EXPECT_TRUE(std::isfinite(Logistic(separated, {.l2 = 1e-6}).slope()));
  for (const LabelledSample& scores : {separated, touching}) {
    EXPECT_EQ(LogisticCalibration::Fit(scores, {.l2 = 0}).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_GT(Logistic(Labelled({2.9, 6, 7}, {1, 2, 3}), {.l2 = 0}).slope(), 0);
}

// One score far from all others must not send Newton's method astray.
TEST(LogisticCalibration, SettlesWithFarOutliers) {
  LabelledSample scores = test_samples::RandomSample(3, 200, 200);
  scores.h2.values.push_back(1e6);
  scores.h2.weights.push_back(1e-3);
  for (const double l2 : {0.0, 1e-6, 1.0}) EXPECT_GE(Logistic(scores, {.l2 = l2}).slope(), 0);
  scores.h2.values.back() = -1e6;
  for (const double l2 : {0.0, 1e-6, 1.0}) EXPECT_GT(Logistic(scores, {.l2 = l2}).slope(), 0);
}

// Found by search: Newton's method overshoots here and comes back only where steps that cost more are halved.
TEST(LogisticCalibration, HalvesStepsThatOvershoot) {
  const LabelledSample scores = {
      .h1 = {.values = {1.2529705524448456, 29583.302565996408, 0.98087134194445669},
             .weights = {0.00021859361238821368, 0.008745815999730568, 0.0065685372735111783}},
      .h2 = {.values = {0.3311809871175479, 0.053248678115128276},
             .weights = {0.0049796285700392344, 0.0024925074163018018}}};
  EXPECT_GT(Logistic(scores, {.l2 = 1e-9}).slope(), 0);
}

TEST(LogisticCalibration, TakesStoredCoefficients) {
  const absl::StatusOr<LogisticCalibration> stored = LogisticCalibration::FromCoefficients(2, -0.5);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->LlrLog10(1.5), 2.5);
  EXPECT_EQ(stored->LlrLog10(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(stored->LlrLog10(std::nan(""))));
  EXPECT_TRUE(std::isnan(LogisticCalibration::FromCoefficients(0, 0)->LlrLog10(std::nan(""))));
  EXPECT_EQ(LogisticCalibration::FromCoefficients(-1, 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LogisticCalibration::FromCoefficients(kInfinity, 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LogisticCalibration::FromCoefficients(1, std::nan("")).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Calibration, RefusesWhatItCannotLearnFrom) {
  std::vector<LabelledSample> samples = test_samples::InvalidSamples();
  samples.push_back(Labelled({kInfinity, 1}, {0}));
  samples.push_back(Labelled({1}, {-kInfinity, 0}));
  samples.push_back(Labelled({2, 2}, {2}));
  samples.push_back({.h1 = {.values = {2, 3}, .weights = {1, 0}}, .h2 = {.values = {2}}});
  for (const LabelledSample& sample : samples) {
    EXPECT_EQ(LogisticCalibration::Fit(sample).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(PavCalibration::Fit(sample).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(KernelCalibration::Fit(sample).status().code(), absl::StatusCode::kInvalidArgument);
  }
  const LabelledSample fine = Labelled({1, 2}, {0, 1.5});
  for (const double l2 : {-1.0, kInfinity, std::nan("")}) {
    EXPECT_EQ(LogisticCalibration::Fit(fine, {.l2 = l2}).status().code(), absl::StatusCode::kInvalidArgument);
  }
  // Differences that double cannot square.
  for (const LabelledSample& sample : {Labelled({1e300, 0}, {-1e300, 1}), Labelled({0, 5e-324}, {0, 5e-324})}) {
    EXPECT_EQ(LogisticCalibration::Fit(sample).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(KernelCalibration::Fit(sample).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Calibration, KeepsWeightsAndGroups) {
  LabelledSample scores = kWeighted;
  scores.h1.groups = {1, 1, 2, 2, 3, 3, 4};
  const LabelledSample llrs = Calibrate(Pav(scores), scores);
  EXPECT_EQ(llrs.h1.weights, scores.h1.weights);
  EXPECT_EQ(llrs.h1.groups, scores.h1.groups);
  EXPECT_NE(llrs.h1.values, scores.h1.values);
}

// It is the map that Cllr_min is named for, and rises, so that AUC keeps all but what ties lose.
TEST(PavCalibration, HasTheLeastCllr) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSample scores = test_samples::RandomSample(seed, 20, 40);
    const PavCalibration calibration = Pav(scores);
    const LabelledSample llrs = Calibrate(calibration, scores);
    EXPECT_NEAR(Cllr(llrs), CllrMin(scores), 1e-14);
    EXPECT_NEAR(CllrMin(llrs), CllrMin(scores), 1e-14);
    for (std::size_t k = 1; k < calibration.steps().size(); ++k) {
      EXPECT_GT(calibration.steps()[k].llr_log10, calibration.steps()[k - 1].llr_log10);
      EXPECT_GT(calibration.steps()[k].from_score, calibration.steps()[k - 1].to_score);
    }
    EXPECT_EQ(Cllr(Calibrate(Pav(test_samples::Reversed(scores)), scores)), Cllr(llrs));
  }
}

TEST(PavCalibration, KeepsTheReferenceNumbersOfBreathData) {
  const PavCalibration calibration = Pav(test_samples::Breath(1000));
  EXPECT_NEAR(std::pow(10, calibration.LlrLog10(std::log10(.101))), .1010101, 5e-8);
  EXPECT_NEAR(std::pow(10, calibration.LlrLog10(3)), 90, 1e-9);
}

// H2 at 0; a tie of both at 1 and 2, pooled; H1 at 3. Between steps: what lies nearest to LR 1.
TEST(PavCalibration, SaysBetweenScoresWhatBothNeighboursCarry) {
  const LabelledSample scores = Labelled({1, 1, 3}, {0, 2});
  const PavCalibration calibration = Pav(scores);
  ASSERT_EQ(calibration.steps().size(), 3U);
  const double middle = std::log10((2.0 / 3) / (1.0 / 2));
  EXPECT_EQ(calibration.LlrLog10(-kInfinity), -kInfinity);
  EXPECT_EQ(calibration.LlrLog10(0), -kInfinity);
  EXPECT_EQ(calibration.LlrLog10(0.5), 0);
  EXPECT_NEAR(calibration.LlrLog10(1), middle, 1e-15);
  EXPECT_EQ(calibration.LlrLog10(1.5), calibration.LlrLog10(1));
  EXPECT_EQ(calibration.LlrLog10(2), calibration.LlrLog10(1));
  EXPECT_EQ(calibration.LlrLog10(2.5), calibration.LlrLog10(1));
  EXPECT_EQ(calibration.LlrLog10(3), kInfinity);
  EXPECT_EQ(calibration.LlrLog10(9), kInfinity);
  EXPECT_TRUE(std::isnan(calibration.LlrLog10(std::nan(""))));
  const PavCalibration separated = Pav(Labelled({1, 2}, {-1, 0}));
  EXPECT_EQ(separated.LlrLog10(0.5), 0);
  EXPECT_EQ(Pav(Labelled({0, 1}, {2, 3})).LlrLog10(7), 0);
}

// Three a class, separated: with one more a side each end has 3 of 4 against 1 of 4.
TEST(PavCalibration, StaysFiniteWithMisleadingValues) {
  const LabelledSample scores = Labelled({4, 5, 6}, {1, 2, 3});
  for (const std::size_t added : {1U, 2U}) {
    const PavCalibration calibration = Pav(scores, {.add_misleading = added});
    ASSERT_EQ(calibration.steps().size(), 2U);
    const double expected = std::log10(3.0 / static_cast<double>(added));
    EXPECT_NEAR(calibration.LlrLog10(-kInfinity), -expected, 1e-15);
    EXPECT_NEAR(calibration.LlrLog10(1), -expected, 1e-15);
    EXPECT_NEAR(calibration.LlrLog10(6), expected, 1e-15);
    EXPECT_NEAR(calibration.LlrLog10(kInfinity), expected, 1e-15);
    EXPECT_EQ(calibration.steps().front().from_score, 1);
    EXPECT_EQ(calibration.steps().back().to_score, 6);
  }
  // An added value weighs what its class's values weigh on average, so scaled weights change nothing.
  LabelledSample weighted = scores;
  weighted.h2.weights = {10, 10, 10};
  EXPECT_NEAR(Pav(weighted, {.add_misleading = 1}).LlrLog10(6), std::log10(3), 1e-15);
}

const LabelledSample kKernels = {.h1 = {.values = {1.2, .4, 2.5, 1.9}, .weights = {1, 2, 1, .5}},
                                 .h2 = {.values = {-1., .3, -.2, .9, .3}}};

// Computed with 60 digits (mpmath) from the formulas, bandwidths in double.
TEST(KernelCalibration, ReproducesTheFormulas) {
  const absl::StatusOr<KernelCalibration> calibration = KernelCalibration::Fit(kKernels);
  ASSERT_TRUE(calibration.ok());
  EXPECT_NEAR(calibration->bandwidth_h1(), 0.7076613074666277, 1e-14);
  EXPECT_NEAR(calibration->bandwidth_h2(), 0.48699301540101503, 1e-14);
  EXPECT_NEAR(calibration->LlrLog10(-3), -1.1652996076578958, 1e-12);
  EXPECT_NEAR(calibration->LlrLog10(0), -0.28361194636480198, 1e-12);
  EXPECT_NEAR(calibration->LlrLog10(.5), -0.15290838154990778, 1e-12);
  EXPECT_NEAR(calibration->LlrLog10(1), 0.072118958446054603, 1e-12);
  EXPECT_NEAR(calibration->LlrLog10(4), 7.7326315806764251, 1e-12);
  // Where both densities are below what double holds.
  EXPECT_NEAR(calibration->LlrLog10(60), 1764.2861929140105, 1e-9);
  EXPECT_TRUE(std::isnan(calibration->LlrLog10(kInfinity)));
  EXPECT_TRUE(std::isnan(calibration->LlrLog10(std::nan(""))));
}

TEST(KernelCalibration, FollowsTheScale) {
  const KernelCalibration calibration = KernelCalibration::Fit(kKernels).value();
  const KernelCalibration other =
      KernelCalibration::Fit(test_samples::Mapped(kKernels, [](double score) { return 100 * score - 7; })).value();
  const KernelCalibration reversed = KernelCalibration::Fit(test_samples::Reversed(kKernels)).value();
  LabelledSample scaled = kKernels;
  for (double& weight : scaled.h1.weights) weight *= 16;
  const KernelCalibration reweighted = KernelCalibration::Fit(scaled).value();
  for (const double score : {-1.0, 0.3, 2.0}) {
    EXPECT_NEAR(other.LlrLog10(100 * score - 7), calibration.LlrLog10(score), 1e-11);
    EXPECT_EQ(reversed.LlrLog10(score), calibration.LlrLog10(score));
    EXPECT_NEAR(reweighted.LlrLog10(score), calibration.LlrLog10(score), 1e-12);
  }
}

// Exchanged classes turn the sign; one value alone has no bandwidth.
TEST(KernelCalibration, TreatsBothClassesAlike) {
  const KernelCalibration calibration = KernelCalibration::Fit(kKernels).value();
  const KernelCalibration exchanged = KernelCalibration::Fit({kKernels.h2, kKernels.h1}).value();
  EXPECT_EQ(exchanged.LlrLog10(0.4), -calibration.LlrLog10(0.4));
  EXPECT_EQ(KernelCalibration::Fit(Labelled({1, 1}, {0, 2})).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(KernelCalibration::Fit(Labelled({1, 2}, {0})).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace stemma
