#include "stemma/permutation_test.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "stemma/error_rate_bound.h"

namespace stemma {
namespace {

// Two lists of 2^20 sums at this number.
constexpr std::size_t kMostExact = 40;
constexpr double kTieTolerance = 1e-12;

// Both tests count selections of values whose sum is large: those that keep their sign, or those called the first
// sample.
struct Selections {
  std::uint64_t at_least = 0;
  std::uint64_t total = 0;
};

absl::Status CheckValues(std::span<const double> values, std::string_view what) {
  if (values.empty()) return absl::InvalidArgumentError(absl::StrFormat("%s must not be empty", what));
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (std::isfinite(values[k])) continue;
    return absl::InvalidArgumentError(absl::StrFormat("%s must be finite, got %g at %d", what, values[k], k));
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const PermutationOptions& options) {
  if (options.max_exact > kMostExact) {
    return absl::InvalidArgumentError(
        absl::StrFormat("max_exact must be at most %d, got %d", kMostExact, options.max_exact));
  }
  if (options.draws == 0) return absl::InvalidArgumentError("draws must be at least 1, got 0");
  return absl::OkStatus();
}

// A selection whose sum is at least this reaches the observed one, of which the sum is `observed`.
double Threshold(std::span<const double> values, double observed) {
  base::FixedOrderSum absolute;
  for (const double value : values) absolute.Add(std::fabs(value));
  return observed - kTieTolerance * absolute.value();
}

// The sums of all subsets, sorted, by size of the subset.
std::vector<std::vector<double>> SubsetSums(std::span<const double> values) {
  std::vector<std::vector<double>> sums(values.size() + 1);
  for (std::uint64_t subset = 0; subset < std::uint64_t{1} << values.size(); ++subset) {
    base::FixedOrderSum sum;
    std::size_t size = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
      if ((subset >> k & 1) == 0) continue;
      sum.Add(values[k]);
      ++size;
    }
    sums[size].push_back(sum.value());
  }
  for (std::vector<double>& of_size : sums) std::ranges::sort(of_size);
  return sums;
}

// Every subset is one of the first half with one of the second, so that 2^(n/2) sums tell of all 2^n.
Selections CountAll(std::span<const double> values, std::optional<std::size_t> size, double threshold) {
  const std::size_t half = values.size() / 2;
  const std::vector<std::vector<double>> first = SubsetSums(values.first(half));
  const std::vector<std::vector<double>> second = SubsetSums(values.subspan(half));
  Selections count;
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (std::size_t j = 0; j < second.size(); ++j) {
      if (size && i + j != *size) continue;
      count.total += first[i].size() * second[j].size();
      for (const double sum : first[i]) {
        const auto reached = std::ranges::lower_bound(second[j], threshold - sum);
        count.at_least += static_cast<std::uint64_t>(second[j].end() - reached);
      }
    }
  }
  return count;
}

// Each value is kept with probability 1/2.
double SumOfAnySelection(std::span<const double> values, base::Random& random) {
  base::FixedOrderSum sum;
  std::uint64_t bits = 0;
  for (std::size_t k = 0; k < values.size(); ++k, bits >>= 1) {
    if (k % 64 == 0) bits = random.Next64();
    if ((bits & 1) != 0) sum.Add(values[k]);
  }
  return sum.value();
}

// `size` values without replacement, moved to the front of `values`.
double SumOfSelection(std::span<double> values, std::size_t size, base::Random& random) {
  base::FixedOrderSum sum;
  for (std::size_t k = 0; k < size; ++k) {
    std::swap(values[k], values[k + static_cast<std::size_t>(random.Below(values.size() - k))]);
    sum.Add(values[k]);
  }
  return sum.value();
}

absl::StatusOr<Selections> CountDraws(std::span<const double> values, std::optional<std::size_t> size, double threshold,
                                      const PermutationOptions& options) {
  // Draws of one block share their memory. Each begins with the values in their given order.
  constexpr std::uint64_t kBlock = 256;
  std::vector<std::uint64_t> at_least(static_cast<std::size_t>((options.draws + kBlock - 1) / kBlock));
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(at_least.size(), options.threads, [&](std::size_t block) {
    std::vector<double> shuffled;
    const std::uint64_t end = std::min(options.draws, (block + 1) * kBlock);
    for (std::uint64_t draw = block * kBlock; draw < end; ++draw) {
      base::Random random(options.seed, draw);
      shuffled.assign(values.begin(), values.end());
      const double sum = size ? SumOfSelection(shuffled, *size, random) : SumOfAnySelection(values, random);
      at_least[block] += sum >= threshold;
    }
    return absl::OkStatus();
  }));
  Selections count;
  count.total = options.draws;
  for (const std::uint64_t of_block : at_least) count.at_least += of_block;
  return count;
}

PermutationTest Exact(const Selections& count) {
  PermutationTest test;
  test.method = PermutationMethod::kExact;
  test.at_least = count.at_least;
  test.arrangements = count.total;
  test.p = static_cast<double>(count.at_least) / static_cast<double>(count.total);
  test.p_lower = test.p;
  test.p_upper = test.p;
  return test;
}

absl::StatusOr<PermutationTest> MonteCarlo(const Selections& count) {
  STEMMA_ASSIGN_OR_RETURN(const Estimate share, ErrorRate(count.at_least, count.total));
  PermutationTest test;
  test.method = PermutationMethod::kMonteCarlo;
  test.at_least = count.at_least;
  test.arrangements = count.total;
  const double all = static_cast<double>(count.total + 1);
  test.p = static_cast<double>(count.at_least + 1) / all;
  test.standard_error = std::sqrt(test.p * (1 - test.p) / all);
  test.p_lower = share.lower;
  test.p_upper = share.upper;
  return test;
}

// `size`: of the selections; any where it is not given.
absl::StatusOr<PermutationTest> Test(std::span<const double> values, std::optional<std::size_t> size, double observed,
                                     const PermutationOptions& options) {
  const double threshold = Threshold(values, observed);
  if (values.size() <= options.max_exact) return Exact(CountAll(values, size, threshold));
  STEMMA_ASSIGN_OR_RETURN(const Selections count, CountDraws(values, size, threshold, options));
  return MonteCarlo(count);
}

}  // namespace

std::string_view NameOf(PermutationMethod method) {
  return method == PermutationMethod::kExact ? "exact" : "Monte Carlo";
}

absl::StatusOr<PermutationTest> SignFlipTest(std::span<const double> differences, const PermutationOptions& options) {
  STEMMA_RETURN_IF_ERROR(CheckValues(differences, "differences"));
  STEMMA_RETURN_IF_ERROR(CheckOptions(options));
  // Flipping a set of signs takes twice its sum away: those that keep theirs must sum up to what all do.
  const double observed = base::Sum(differences);
  STEMMA_ASSIGN_OR_RETURN(PermutationTest test, Test(differences, std::nullopt, observed, options));
  test.difference = observed / static_cast<double>(differences.size());
  return test;
}

absl::StatusOr<PermutationTest> TwoSampleTest(std::span<const double> first, std::span<const double> second,
                                              const PermutationOptions& options) {
  STEMMA_RETURN_IF_ERROR(CheckValues(first, "the first sample"));
  STEMMA_RETURN_IF_ERROR(CheckValues(second, "the second sample"));
  STEMMA_RETURN_IF_ERROR(CheckOptions(options));
  std::vector<double> pooled(first.begin(), first.end());
  pooled.insert(pooled.end(), second.begin(), second.end());
  // The sum of both is the same in all arrangements, so the first's sum says all about the difference.
  const double observed = base::Sum(first);
  STEMMA_ASSIGN_OR_RETURN(PermutationTest test, Test(pooled, first.size(), observed, options));
  test.difference =
      observed / static_cast<double>(first.size()) - base::Sum(second) / static_cast<double>(second.size());
  return test;
}

}  // namespace stemma
