// Confidence intervals of any statistic, by computing it anew on resampled units.
//
// Shape: a draw is handed to the statistic as how often each unit is in it; the statistic itself is that of each unit
// once. The statistic is called from several threads at a time where `threads` allows it.
// Returns: an Estimate without limits (NaN) where all draws are alike, where more than 1 % of them have no finite value
// (fewer are left out), and for BCa where no draw lies on one side of the value; without one of them where it lies
// beyond all draws.
// Errors: kInvalidArgument for fewer than 2 units, a level outside (0, 1), too few draws to hold both limits, or a
// statistic that is not finite on the observed units; kCancelled (progress said stop).
// Determinism: the same result for any number of threads; each draw has a random stream of its own.
// Complexity: `draws` calls of the statistic; for BCa n more, for two levels three times `draws`.
// Source: Efron 1987, "Better bootstrap confidence intervals"; for two levels see below.
#ifndef STEMMA_BOOTSTRAP_H_
#define STEMMA_BOOTSTRAP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/estimate.h"
#include "stemma/progress.h"

namespace stemma {

struct BootstrapOptions {
  std::size_t draws = 9'999;
  double level = 0.95;
  std::uint64_t seed = 1;
  int threads = 1;
  Progress progress = {};  // draws
};

// How often each unit is in a draw.
using Multiplicities = std::span<const std::uint32_t>;
using Statistic = std::function<double(Multiplicities units)>;
using TwoLevelStatistic = std::function<double(Multiplicities groups, Multiplicities prompts)>;
// Several at once, each to its place in `values`.
using TwoLevelStatistics = std::function<void(Multiplicities groups, Multiplicities prompts, std::span<double> values)>;

// The draws' own quantiles. Too short where units are few: 20 normal observations are covered 93 times in 100.
absl::StatusOr<Estimate> PercentileInterval(std::size_t units, std::string_view unit, const Statistic& statistic,
                                            const BootstrapOptions& options = {});

// Bias-corrected and accelerated; the acceleration is that of the jackknife.
absl::StatusOr<Estimate> BcaInterval(std::size_t units, std::string_view unit, const Statistic& statistic,
                                     const BootstrapOptions& options = {});

// The interval for other groups and other prompts than those at hand, every group having answered every prompt.
//
// Groups and prompts are resampled apart from each other, and each draw takes its groups with its prompts. What is
// particular to a group at a prompt then varies three times as much as it should, and a percentile interval is too
// wide; with few groups it is too short as well. So the percentiles are moved: the draws in which only the groups or
// only the prompts were resampled tell how large each part is, and the interval's width becomes that of Student's t for
// the sum of the parts, with Satterthwaite's degrees of freedom. The percentiles still follow the skew of the draws,
// and no limit leaves the statistic's range.
//
// Measured on means over 10 to 40 groups and 50 to 805 prompts, spread by .008 between groups, .043 between prompts (of
// each group alone, shared by all, or half and half), 1,000 times each: a nominal 95 % covers 93.6 to 96.3 %.
// Percentiles of the same draws cover 92.0 to 98.8 %, those of groups alone 31 to 95 %. Groups spread as skewly as a
// lognormal variable are covered 87 to 96 times in 100, least where prompts are many.
//
// Returns: n is the number of groups.
// Source: Owen 2007, "The pigeonhole bootstrap", section 3 (the factor of three); Owen and Eckles 2012, "Bootstrapping
// data arrays of arbitrary order"; Hesterberg 2015, "What teachers should know about the bootstrap", section 4.4
// (expanded percentiles); Satterthwaite 1946, "An approximate distribution of estimates of variance components".
absl::StatusOr<Estimate> TwoLevelInterval(std::size_t groups, std::size_t prompts, const TwoLevelStatistic& statistic,
                                          const BootstrapOptions& options = {});

// The same for `count` statistics on the same draws: each interval is that of its statistic alone.
absl::StatusOr<std::vector<Estimate>> TwoLevelIntervals(std::size_t groups, std::size_t prompts, std::size_t count,
                                                        const TwoLevelStatistics& statistics,
                                                        const BootstrapOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_BOOTSTRAP_H_
