#include "stemma/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/base/sum.h"
#include "lib/evidence/beta.h"
#include "lib/evidence/normal.h"

namespace stemma {
namespace {

using evidence::NormalCdf;
using evidence::NormalQuantile;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr char kStage[] = "resampling";

absl::Status CheckUnits(std::size_t units, std::string_view unit) {
  if (units >= 2) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("a bootstrap needs at least 2 %s, got %d", unit, units));
}

absl::Status CheckOptions(const BootstrapOptions& options) {
  if (!(options.level > 0 && options.level < 1)) {
    return absl::InvalidArgumentError(absl::StrFormat("level must be in (0, 1), got %g", options.level));
  }
  // A share (1 - level) / 2 of the draws lies beyond each limit: at least one.
  const double least = std::ceil(2 / (1 - options.level) - 1 - 1e-9);
  if (static_cast<double>(options.draws) < least) {
    return absl::InvalidArgumentError(absl::StrFormat("draws must be at least %.0f for a level of %g, got %d", least,
                                                      options.level, options.draws));
  }
  return absl::OkStatus();
}

absl::Status CheckValue(double value) {
  if (std::isfinite(value)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("the statistic of the observed units must be finite, got %g", value));
}

std::vector<std::uint32_t> Once(std::size_t units) { return std::vector<std::uint32_t>(units, 1); }

std::vector<std::uint32_t> Resample(std::size_t units, base::Random& random) {
  std::vector<std::uint32_t> times(units, 0);
  for (std::size_t k = 0; k < units; ++k) ++times[static_cast<std::size_t>(random.Below(units))];
  return times;
}

// Whether so many draws have a value that the rest may be left out.
bool Enough(std::size_t finite, std::size_t draws) {
  constexpr double kMostLeftOut = 0.01;
  return static_cast<double>(draws - finite) <= kMostLeftOut * static_cast<double>(draws);
}

// The quantile of sorted draws: of B draws the k-th smallest is that of k / (B + 1), with a straight line between them.
double Quantile(std::span<const double> sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() + 1);
  // Rounding must not lose the first or last draw, which a level may just ask for.
  constexpr double kRounding = 1e-9;
  if (!(position >= 1 - kRounding && position <= static_cast<double>(sorted.size()) + kRounding)) return kNaN;
  const double clamped = std::clamp(position, 1.0, static_cast<double>(sorted.size()));
  const std::size_t below = std::min(static_cast<std::size_t>(clamped), sorted.size() - 1);  // draws are two at least
  const double low = sorted[below - 1];
  return low + (clamped - static_cast<double>(below)) * (sorted[below] - low);
}

Estimate WithoutInterval(double value, std::size_t n, std::string_view unit, const BootstrapOptions& options) {
  Estimate estimate;
  estimate.value = value;
  estimate.level = options.level;
  estimate.n = n;
  estimate.unit_of_n = std::string(unit);
  return estimate;
}

// Sets the limits at two shares of the draws; none where all draws are alike.
void SetLimits(Estimate& estimate, std::span<const double> sorted, double lower_share, double upper_share) {
  if (sorted.front() == sorted.back()) return;
  estimate.lower = Quantile(sorted, lower_share);
  estimate.upper = Quantile(sorted, upper_share);
}

// The value on all units, and the sorted finite values of the draws; no draws where too many have none.
struct Draws {
  double value = 0;
  std::vector<double> sorted;
};

absl::StatusOr<Draws> Draw(std::size_t units, std::string_view unit, const Statistic& statistic,
                           const BootstrapOptions& options) {
  STEMMA_RETURN_IF_ERROR(CheckUnits(units, unit));
  STEMMA_RETURN_IF_ERROR(CheckOptions(options));
  Draws draws;
  draws.value = statistic(Once(units));
  STEMMA_RETURN_IF_ERROR(CheckValue(draws.value));
  draws.sorted.resize(options.draws);
  base::Steps steps(options.progress, kStage, options.draws);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(options.draws, options.threads, [&](std::size_t draw) {
    STEMMA_RETURN_IF_ERROR(steps.Next());
    base::Random random(options.seed, draw);
    draws.sorted[draw] = statistic(Resample(units, random));
    return absl::OkStatus();
  }));
  std::erase_if(draws.sorted, [](double value) { return !std::isfinite(value); });
  if (!Enough(draws.sorted.size(), options.draws)) draws.sorted.clear();
  std::ranges::sort(draws.sorted);
  return draws;
}

// How much the statistic's standard error grows with the statistic, from leaving out one unit at a time.
absl::StatusOr<double> Acceleration(std::size_t units, const Statistic& statistic, int threads) {
  std::vector<double> without(units);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(units, threads, [&](std::size_t left_out) {
    std::vector<std::uint32_t> times = Once(units);
    times[left_out] = 0;
    without[left_out] = statistic(times);
    return absl::OkStatus();
  }));
  const double mean = base::Sum(without) / static_cast<double>(units);
  base::FixedOrderSum squares, cubes;
  for (const double value : without) {
    const double influence = mean - value;
    squares.Add(influence * influence);
    cubes.Add(influence * influence * influence);
  }
  if (squares.value() == 0) return 0;  // no unit matters by itself: nothing says that the error grows
  return cubes.value() / (6 * std::pow(squares.value(), 1.5));
}

// The share of draws below the value, ties by halves, as a normal quantile; infinite where all are on one side.
double BiasCorrection(const Draws& draws) {
  const auto [first, last] = std::ranges::equal_range(draws.sorted, draws.value);
  const double below = static_cast<double>(first - draws.sorted.begin());
  const double equal = static_cast<double>(last - first);
  const double share = (below + equal / 2) / static_cast<double>(draws.sorted.size());
  return NormalQuantile(share);
}

// Of one way of resampling at two levels: what each draw gave.
struct TwoLevelDraws {
  std::vector<double> groups;   // only the groups resampled
  std::vector<double> prompts;  // only the prompts
  std::vector<double> both;
};

double Variance(std::span<const double> values) {
  const double mean = base::Sum(values) / static_cast<double>(values.size());
  base::FixedOrderSum squares;
  for (const double value : values) squares.Add((value - mean) * (value - mean));
  return squares.value() / static_cast<double>(values.size() - 1);
}

// Leaves out draws that lack a value of the three.
void KeepFinite(TwoLevelDraws& draws) {
  std::size_t kept = 0;
  for (std::size_t k = 0; k < draws.both.size(); ++k) {
    if (!std::isfinite(draws.groups[k] + draws.prompts[k] + draws.both[k])) continue;
    draws.groups[kept] = draws.groups[k];
    draws.prompts[kept] = draws.prompts[k];
    draws.both[kept] = draws.both[k];
    ++kept;
  }
  for (std::vector<double>* values : {&draws.groups, &draws.prompts, &draws.both}) values->resize(kept);
}

// By statistic.
absl::StatusOr<std::vector<TwoLevelDraws>> DrawTwoLevels(std::size_t groups, std::size_t prompts, std::size_t count,
                                                         const TwoLevelStatistics& statistics,
                                                         const BootstrapOptions& options) {
  std::vector<TwoLevelDraws> draws(count);
  for (TwoLevelDraws& of_one : draws) {
    for (std::vector<double>* values : {&of_one.groups, &of_one.prompts, &of_one.both}) values->resize(options.draws);
  }
  const std::vector<std::uint32_t> every_group = Once(groups);
  const std::vector<std::uint32_t> every_prompt = Once(prompts);
  base::Steps steps(options.progress, kStage, options.draws);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(options.draws, options.threads, [&](std::size_t draw) {
    STEMMA_RETURN_IF_ERROR(steps.Next());
    // Streams of their own: statistics over the same prompts meet the same draws of them, however many groups each has.
    base::Random group_random(options.seed, 2 * draw);
    base::Random prompt_random(options.seed, 2 * draw + 1);
    const std::vector<std::uint32_t> group_times = Resample(groups, group_random);
    const std::vector<std::uint32_t> prompt_times = Resample(prompts, prompt_random);
    std::vector<double> values(count);
    const auto keep = [&](Multiplicities of_groups, Multiplicities of_prompts, std::vector<double> TwoLevelDraws::*kept) {
      statistics(of_groups, of_prompts, values);
      for (std::size_t k = 0; k < count; ++k) (draws[k].*kept)[draw] = values[k];
    };
    keep(group_times, every_prompt, &TwoLevelDraws::groups);
    keep(every_group, prompt_times, &TwoLevelDraws::prompts);
    keep(group_times, prompt_times, &TwoLevelDraws::both);
    return absl::OkStatus();
  }));
  for (TwoLevelDraws& of_one : draws) KeepFinite(of_one);
  return draws;
}

// How many normal standard deviations of `draws.both` the interval must reach to either side of its middle; NaN where
// the draws do not vary.
double Reach(const TwoLevelDraws& draws, double value, double groups, double prompts, double level) {
  const double of_both = Variance(draws.both);
  if (!(of_both > 0 && std::isfinite(of_both))) return kNaN;
  std::vector<double> residual;  // what resampling both did beyond what each did: the part of a group at a prompt
  for (std::size_t k = 0; k < draws.both.size(); ++k) {
    residual.push_back(draws.both[k] - draws.groups[k] - draws.prompts[k] + value);
  }
  // Resampling n units varies by (n - 1) / n of what it estimates.
  const double group_free = groups - 1;
  const double prompt_free = prompts - 1;
  const double of_groups = Variance(draws.groups) * groups / group_free;
  const double of_prompts = Variance(draws.prompts) * prompts / prompt_free;
  const double of_residual = Variance(residual) * groups / group_free * prompts / prompt_free;
  // The residual part is in that of the groups and in that of the prompts: once too often. By chance it may come out
  // larger than either.
  const double variance = std::max({of_groups + of_prompts - of_residual, of_groups, of_prompts});
  if (!(variance > 0)) return kNaN;
  const double degrees =
      variance * variance / (of_groups * of_groups / group_free + of_prompts * of_prompts / prompt_free +
                             of_residual * of_residual / (group_free * prompt_free));
  return evidence::StudentQuantile((1 + level) / 2, degrees) * std::sqrt(variance / of_both);
}

}  // namespace

absl::StatusOr<Estimate> PercentileInterval(std::size_t units, std::string_view unit, const Statistic& statistic,
                                            const BootstrapOptions& options) {
  STEMMA_ASSIGN_OR_RETURN(const Draws draws, Draw(units, unit, statistic, options));
  Estimate estimate = WithoutInterval(draws.value, units, unit, options);
  estimate.method = absl::StrFormat("percentile bootstrap, %d draws", options.draws);
  if (draws.sorted.empty()) return estimate;
  SetLimits(estimate, draws.sorted, (1 - options.level) / 2, (1 + options.level) / 2);
  return estimate;
}

absl::StatusOr<Estimate> BcaInterval(std::size_t units, std::string_view unit, const Statistic& statistic,
                                     const BootstrapOptions& options) {
  STEMMA_ASSIGN_OR_RETURN(const Draws draws, Draw(units, unit, statistic, options));
  Estimate estimate = WithoutInterval(draws.value, units, unit, options);
  estimate.method = absl::StrFormat("BCa bootstrap, %d draws", options.draws);
  if (draws.sorted.empty()) return estimate;
  const double bias = BiasCorrection(draws);
  STEMMA_ASSIGN_OR_RETURN(const double acceleration, Acceleration(units, statistic, options.threads));
  if (!std::isfinite(bias) || !std::isfinite(acceleration)) return estimate;
  const auto share = [&](double normal) {
    const double shrink = 1 - acceleration * (bias + normal);
    return shrink > 0 ? NormalCdf(bias + (bias + normal) / shrink) : kNaN;
  };
  const double normal = NormalQuantile((1 + options.level) / 2);
  SetLimits(estimate, draws.sorted, share(-normal), share(normal));
  return estimate;
}

absl::StatusOr<Estimate> TwoLevelInterval(std::size_t groups, std::size_t prompts, const TwoLevelStatistic& statistic,
                                          const BootstrapOptions& options) {
  const auto one = [&](Multiplicities group_times, Multiplicities prompt_times, std::span<double> values) {
    values[0] = statistic(group_times, prompt_times);
  };
  STEMMA_ASSIGN_OR_RETURN(std::vector<Estimate> estimates, TwoLevelIntervals(groups, prompts, 1, one, options));
  return std::move(estimates.front());
}

absl::StatusOr<std::vector<Estimate>> TwoLevelIntervals(std::size_t groups, std::size_t prompts, std::size_t count,
                                                        const TwoLevelStatistics& statistics,
                                                        const BootstrapOptions& options) {
  STEMMA_RETURN_IF_ERROR(CheckUnits(groups, "groups"));
  STEMMA_RETURN_IF_ERROR(CheckUnits(prompts, "prompts"));
  STEMMA_RETURN_IF_ERROR(CheckOptions(options));
  std::vector<double> values(count);
  statistics(Once(groups), Once(prompts), values);
  for (const double value : values) STEMMA_RETURN_IF_ERROR(CheckValue(value));
  STEMMA_ASSIGN_OR_RETURN(std::vector<TwoLevelDraws> draws, DrawTwoLevels(groups, prompts, count, statistics, options));
  std::vector<Estimate> estimates;
  for (std::size_t k = 0; k < count; ++k) {
    Estimate& estimate = estimates.emplace_back(WithoutInterval(values[k], groups, "groups", options));
    estimate.method = absl::StrFormat("two-level bootstrap, %d draws of groups and of %d prompts", options.draws, prompts);
    if (!Enough(draws[k].both.size(), options.draws)) continue;
    const double reach =
        Reach(draws[k], values[k], static_cast<double>(groups), static_cast<double>(prompts), options.level);
    std::ranges::sort(draws[k].both);
    if (std::isfinite(reach)) SetLimits(estimate, draws[k].both, NormalCdf(-reach), NormalCdf(reach));
  }
  return estimates;
}

}  // namespace stemma
