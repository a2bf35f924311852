#include "stemma/mixture.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "lib/base/random.h"
#include "lib/score/mixture_em.h"
#include "lib/score/mixture_fit.h"
#include "lib/score/plausible_shares.h"

namespace stemma::score {
namespace {

// Two strata each: a source's likenesses lie in high bins, a stranger's in low ones.
MixtureDensities MadeDensities() {
  const auto strata = [](const std::vector<std::vector<double>>& densities, std::vector<double> strength) {
    StrataDensities out;
    for (const std::vector<double>& density : densities) {
      std::vector<double> logs;
      for (const double d : density) logs.push_back(std::log(d));
      out.log_density.push_back(std::move(logs));
      out.log_prior.push_back(std::log(.5));
    }
    out.strength = std::move(strength);
    return out;
  };
  return {strata({{.1, .2, .3, .4}, {.02, .03, .15, .8}}, {2, 4}), strata({{.6, .25, .1, .05}, {.4, .3, .2, .1}}, {0, .4})};
}

std::uint8_t DrawnBin(const std::vector<double>& log_density, base::Random& random) {
  double rest = random.Uniform();
  std::uint8_t bin = 0;
  while (bin + 1U < log_density.size() && rest >= std::exp(log_density[bin])) rest -= std::exp(log_density[bin++]);
  return bin;
}

// Makers of whom the first wrote `share` of the prompts and the second the rest, or nobody where `others` is set.
Bins MadeBins(std::size_t makers, std::size_t prompts, double share, bool others, std::uint64_t seed) {
  const MixtureDensities densities = MadeDensities();
  base::Random random(seed);
  Bins bins(makers, std::vector<std::uint8_t>(prompts));
  for (std::size_t p = 0; p < prompts; ++p) {
    const bool first = random.Uniform() < share;
    for (std::size_t m = 0; m < makers; ++m) {
      const bool source = m == 0 ? first : m == 1 && !first && !others;
      bins[m][p] = DrawnBin(source ? densities.source.log_density[1] : densities.stranger.log_density[0], random);
    }
  }
  return bins;
}

double Total(const std::vector<double>& shares) { return std::accumulate(shares.begin(), shares.end(), 0.0); }

// The share that was planted comes out, whatever the start: with densities known, its standard error over 2,000 prompts
// is below .015 (that of a coin is .0102, and a prompt tells sources apart nine times in ten); .09 is six of them
// (two-sided failure probability 2e-9).
TEST(FitClasses, FindsThePlantedShare) {
  const Bins bins = MadeBins(2, 2000, .3, false, 1);
  const std::vector<double> once(2000, 1);
  for (const double start : {.05, .5, .9}) {
    const ClassFit fit =
        FitClasses(bins, 2, once, MadeDensities(), {{.02, start, .98 - start}, {0, 0}});
    EXPECT_NEAR(fit.shares[1], .3, .09) << start;
    EXPECT_EQ(fit.strengths[0], 1U) << start;
    EXPECT_NEAR(Total(fit.shares), 1, 1e-4);
  }
}

// Counting each prompt twice changes no share: weights are frequencies.
TEST(FitClasses, CountsPromptsAsOftenAsTold) {
  const Bins bins = MadeBins(1, 400, .4, true, 2);
  const ClassStart start{{.5, .5}, {0}};
  const ClassFit once = FitClasses(bins, 1, std::vector<double>(400, 1), MadeDensities(), start);
  Bins doubled = bins;
  doubled[0].insert(doubled[0].end(), bins[0].begin(), bins[0].end());
  const ClassFit twice = FitClasses(bins, 1, std::vector<double>(400, 2), MadeDensities(), start);
  const ClassFit repeated = FitClasses(doubled, 1, std::vector<double>(800, 1), MadeDensities(), start);
  EXPECT_NEAR(twice.shares[1], repeated.shares[1], 1e-9);
  EXPECT_NEAR(once.shares[1], twice.shares[1], .02);  // the strata's priors weigh half as much
}

// A prompt without likenesses is ascribed by the shares alone.
TEST(FitClasses, AscribesUnseenPromptsByShares) {
  Bins bins = MadeBins(1, 300, .5, true, 3);
  bins[0][7] = kNoBin;
  const ClassFit fit = FitClasses(bins, 1, std::vector<double>(300, 1), MadeDensities(), {{.5, .5}, {1}});
  EXPECT_NEAR(fit.responsibility[1][7], fit.shares[1], .02);
}

// The two that wrote come in, the three that did not stay out; gains of those that wrote are in the hundreds, those of chance
// are a few units (half a chi-square of few degrees of freedom exceeds 40 with probability below 1e-8).
TEST(SelectSources, TakesThoseThatWroteAndNoOthers) {
  const MixtureFit fit = SelectSources(MadeBins(5, 800, .3, false, 4), MadeDensities(), {});
  ASSERT_EQ(fit.makers.size(), 2U);
  EXPECT_EQ(fit.makers[0] + fit.makers[1], 1U);
  const std::size_t first = fit.makers[0] == 0 ? 1 : 2;
  EXPECT_NEAR(fit.classes.shares[first], .3, .14);  // six standard errors of .023
}

// Nobody of the panel wrote anything: no source.
TEST(SelectSources, TakesNobodyWhereNobodyWrote) {
  const MixtureFit fit = SelectSources(MadeBins(6, 800, 0, true, 5), MadeDensities(), {});
  EXPECT_TRUE(fit.makers.empty());
  EXPECT_EQ(fit.classes.shares, std::vector<double>{1});
}

// With the strata known to nobody the interval must hold the planted share, and not all others: with two strata a side, of
// which one is nearer, shares of .1 and .9 are told apart.
TEST(FindPlausibleShares, HoldsThePlantedShareAndIsNoCertainty) {
  for (const double planted : {.1, .3, .9}) {
    const Bins bins = MadeBins(1, 1000, planted, true, 7);
    const PlausibleShares shares = FindPlausibleShares(bins[0], MadeDensities(), 1.2, .95);
    EXPECT_LE(shares.lower, planted) << planted;
    EXPECT_GE(shares.upper, planted) << planted;
    EXPECT_GT(shares.upper - shares.lower, .02) << planted;
    EXPECT_LT(shares.upper - shares.lower, .4) << planted;
  }
}

// Twice the prompts with the same likenesses narrow it; a prompt without a likeness does nothing.
TEST(FindPlausibleShares, NarrowsWithPrompts) {
  std::vector<std::uint8_t> bins = MadeBins(1, 400, .3, true, 8)[0];
  const PlausibleShares few = FindPlausibleShares(bins, MadeDensities(), 1.2, .95);
  bins.push_back(kNoBin);
  const PlausibleShares same = FindPlausibleShares(bins, MadeDensities(), 1.2, .95);
  EXPECT_EQ(same.lower, few.lower);
  EXPECT_EQ(same.upper, few.upper);
  for (int k = 0; k < 3; ++k) bins.insert(bins.end(), bins.begin(), bins.begin() + 400);
  const PlausibleShares many = FindPlausibleShares(bins, MadeDensities(), 1.2, .95);
  EXPECT_LT(many.upper - many.lower, few.upper - few.lower);
}

// Where a source could not be told from a stranger nothing is known of its share.
TEST(FindPlausibleShares, IsEverythingWithoutStrataApart) {
  const PlausibleShares shares = FindPlausibleShares(MadeBins(1, 100, .3, true, 9)[0], MadeDensities(), 10, .95);
  EXPECT_EQ(shares.lower, 0);
  EXPECT_EQ(shares.upper, 1);
}

// Ten seeded starts decide, not what ran before.
TEST(SelectSources, RepeatsItself) {
  const Bins bins = MadeBins(4, 500, .4, false, 6);
  const MixtureFit a = SelectSources(bins, MadeDensities(), {}), b = SelectSources(bins, MadeDensities(), {});
  EXPECT_EQ(a.makers, b.makers);
  EXPECT_EQ(a.classes.shares, b.classes.shares);
}

}  // namespace
}  // namespace stemma::score
