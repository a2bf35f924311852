#include "stemma/lr_bounds.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "lib/evidence/ordered_values.h"

namespace stemma {
namespace {

// LLRs that stand on a step of the grid are often off it by rounding: they count as on it. Likewise two sides that
// differ by less are equal.
constexpr double kRounding = 1e-12;
// Steps of the grid for each unit of log10.
constexpr int kElubSteps = 100;
constexpr int kIvSteps = 1000;
constexpr double kIvExtreme = 8.7;

struct SortedLlrs {
  std::vector<double> h1;
  std::vector<double> h2;
};

std::vector<double> SeenValues(const Sample& sample) {
  std::vector<double> values;
  for (std::size_t k = 0; k < sample.size(); ++k) {
    if (sample.weight(k) > 0) values.push_back(sample.values[k]);
  }
  std::ranges::sort(values);
  return values;
}

absl::StatusOr<SortedLlrs> SortLlrs(const LabelledSample& sample) {
  STEMMA_RETURN_IF_ERROR(evidence::CheckSample(sample, evidence::Infinities::kAllowed));
  return SortedLlrs{SeenValues(sample.h1), SeenValues(sample.h2)};
}

double Above(const std::vector<double>& sorted, double threshold) {
  return static_cast<double>(sorted.end() - std::ranges::upper_bound(sorted, threshold + kRounding));
}

double AtLeast(const std::vector<double>& sorted, double threshold) {
  return static_cast<double>(sorted.end() - std::ranges::lower_bound(sorted, threshold - kRounding));
}

// Whether decisions at the threshold cost less with the LRs than without.
bool Useful(const SortedLlrs& llrs, int step) {
  const double threshold = static_cast<double>(step) / kElubSteps;
  const double n1 = static_cast<double>(llrs.h1.size()), n2 = static_cast<double>(llrs.h2.size());
  const double false_rejection = (n1 - Above(llrs.h1, threshold) + 1) / (n1 + 1);
  const double false_acceptance = (Above(llrs.h2, threshold) + 1) / (n2 + 1);
  const double cost_of_rejection = std::pow(10, -threshold);
  return cost_of_rejection * false_rejection + false_acceptance < std::min(cost_of_rejection, 1.0) * (1 - kRounding);
}

LrBounds Elub(const SortedLlrs& llrs) {
  if (!Useful(llrs, 0)) return {};
  // Both end: the misleading LRs alone cost more than 1 below 1 / (n1 + 1), and more than 10^-t above n2 + 1.
  int upper = 0, lower = 0;
  while (Useful(llrs, upper + 1)) ++upper;
  while (Useful(llrs, lower - 1)) --lower;
  if (upper == 0 || lower == 0) return {};
  return {static_cast<double>(lower) / kElubSteps, static_cast<double>(upper) / kElubSteps};
}

// The thresholds of the invariance verification, from the smallest LLR to the largest, 0 included.
struct IvGrid {
  double start;
  std::size_t size;

  double At(std::size_t k) const { return start + static_cast<double>(k) / kIvSteps; }
};

IvGrid GridOver(const SortedLlrs& llrs) {
  const double start = std::min({0.0, llrs.h1.front(), llrs.h2.front()});
  const double end = std::max({0.0, llrs.h1.back(), llrs.h2.back()});
  return {start, static_cast<std::size_t>((end - start + kRounding) * kIvSteps) + 1};
}

double JeffreysShare(double count, std::size_t n) { return (count + 0.5) / (static_cast<double>(n) + 1); }

// How much more evidence "at least the threshold" is than the threshold says; negative where it is less.
double SurplusAbove(const SortedLlrs& llrs, double threshold) {
  const double h1 = JeffreysShare(AtLeast(llrs.h1, threshold), llrs.h1.size());
  const double h2 = JeffreysShare(AtLeast(llrs.h2, threshold), llrs.h2.size());
  return std::log10(h1) - std::log10(h2) - threshold;
}

double SurplusBelow(const SortedLlrs& llrs, double threshold) {
  const double n1 = static_cast<double>(llrs.h1.size()), n2 = static_cast<double>(llrs.h2.size());
  const double h1 = JeffreysShare(n1 - AtLeast(llrs.h1, threshold), llrs.h1.size());
  const double h2 = JeffreysShare(n2 - AtLeast(llrs.h2, threshold), llrs.h2.size());
  return threshold - std::log10(h1) + std::log10(h2);
}

// The threshold before the first that does not hold. The grid's first is not asked: nothing lies below it.
double IvUpper(const SortedLlrs& llrs, const IvGrid& grid) {
  for (std::size_t k = 1; k < grid.size; ++k) {
    if (SurplusAbove(llrs, grid.At(k)) < -kRounding) return grid.At(k - 1);
  }
  return llrs.h1.back();
}

// The threshold after the last that does not hold.
double IvLower(const SortedLlrs& llrs, const IvGrid& grid) {
  for (std::size_t k = grid.size - 1; k > 0; --k) {
    if (SurplusBelow(llrs, grid.At(k)) < -kRounding) return grid.At(k + 1);
  }
  return llrs.h2.front();
}

// The members of one group in one class.
struct Voice {
  std::vector<double> values;
  std::vector<double> weights_up_to;  // sums of weights up to and with each member

  double Draw(base::Random& random) const {
    const double at = random.Uniform() * weights_up_to.back();
    const auto member = std::ranges::upper_bound(weights_up_to, at);
    return values[static_cast<std::size_t>(member - weights_up_to.begin())];
  }
};

absl::Status CheckGroups(const Sample& sample, const char* name) {
  if (sample.groups.empty() || sample.groups.size() == sample.size()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s must have no groups or one a value, got %d for %d values", name,
                                                    sample.groups.size(), sample.size()));
}

// Sorted by all there is to a member, so that its place in the sample decides no draw.
std::vector<Voice> VoicesOf(const Sample& sample) {
  std::vector<std::tuple<std::size_t, double, double>> members;
  for (std::size_t k = 0; k < sample.size(); ++k) {
    if (sample.weight(k) > 0) members.emplace_back(sample.group(k), sample.values[k], sample.weight(k));
  }
  std::ranges::sort(members);
  std::vector<Voice> voices;
  for (std::size_t k = 0; k < members.size(); ++k) {
    const auto& [group, value, weight] = members[k];
    if (k == 0 || group != std::get<0>(members[k - 1])) voices.emplace_back();
    Voice& voice = voices.back();
    voice.weights_up_to.push_back(weight + (voice.values.empty() ? 0 : voice.weights_up_to.back()));
    voice.values.push_back(value);
  }
  return voices;
}

std::vector<double> DrawSorted(std::span<const Voice> voices, base::Random& random) {
  std::vector<double> values;
  for (const Voice& voice : voices) values.push_back(voice.Draw(random));
  std::ranges::sort(values);
  return values;
}

double MostGroupsCarry(std::span<const Voice> voices) { return std::log10(static_cast<double>(voices.size() + 1)); }

}  // namespace

absl::StatusOr<LrBounds> ElubBounds(const LabelledSample& llrs_log10) {
  STEMMA_ASSIGN_OR_RETURN(const SortedLlrs llrs, SortLlrs(llrs_log10));
  return Elub(llrs);
}

absl::StatusOr<LrBounds> IvBounds(const LabelledSample& llrs_log10) {
  STEMMA_ASSIGN_OR_RETURN(SortedLlrs llrs, SortLlrs(llrs_log10));
  for (std::vector<double>* values : {&llrs.h1, &llrs.h2}) {
    for (double& value : *values) value = std::clamp(value, -kIvExtreme, kIvExtreme);
  }
  const IvGrid grid = GridOver(llrs);
  return LrBounds{std::min(IvLower(llrs, grid), 0.0), std::max(IvUpper(llrs, grid), 0.0)};
}

absl::StatusOr<LrBounds> BoundOfEvidence(const LabelledSample& llrs_log10, const BoundOfEvidenceOptions& options) {
  if (options.draws == 0) return absl::InvalidArgumentError("draws must be at least 1, got 0");
  STEMMA_RETURN_IF_ERROR(evidence::CheckSample(llrs_log10, evidence::Infinities::kAllowed));
  STEMMA_RETURN_IF_ERROR(CheckGroups(llrs_log10.h1, "H1"));
  STEMMA_RETURN_IF_ERROR(CheckGroups(llrs_log10.h2, "H2"));
  const std::vector<Voice> h1 = VoicesOf(llrs_log10.h1), h2 = VoicesOf(llrs_log10.h2);
  std::vector<double> lower(options.draws), upper(options.draws);
  for (std::size_t draw = 0; draw < options.draws; ++draw) {
    base::Random random(options.seed, draw);
    SortedLlrs llrs;
    llrs.h1 = DrawSorted(h1, random);
    llrs.h2 = DrawSorted(h2, random);
    const LrBounds bounds = Elub(llrs);
    lower[draw] = bounds.lower_log10;
    upper[draw] = bounds.upper_log10;
  }
  std::ranges::sort(lower);
  std::ranges::sort(upper);
  // ELUB's own misleading LRs keep it within the number of groups; the rule is said here, not left to follow from that.
  return LrBounds{std::max(lower[options.draws / 2], -MostGroupsCarry(h1)),
                  std::min(upper[(options.draws - 1) / 2], MostGroupsCarry(h2))};
}

}  // namespace stemma
