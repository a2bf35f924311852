#include <cmath>
#include <cstdint>

#include "lib/base/random.h"
#include "lib/base/sum.h"
#include "lib/evidence/normal.h"
#include "lib/evidence/selftest_subject.h"
#include "stemma/bootstrap.h"

namespace stemma::evidence {
namespace {

double MeanDifference(Multiplicities times) {
  base::FixedOrderSum sum, weight;
  for (std::size_t k = 0; k < times.size(); ++k) {
    sum.Add(times[k] * kPairDifferences[k]);
    weight.Add(times[k]);
  }
  return sum.value() / weight.value();
}

// The draws' means lie .00125 apart, and where a limit lies near a step the seed decides which one it takes.
void CheckBca(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("BCa", "Efron 1987; 9,999 draws", checks);
  constexpr double kPinned = 1e-6;
  constexpr double kPublished = 0.005;
  const Estimate mean = BcaInterval(std::size(kPairDifferences), "pairs", MeanDifference).value_or(Estimate());
  subject.Expect("bca.value", "mean difference of eight pairs", mean.value, .06625);
  SelfTestCheck& lower = subject.Expect("bca.lower", "its lower 95 % limit", mean.lower, .02875, kPinned);
  lower.published = .0275;
  lower.published_tolerance = kPublished;
  SelfTestCheck& upper = subject.Expect("bca.upper", "its upper 95 % limit", mean.upper, .11, kPinned);
  upper.published = .11;
  upper.published_tolerance = kPublished;
}

// The planning values of a panel: how scores spread between pairs of models, and between the prompts of a pair.
constexpr double kPairDeviation = 0.008;
constexpr double kPromptDeviation = 0.043;
constexpr std::size_t kGroups = 10;
constexpr std::size_t kPrompts = 50;

enum class PromptEffects { kOfEachGroup, kShared };

// Groups by prompts, row by row, about a mean of 0.
std::vector<double> DrawTable(PromptEffects effects, std::uint64_t seed) {
  base::Random random(seed);
  // Half a step of `Uniform` up: no probability is 0.
  const auto normal = [&random](double deviation) { return deviation * NormalQuantile(random.Uniform() + 0x1p-54); };
  std::vector<double> shared(kPrompts, 0);
  if (effects == PromptEffects::kShared) {
    for (double& effect : shared) effect = normal(kPromptDeviation);
  }
  std::vector<double> cells;
  for (std::size_t group = 0; group < kGroups; ++group) {
    const double of_group = normal(kPairDeviation);
    for (const double of_prompt : shared) {
      cells.push_back(of_group + (effects == PromptEffects::kShared ? of_prompt : normal(kPromptDeviation)));
    }
  }
  return cells;
}

// A plain sum in fixed order: of 500 cells, nothing is lost that an interval could show.
double TableMean(std::span<const double> cells, Multiplicities groups, Multiplicities prompts) {
  double sum = 0;
  for (std::size_t group = 0; group < kGroups; ++group) {
    if (groups[group] == 0) continue;
    double of_group = 0;
    for (std::size_t prompt = 0; prompt < kPrompts; ++prompt) {
      of_group += prompts[prompt] * cells[group * kPrompts + prompt];
    }
    sum += groups[group] * of_group;
  }
  return sum / static_cast<double>(kGroups * kPrompts);
}

bool IntervalHoldsTheTruth(PromptEffects effects, std::uint64_t trial) {
  const std::vector<double> cells = DrawTable(effects, trial);
  const auto mean = [&cells](Multiplicities groups, Multiplicities prompts) {
    return TableMean(cells, groups, prompts);
  };
  // 199 draws: the published figure is of the interval, not of how finely it is drawn. Seeds apart from the tables'.
  const BootstrapOptions options = {.draws = 199, .seed = 1'000'000 + trial};
  const Estimate estimate = TwoLevelInterval(kGroups, kPrompts, mean, options).value_or(Estimate());
  return estimate.lower <= 0 && estimate.upper >= 0;
}

double Coverage(PromptEffects effects) {
  constexpr std::uint64_t kTrials = 1'000;
  int held = 0;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) held += IntervalHoldsTheTruth(effects, trial) ? 1 : 0;
  return held / static_cast<double>(kTrials);
}

// The smallest tables of those that tests/evidence/bootstrap_test.cc simulates: they take half a second.
void CheckTwoLevels(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("two-level bootstrap", "Owen 2007; 1,000 simulations, 93 to 97 % covered", checks);
  const auto expect = [&](std::string id, std::string what, PromptEffects effects, double expected) {
    SelfTestCheck& check = subject.Expect(std::move(id), std::move(what), Coverage(effects), expected);
    check.published = .95;
    check.published_tolerance = .02;
  };
  expect("two_level.own_prompts", "share covered, 10 groups, 50 prompts, prompts act on each group by itself",
         PromptEffects::kOfEachGroup, .94);
  expect("two_level.shared_prompts", "share covered, 10 groups, 50 prompts, prompts act on all groups alike",
         PromptEffects::kShared, .947);
}

}  // namespace

void CheckBootstrap(std::vector<SelfTestCheck>& checks) {
  CheckBca(checks);
  CheckTwoLevels(checks);
}

}  // namespace stemma::evidence
