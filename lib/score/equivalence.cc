#include "lib/score/equivalence.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "lib/base/sum.h"
#include "lib/evidence/beta.h"
#include "lib/score/sample_statistics.h"

namespace stemma::score {
namespace {

using Side = std::span<const Row>;

Side SideOf(const PromptRows& prompt, bool a) {
  return a ? Side(prompt.rows).first(prompt.of_a) : Side(prompt.rows).subspan(prompt.of_a);
}

double MeanCosine(Side x, Side y) {
  base::FixedOrderSum sum;
  for (const Row& of_x : x) {
    for (const Row& of_y : y) sum.Add(Cosine(of_x, of_y));
  }
  return sum.value() / static_cast<double>(x.size() * y.size());
}

double MeanOwnCosine(Side side) {
  base::FixedOrderSum sum;
  for (std::size_t i = 0; i < side.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) sum.Add(Cosine(side[i], side[j]));
  }
  return sum.value() / static_cast<double>(side.size() * (side.size() - 1) / 2);
}

struct Likeness {
  std::vector<double> own, other, elsewhere;  // by prompt at which the side has several samples
};

Likeness MeasureLikeness(std::span<const PromptRows> prompts, bool to_a) {
  std::vector<const PromptRows*> used;
  for (const PromptRows& prompt : prompts) {
    if (SideOf(prompt, to_a).size() > 1) used.push_back(&prompt);
  }
  Likeness likeness;
  for (std::size_t p = 0; p < used.size(); ++p) {
    const Side side = SideOf(*used[p], to_a);
    likeness.own.push_back(MeanOwnCosine(side));
    likeness.other.push_back(MeanCosine(side, SideOf(*used[p], !to_a)));
    likeness.elsewhere.push_back(MeanCosine(side, SideOf(*used[(p + 1) % used.size()], to_a)));
  }
  return likeness;
}

double Mean(std::span<const double> values) { return base::Sum(values) / static_cast<double>(values.size()); }

// The probability that Student's t of that many degrees of freedom exceeds `t`.
double StudentUpperTail(double t, double degrees) {
  const double tail = 0.5 * evidence::IncompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  return t >= 0 ? tail : 1 - tail;
}

// The larger p of "at least the margin" and "at most minus the margin", where each prompt adds gap - margin * unit, whose
// mean is negative, or gap + margin * unit, whose mean is positive, if the ratio of means lies within.
double LargerP(std::span<const double> gaps, std::span<const double> units, double margin) {
  double larger = 0;
  for (const double sign : {1.0, -1.0}) {
    std::vector<double> beyond;
    for (std::size_t p = 0; p < gaps.size(); ++p) beyond.push_back(sign * gaps[p] - margin * units[p]);
    const double mean = Mean(beyond);
    const double error = StandardError(beyond, mean);
    const double degrees = static_cast<double>(beyond.size()) - 1;
    const double p = error > 0 ? StudentUpperTail(-mean / error, degrees) : mean < 0 ? 0.0 : 1.0;
    larger = std::max(larger, p);
  }
  return larger;
}

// Of a ratio of means, linearised at the ratio: the spread of gap - ratio * unit.
Estimate Ratio(std::span<const double> gaps, std::span<const double> units, double level) {
  const double unit = Mean(units);
  const double ratio = Mean(gaps) / unit;
  std::vector<double> around;
  for (std::size_t p = 0; p < gaps.size(); ++p) around.push_back(ratio + (gaps[p] - ratio * units[p]) / unit);
  Estimate estimate = MeanOverPrompts(around, level);
  estimate.method = "ratio of means, linearised; Student's t over prompts";
  return estimate;
}

std::optional<SameUnlikeness> Measure(std::span<const PromptRows> prompts, SameKernel kernel, bool to_a,
                                      const SameOptions& options) {
  const Likeness likeness = MeasureLikeness(prompts, to_a);
  if (likeness.own.size() < kMinEquivalencePrompts) return std::nullopt;
  std::vector<double> gaps, units;
  for (std::size_t p = 0; p < likeness.own.size(); ++p) {
    gaps.push_back(likeness.own[p] - likeness.other[p]);
    units.push_back(likeness.own[p] - likeness.elsewhere[p]);
  }
  SameUnlikeness side{.kernel = kernel,
                      .to_a = to_a,
                      .own = Mean(likeness.own),
                      .other = Mean(likeness.other),
                      .elsewhere = Mean(likeness.elsewhere)};
  // A side whose answers tell nothing of their prompts gives no unit to measure in.
  if (!(side.own > side.elsewhere)) return side;
  side.unlikeness = Ratio(gaps, units, 1 - 2 * options.alpha);
  side.p_value = LargerP(gaps, units, options.margin);
  return side;
}

}  // namespace

std::vector<SameUnlikeness> TestEquivalence(std::span<const PromptRows> prompts, SameKernel kernel,
                                            const SameOptions& options) {
  std::vector<SameUnlikeness> sides;
  for (const bool to_a : {true, false}) {
    const std::optional<SameUnlikeness> side = Measure(prompts, kernel, to_a, options);
    if (!side && to_a) break;
    if (side) sides.push_back(*side);
  }
  return sides;
}

}  // namespace stemma::score
