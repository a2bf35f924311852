#include "stemma/bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/base/random.h"
#include "lib/evidence/normal.h"

namespace stemma {
namespace {

using Values = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double WeightedMean(const Values& values, Multiplicities times) {
  double sum = 0, weight = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    sum += times[k] * values[k];
    weight += times[k];
  }
  return sum / weight;
}

Statistic Mean(Values values) {
  return [values = std::move(values)](Multiplicities times) { return WeightedMean(values, times); };
}

// EVIDENCE.md section 6: the differences of its sign-flip example.
const Values kDifferences = {.09, .02, .05, .12, -.02, .09, .01, .17};

TEST(BcaInterval, GivesTheReferenceInterval) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Estimate estimate = BcaInterval(8, "pairs", Mean(kDifferences), {.seed = seed}).value();
    EXPECT_NEAR(estimate.value, 0.06625, 1e-15);
    EXPECT_NEAR(estimate.lower, 0.0275, 0.005);
    EXPECT_NEAR(estimate.upper, 0.1100, 0.005);
    EXPECT_EQ(estimate.level, 0.95);
    EXPECT_EQ(estimate.n, 8U);
    EXPECT_EQ(estimate.unit_of_n, "pairs");
    EXPECT_EQ(estimate.method, "BCa bootstrap, 9999 draws");
  }
}

// The mean of three values has ten bootstrap samples, each with a known probability: its quantiles are exact. 0, 1 and
// 10 have the means 0 (1/27), 1/3 (3/27), 2/3 (3/27), 1 (1/27), 10/3 (3/27), 11/3 (6/27), 4 (3/27), 20/3 and 7 (3/27
// each), 10.
TEST(PercentileInterval, HasTheQuantilesOfAllSamples) {
  // Their shares up to each value: .037, .148, .259, .296, .407, .630, .741, .852, .963, 1. Hoeffding: an observed
  // share is off by more than .01 with probability below 1e-8 for 99,999 draws, which no limit below comes near.
  BootstrapOptions options = {.draws = 99'999};
  const auto limits = [&](double level) {
    options.level = level;
    const Estimate estimate = PercentileInterval(3, "values", Mean({0, 1, 10}), options).value();
    return std::pair(estimate.lower, estimate.upper);
  };
  EXPECT_EQ(limits(0.96), std::pair(0.0, 10.0));
  EXPECT_EQ(limits(0.80), std::pair(1.0 / 3, 7.0));
  EXPECT_EQ(limits(0.60), std::pair(2.0 / 3, 20.0 / 3));
  EXPECT_EQ(limits(0.30), std::pair(10.0 / 3, 4.0));
}

// BCa from its formulae, with the draws' own quantiles. For a symmetric sample it is the percentile interval; for one
// with a long upper tail both limits lie higher.
TEST(BcaInterval, FollowsTheSkew) {
  const Values symmetric = {-5, -3, -2, -1, 1, 2, 3, 5};
  const Estimate percentile = PercentileInterval(8, "values", Mean(symmetric)).value();
  const Estimate bca = BcaInterval(8, "values", Mean(symmetric)).value();
  EXPECT_NEAR(bca.lower, percentile.lower, 0.2);  // means are eighths apart
  EXPECT_NEAR(bca.upper, percentile.upper, 0.2);
  const Values skewed = {0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.3, 2.1, 3.4, 8};
  const Estimate skewed_percentile = PercentileInterval(10, "values", Mean(skewed)).value();
  const Estimate skewed_bca = BcaInterval(10, "values", Mean(skewed)).value();
  EXPECT_GT(skewed_bca.lower, skewed_percentile.lower + 0.05);
  EXPECT_GT(skewed_bca.upper, skewed_percentile.upper + 0.2);
  const Values mirrored = {0, -0.1, -0.2, -0.3, -0.5, -0.8, -1.3, -2.1, -3.4, -8};
  EXPECT_NEAR(BcaInterval(10, "values", Mean(mirrored))->lower, -skewed_bca.upper, 1e-9);
}

// A rising function of the statistic takes its limits along; that is what BCa and percentiles are made for.
TEST(Bootstrap, IntervalsFollowATransformation) {
  const Statistic mean = Mean(kDifferences);
  const Statistic cube = [&](Multiplicities times) { return std::pow(mean(times), 3); };
  const Estimate plain = PercentileInterval(8, "pairs", mean).value();
  const Estimate cubed = PercentileInterval(8, "pairs", cube).value();
  // Between two draws a quantile is on a straight line, hence not exactly.
  EXPECT_NEAR(cubed.lower, std::pow(plain.lower, 3), 1e-6);
  EXPECT_NEAR(cubed.upper, std::pow(plain.upper, 3), 1e-6);
}

TEST(Bootstrap, HasNoIntervalWhereThereIsNone) {
  const auto expect_none = [](const Estimate& estimate) {
    EXPECT_TRUE(std::isfinite(estimate.value));
    EXPECT_TRUE(std::isnan(estimate.lower)) << estimate.method;
    EXPECT_TRUE(std::isnan(estimate.upper)) << estimate.method;
  };
  const Statistic constant = [](Multiplicities) { return 1.0; };
  expect_none(PercentileInterval(5, "values", constant).value());
  expect_none(BcaInterval(5, "values", constant).value());
  expect_none(TwoLevelInterval(5, 5, [](Multiplicities, Multiplicities) { return 1.0; }).value());
  // All draws but those of every unit once are below the value.
  const auto all_once = [](Multiplicities times) { return std::ranges::count(times, 1U) == std::ssize(times); };
  const Statistic highest = [&](Multiplicities times) { return all_once(times) ? 100.0 : times[0]; };
  expect_none(BcaInterval(40, "values", highest).value());
  // A tenth of the draws has no value.
  const Statistic partial = [](Multiplicities times) { return times[0] + times[1] == 0 ? kNaN : 1.0 * times[0]; };
  expect_none(PercentileInterval(20, "values", partial).value());
  expect_none(BcaInterval(20, "values", partial).value());
  expect_none(TwoLevelInterval(20, 5, [&](Multiplicities groups, Multiplicities) { return partial(groups); }).value());
}

// One draw in 400 lacks a value: the others serve.
TEST(Bootstrap, LeavesOutFewDrawsWithoutAValue) {
  const Values values = {1, 2, 3, 4, 5, 6};
  const Statistic statistic = [&](Multiplicities times) {
    return times[0] >= 5 ? kNaN : WeightedMean(values, times);
  };
  const Estimate estimate = PercentileInterval(6, "values", statistic).value();
  EXPECT_LT(estimate.lower, estimate.value);
  EXPECT_GT(estimate.upper, estimate.value);
}

// A table of groups by prompts, and its mean.
struct Spread {
  double groups = 0, prompts = 0, residual = 0;
};

class Table {
 public:
  Table(std::size_t groups, std::size_t prompts, const Spread& spread, std::uint64_t seed)
      : groups_(groups), prompts_(prompts), of_group_(groups, 0), of_prompt_(prompts, 0) {
    base::Random random(seed, groups * 1'000 + prompts);  // tables of other sizes are drawn anew
    const auto normal = [&](double deviation) {
      return deviation == 0 ? 0 : deviation * evidence::NormalQuantile(random.Uniform() + 0x1p-54);
    };
    for (std::size_t p = 0; p < prompts; ++p) of_prompt_[p] = normal(spread.prompts);
    Values prompt_effect = of_prompt_;
    std::ranges::fill(of_prompt_, 0);
    for (std::size_t g = 0; g < groups; ++g) {
      const double group_effect = normal(spread.groups);
      for (std::size_t p = 0; p < prompts; ++p) {
        cells_.push_back(group_effect + prompt_effect[p] + normal(spread.residual));
        of_group_[g] += cells_.back();
        of_prompt_[p] += cells_.back();
      }
    }
  }

  TwoLevelStatistic MeanStatistic() const {
    return [this](Multiplicities groups, Multiplicities prompts) { return Mean(groups, prompts); };
  }

 private:
  static bool Once(Multiplicities times) { return std::ranges::all_of(times, [](auto time) { return time == 1; }); }

  // Of whole rows and columns the sums are known: the simulations below take seconds, not minutes.
  double Mean(Multiplicities groups, Multiplicities prompts) const {
    if (Once(prompts)) return WeightedMean(of_group_, groups) / static_cast<double>(prompts_);
    if (Once(groups)) return WeightedMean(of_prompt_, prompts) / static_cast<double>(groups_);
    const Values times(prompts.begin(), prompts.end());
    double sum = 0;
    for (std::size_t g = 0; g < groups_; ++g) {
      if (groups[g] == 0) continue;
      const double* cell = cells_.data() + g * prompts_;
      double of_row[4] = {};  // sums that do not wait for each other
      std::size_t p = 0;
      for (; p + 4 <= prompts_; p += 4) {
        for (std::size_t k = 0; k < 4; ++k) of_row[k] += times[p + k] * cell[p + k];
      }
      for (; p < prompts_; ++p) of_row[0] += times[p] * cell[p];
      sum += groups[g] * (of_row[0] + of_row[1] + of_row[2] + of_row[3]);
    }
    return sum / static_cast<double>(groups_ * prompts_);
  }

  std::size_t groups_;
  std::size_t prompts_;
  Values cells_;
  Values of_group_;   // sums over prompts
  Values of_prompt_;  // sums over groups
};

// Intervals of 1,000 tables that hold the true mean, 0.
int Covered(std::size_t groups, std::size_t prompts, const Spread& spread) {
  std::vector<int> covered(1'000, 0);
  EXPECT_TRUE(base::ParallelFor(covered.size(), 0, [&](std::size_t trial) {
                const Table table(groups, prompts, spread, trial);
                const BootstrapOptions options = {.draws = 199, .seed = 1'000 + trial};  // not the table's stream
                const Estimate mean = TwoLevelInterval(groups, prompts, table.MeanStatistic(), options).value();
                covered[trial] = mean.lower <= 0 && mean.upper >= 0;
                return absl::OkStatus();
              }).ok());
  return static_cast<int>(std::ranges::count(covered, 1));
}

// EVIDENCE.md section 6: pair sd .008, prompt residual sd .043; 93 to 97 % of 1,000 simulations. An interval that
// covers 95 % is outside of that for one seed in 250, and these seeds are fixed.
//
// Measured at 399 draws over 10, 20, 40 groups and 50, 105, 400, 805 prompts (the right-hand columns without 40 groups
// at 400 and 805), in per cent:
//                                          residual of its own   prompt shared by all   half of each
//   groups alone, percentile                         89.6-94.7              31.4-85.1      47.8-88.1
//   groups, then prompts in each, percentile         94.3-97.2              38.0-71.5      55.9-83.1  (to 105 prompts)
//   groups and prompts apart, percentile             92.0-98.8              92.4-95.4      92.6-96.5
//   this one                                         94.5-96.3              93.6-95.6      93.8-96.2
// and this one of 10,000 simulations at 199 draws, 10 groups: 95.1 at 400 prompts, 95.3 at 805, each with its own
// residual.
TEST(TwoLevelInterval, ParallelSimulationsAreCoveredAsNominal) {
  constexpr double kPair = 0.008;
  constexpr double kPrompt = 0.043;
  const double half = kPrompt / std::sqrt(2.0);
  const auto expect_nominal = [](std::size_t groups, std::size_t prompts, const Spread& spread) {
    const int covered = Covered(groups, prompts, spread);
    EXPECT_GE(covered, 930) << groups << " groups, " << prompts << " prompts";
    EXPECT_LE(covered, 970) << groups << " groups, " << prompts << " prompts";
  };
  for (const std::size_t groups : {10U, 20U, 40U}) {
    expect_nominal(groups, 50, {.groups = kPair, .residual = kPrompt});
    expect_nominal(groups, 50, {.groups = kPair, .prompts = kPrompt});
  }
  expect_nominal(20, 105, {.groups = kPair, .prompts = half, .residual = half});
  expect_nominal(10, 400, {.groups = kPair, .residual = kPrompt});
}

// Without any spread between prompts it is the interval for groups; more prompts then change nothing.
TEST(TwoLevelInterval, DoesNotShrinkWithPromptsThatAddNothing) {
  const auto width = [](std::size_t prompts) {
    const Table table(15, prompts, {.groups = 1}, 1);
    const Estimate estimate = TwoLevelInterval(15, prompts, table.MeanStatistic(), {.draws = 999}).value();
    return estimate.upper - estimate.lower;
  };
  const double few = width(5);
  // Two sets of 999 draws: a quantile's standard error is some 5 % of the width's half.
  EXPECT_NEAR(width(200) / few, 1, 0.25);
}

// t of 14 degrees of freedom and the standard error, where the groups are all there is.
TEST(TwoLevelInterval, IsStudentsForGroupsAlone) {
  const std::size_t n = 15;
  Values values;
  for (std::size_t k = 0; k < n; ++k) {
    values.push_back(evidence::NormalQuantile((static_cast<double>(k) + 0.5) / static_cast<double>(n)));
  }
  double squares = 0;
  for (const double value : values) squares += value * value;
  const double error = std::sqrt(squares / static_cast<double>(n * (n - 1)));
  const auto statistic = [&](Multiplicities groups, Multiplicities) { return WeightedMean(values, groups); };
  const Estimate estimate = TwoLevelInterval(n, 50, statistic, {.draws = 39'999}).value();
  EXPECT_NEAR(estimate.upper / (2.1448 * error), 1, 0.03);
  EXPECT_NEAR(estimate.lower / (2.1448 * error), -1, 0.03);
  EXPECT_EQ(estimate.n, n);
  EXPECT_EQ(estimate.unit_of_n, "groups");
  EXPECT_EQ(estimate.method, "two-level bootstrap, 39999 draws of groups and of 50 prompts");
}

// A share stays a share: no limit outside [0, 1] however few groups there are.
TEST(TwoLevelInterval, StaysInTheStatisticsRange) {
  const auto statistic = [](Multiplicities groups, Multiplicities) { return 1 - groups[0] / 12.0; };
  const Estimate estimate = TwoLevelInterval(12, 12, statistic).value();
  EXPECT_GE(estimate.lower, 0);
  EXPECT_LE(estimate.upper, 1);
}

TEST(Bootstrap, ParallelDrawsAreTheSameForAnyNumberOfThreads) {
  const Table table(12, 30, {.groups = 1, .prompts = 1, .residual = 1}, 7);
  const auto intervals = [&](int threads) {
    const BootstrapOptions options = {.draws = 499, .threads = threads};
    return std::vector<Estimate>{BcaInterval(8, "pairs", Mean(kDifferences), options).value(),
                                 PercentileInterval(8, "pairs", Mean(kDifferences), options).value(),
                                 TwoLevelInterval(12, 30, table.MeanStatistic(), options).value()};
  };
  const std::vector<Estimate> alone = intervals(1);
  for (const int threads : {2, 5}) {
    const std::vector<Estimate> together = intervals(threads);
    for (std::size_t k = 0; k < alone.size(); ++k) {
      EXPECT_EQ(together[k].lower, alone[k].lower) << threads << " threads, " << alone[k].method;
      EXPECT_EQ(together[k].upper, alone[k].upper) << threads << " threads, " << alone[k].method;
    }
  }
}

TEST(Bootstrap, StopsWhereItIsToldTo) {
  std::size_t asked = 0;
  const BootstrapOptions options = {.draws = 99, .progress = [&](const ProgressEvent& event) {
                                      EXPECT_EQ(event.total, 99U);
                                      return ++asked != 50;
                                    }};
  EXPECT_EQ(PercentileInterval(8, "pairs", Mean(kDifferences), options).status(), absl::CancelledError("stopped while resampling"));
  EXPECT_EQ(asked, 50U);
  asked = 0;
  const TwoLevelStatistic statistic = [](Multiplicities, Multiplicities) { return 0.0; };
  EXPECT_EQ(TwoLevelInterval(4, 4, statistic, options).status(), absl::CancelledError("stopped while resampling"));
}

TEST(Bootstrap, RefusesWhatCannotBeResampled) {
  const Statistic mean = Mean(kDifferences);
  EXPECT_EQ(BcaInterval(1, "groups", mean).status().message(), "a bootstrap needs at least 2 groups, got 1");
  EXPECT_EQ(PercentileInterval(8, "pairs", mean, {.level = 1}).status().message(), "level must be in (0, 1), got 1");
  EXPECT_EQ(PercentileInterval(8, "pairs", mean, {.draws = 38}).status().message(),
            "draws must be at least 39 for a level of 0.95, got 38");
  EXPECT_TRUE(PercentileInterval(8, "pairs", mean, {.draws = 39}).ok());
  EXPECT_EQ(BcaInterval(8, "pairs", [](Multiplicities) { return kNaN; }).status().code(),
            absl::StatusCode::kInvalidArgument);
  const TwoLevelStatistic statistic = [](Multiplicities, Multiplicities) { return 0.0; };
  EXPECT_EQ(TwoLevelInterval(2, 1, statistic).status().message(), "a bootstrap needs at least 2 prompts, got 1");
  EXPECT_FALSE(TwoLevelInterval(1, 2, statistic).ok());
}

}  // namespace
}  // namespace stemma
