#include <algorithm>
#include <cmath>
#include <cstdint>

#include "lib/base/random.h"
#include "lib/evidence/selftest_subject.h"
#include "stemma/e_process.h"

namespace stemma::evidence {
namespace {

constexpr double kWinProbabilities[] = {.6, .7, .8, .9};

// `PairedWins` by its states: how likely each number of wins is among the paths that have not reached `bar` yet. The
// least number of wins that reaches it rises by at most one a pairing.
class Paths {
 public:
  Paths(double win_probability, double bar) : win_(win_probability), bar_log10_(std::log10(bar)) {}

  void Step() {
    ++pairings_;
    alive_.push_back(0);
    for (std::size_t wins = pairings_; wins > 0; --wins) {
      alive_[wins] = alive_[wins] * (1 - win_) + alive_[wins - 1] * win_;
    }
    alive_[0] *= 1 - win_;
    while (least_ <= pairings_ && PairedWinsELog10(least_, pairings_ - least_) < bar_log10_) ++least_;
    for (std::size_t wins = least_; wins <= pairings_; ++wins) {
      reached_ += alive_[wins];
      alive_[wins] = 0;
    }
  }

  double reached() const { return reached_; }
  std::size_t pairings() const { return pairings_; }

 private:
  double win_;
  double bar_log10_;
  std::vector<double> alive_ = {1};
  double reached_ = 0;
  std::size_t pairings_ = 0;
  std::size_t least_ = 0;
};

double MedianOfPairedWins(double win_probability) {
  Paths paths(win_probability, 100);
  while (paths.reached() < 0.5) paths.Step();
  return static_cast<double>(paths.pairings());
}

double LevelOfPairedWins(double bar) {
  Paths fair(0.5, bar);
  while (fair.pairings() < 2'000) fair.Step();
  return fair.reached();
}

double PairingsOfLearnedWins(double win_probability, std::uint64_t path) {
  // Far beyond the median: what is not there by then only needs to be counted as late.
  constexpr int kMostPairings = 2'000;
  base::Random random(1, path);
  LearnedWins wins;
  int pairings = 0;
  while (wins.e_value_log10() < 2 && pairings < kMostPairings) {
    wins.Add(random.Uniform() < win_probability);
    ++pairings;
  }
  return pairings;
}

double MedianOfLearnedWins(double win_probability) {
  constexpr std::size_t kPaths = 20'001;
  std::vector<double> pairings;
  for (std::uint64_t path = 0; path < kPaths; ++path) {
    pairings.push_back(PairingsOfLearnedWins(win_probability, path));
  }
  std::ranges::nth_element(pairings, pairings.begin() + kPaths / 2);
  return pairings[kPaths / 2];
}

// How many of the 2^left ways on from `wins` reach `bar_log10`, at once or later.
std::uint64_t WaysThatReach(const LearnedWins& wins, double bar_log10, int left) {
  if (wins.e_value_log10() >= bar_log10) return std::uint64_t{1} << left;
  if (left == 0) return 0;
  std::uint64_t ways = 0;
  for (const bool win : {false, true}) {
    LearnedWins next = wins;
    next.Add(win);
    ways += WaysThatReach(next, bar_log10, left - 1);
  }
  return ways;
}

// The published medians are simulated, with a bettor that learns; they state neither which nor how many paths. Taken to
// be 2,000, the share of them below the true median is off by .045 in four standard errors, .5 / sqrt(2,000) each; the
// 45.5th and 54.5th of 100 lie so far from the median as the tolerances say (simulated, 40,000 paths).
void CheckLearnedWins(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("bettor that learns", "Krichevsky and Trofimov 1981; medians of 20,001 paths", checks);
  constexpr double kExpected[] = {287, 66, 28, 14};
  constexpr double kPublished[] = {292, 66, 28, 13.5};
  constexpr double kTolerance[] = {22, 5, 2, 4.5};  // the last is published as 9 to 18
  for (std::size_t k = 0; k < 4; ++k) {
    SelfTestCheck& check =
        subject.Expect(absl::StrFormat("learned_wins.median.%g", kWinProbabilities[k]),
                       absl::StrFormat("median pairings to e >= 100, win probability %g", kWinProbabilities[k]),
                       MedianOfLearnedWins(kWinProbabilities[k]), kExpected[k], kExactly);
    check.published = kPublished[k];
    check.published_tolerance = kTolerance[k];
  }
  const double reached = static_cast<double>(WaysThatReach(LearnedWins(), std::log10(20.0), 20));
  SelfTestCheck& level =
      subject.Expect("learned_wins.level", "chance to reach e = 20 in 20 fair pairings (all 2^20 paths), at most .05",
                     reached / 0x1p20, 13'886 / 0x1p20);
  level.published = .025;
  level.published_tolerance = .025;
}

void CheckPairedWins(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("bets on paired wins", "Robbins 1970; exact, over all paths", checks);
  constexpr double kMedians[] = {265, 58, 24, 14};
  for (std::size_t k = 0; k < 4; ++k) {
    subject.Expect(absl::StrFormat("paired_wins.median.%g", kWinProbabilities[k]),
                   absl::StrFormat("median pairings to e >= 100, win probability %g", kWinProbabilities[k]),
                   MedianOfPairedWins(kWinProbabilities[k]), kMedians[k], kExactly);
  }
  // Expected: by whole numbers (binomial coefficients), looked at after each of 2,000 pairings.
  const std::pair<double, double> levels[] = {{.05, 0.03738403492002745}, {.01, 0.008010447729498639}};
  for (const auto& [alpha, expected] : levels) {
    SelfTestCheck& level = subject.Expect(
        absl::StrFormat("paired_wins.level.%g", alpha),
        absl::StrFormat("chance to reach e = %g in 2,000 fair pairings, at most %g", 1 / alpha, alpha),
        LevelOfPairedWins(1 / alpha), expected);
    level.published = alpha / 2;
    level.published_tolerance = alpha / 2;
  }
}

}  // namespace

void CheckEProcess(std::vector<SelfTestCheck>& checks) {
  CheckLearnedWins(checks);
  CheckPairedWins(checks);
}

}  // namespace stemma::evidence
