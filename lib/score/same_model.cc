#include "stemma/same_model.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "lib/base/parallel.h"
#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/base/sum.h"
#include "lib/evidence/normal.h"
#include "lib/score/dealings.h"
#include "lib/score/equivalence.h"
#include "lib/score/same_checks.h"
#include "lib/score/sample_rows.h"
#include "lib/score/sample_statistics.h"

namespace stemma {
namespace {

using score::AcrossPrompts;
using score::Dealings;
using score::Labels;
using score::PromptRows;
using score::WithinPrompts;

constexpr double kIntervalLevel = 0.95;
constexpr double kPower = 0.8;
// In standard deviations: sums of the same terms in another order count as equal, and against the finding.
constexpr double kTieTolerance = 1e-9;

// The order of prompts and samples in files is the collector's.
std::vector<SharedPrompt> InOrderOfContent(std::span<const SharedPrompt> prompts) {
  std::vector<SharedPrompt> sorted(prompts.begin(), prompts.end());
  std::ranges::sort(sorted, {}, &SharedPrompt::prompt);
  for (SharedPrompt& prompt : sorted) {
    std::ranges::sort(prompt.a, {}, &SampledAnswer::text_hash);
    std::ranges::sort(prompt.b, {}, &SampledAnswer::text_hash);
  }
  return sorted;
}

Dealings DealingsOf(std::span<const SharedPrompt> prompts) {
  std::vector<score::DealtPrompt> dealt;
  for (const SharedPrompt& prompt : prompts) dealt.push_back({prompt.a.size(), prompt.a.size() + prompt.b.size()});
  return Dealings(std::move(dealt));
}

bool AllTheSame(const SharedPrompt& prompt) {
  const std::uint64_t first = prompt.a.front().text_hash;
  const auto same = [&](const SampledAnswer& answer) { return answer.text_hash == first; };
  return std::ranges::all_of(prompt.a, same) && std::ranges::all_of(prompt.b, same);
}

// One of the statistics, whichever design it has.
struct Candidate {
  SameKernel kernel = SameKernel::kNgrams;
  std::unique_ptr<const AcrossPrompts> across = nullptr;
  std::unique_ptr<const WithinPrompts> within = nullptr;

  double Value(const Labels& labels) const { return across ? across->Value(labels) : within->Value(labels); }
  Estimate Effect(const Labels& labels) const {
    return across ? across->Effect(labels, kIntervalLevel) : within->Effect(labels, kIntervalLevel);
  }
  double EffectScale(const Labels& labels) const {
    return across ? across->EffectScale(labels) : within->EffectScale();
  }
};

std::vector<Candidate> MakeCandidates(std::span<const SharedPrompt> prompts) {
  std::vector<Candidate> candidates;
  for (const SameKernel kernel : {SameKernel::kNgrams, SameKernel::kStyle, SameKernel::kEmbedding}) {
    if (!score::HasKernel(prompts, kernel)) continue;
    std::vector<PromptRows> rows = score::AllRows(prompts, kernel);
    auto within = std::make_unique<const WithinPrompts>(rows);
    candidates.push_back(
        {.kernel = kernel, .across = std::make_unique<const AcrossPrompts>(std::move(rows), kernel)});
    if (within->Applies()) candidates.push_back({.kernel = kernel, .within = std::move(within)});
  }
  return candidates;
}

// Values of every statistic under every dealing that is looked at, the observed one first.
struct Table {
  std::size_t columns = 0;
  std::vector<double> values;

  std::size_t rows() const { return values.size() / columns; }
  double& At(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  double At(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

absl::StatusOr<Table> Evaluate(std::span<const Candidate> candidates, const Dealings& dealings, bool all,
                               const SameOptions& options) {
  // Dealings that one thread takes at a time.
  constexpr std::size_t kBlock = 64;
  const std::size_t rows = all ? static_cast<std::size_t>(dealings.Count()) : options.draws + 1;
  const std::size_t blocks = (rows + kBlock - 1) / kBlock;
  Table table{candidates.size(), std::vector<double>(rows * candidates.size())};
  base::Steps steps(options.progress, "dealing answers anew", blocks);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(blocks, options.threads, [&](std::size_t block) {
    STEMMA_RETURN_IF_ERROR(steps.Next());
    for (std::size_t row = block * kBlock; row < std::min(rows, (block + 1) * kBlock); ++row) {
      base::Random random(options.seed, row);
      const Labels labels = all || row == 0 ? dealings.At(row) : dealings.Draw(random);
      for (std::size_t c = 0; c < candidates.size(); ++c) table.At(row, c) = candidates[c].Value(labels);
    }
    return absl::OkStatus();
  }));
  return table;
}

struct Spread {
  double centre = 0;
  double deviation = 0;  // 0 where the statistic never changes
};

// By quantiles, so that an observed value far out does not hide itself by widening the spread that it is measured in.
// Every dealing counts alike, the observed one too: only so is p exact.
Spread SpreadOf(std::vector<double> values) {
  std::ranges::sort(values);
  const auto at = [&](double probability) {
    return values[static_cast<std::size_t>(probability * static_cast<double>(values.size() - 1))];
  };
  // Of a normal distribution, one deviation below and above.
  Spread spread{at(0.5), (at(0.8413) - at(0.1587)) / 2};
  const double largest = std::max(std::fabs(values.front()), std::fabs(values.back()));
  // Where most dealings tie, as among few prompts, half the range will do.
  if (spread.deviation <= kTieTolerance * largest) spread.deviation = (values.back() - values.front()) / 2;
  if (spread.deviation <= kTieTolerance * largest) spread.deviation = 0;
  return spread;
}

// Replaces each column by its distance from its centre in deviations; one that never changes becomes 0.
std::vector<Spread> Standardise(Table& table) {
  std::vector<Spread> spreads;
  for (std::size_t c = 0; c < table.columns; ++c) {
    std::vector<double> values;
    values.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) values.push_back(table.At(row, c));
    const Spread spread = SpreadOf(std::move(values));
    for (std::size_t row = 0; row < table.rows(); ++row) {
      double& value = table.At(row, c);
      value = spread.deviation > 0 ? (value - spread.centre) / spread.deviation : 0;
    }
    spreads.push_back(spread);
  }
  return spreads;
}

// By dealing, the largest of its statistics.
std::vector<double> Largest(const Table& standardised) {
  std::vector<double> largest;
  largest.reserve(standardised.rows());
  for (std::size_t row = 0; row < standardised.rows(); ++row) {
    double value = standardised.At(row, 0);
    for (std::size_t c = 1; c < standardised.columns; ++c) value = std::max(value, standardised.At(row, c));
    largest.push_back(value);
  }
  return largest;
}

// The share of dealings that reach `value`.
double ShareReaching(std::span<const double> largest, double value) {
  const auto reach = std::ranges::count_if(largest, [&](double other) { return other >= value - kTieTolerance; });
  return static_cast<double>(reach) / static_cast<double>(largest.size());
}

// What the largest statistic must reach for p <= alpha.
double CriticalValue(std::vector<double> largest, double alpha) {
  const auto above = static_cast<std::size_t>(alpha * static_cast<double>(largest.size()));
  const std::size_t at = largest.size() - 1 - std::min(above, largest.size() - 1);
  std::ranges::nth_element(largest, largest.begin() + static_cast<std::ptrdiff_t>(at));
  return largest[at];
}

// By the normal approximation: the statistic's spread is that of the dealings, which falls with the number of prompts
// across them and with its root within.
std::array<double, kPowerPrompts.size()> Detectable(const Candidate& candidate, const Labels& observed,
                                                    const Spread& spread, double critical, std::size_t prompts) {
  std::array<double, kPowerPrompts.size()> detectable = {};
  const double needed = (critical + evidence::NormalQuantile(kPower)) * spread.deviation + spread.centre;
  for (std::size_t k = 0; k < kPowerPrompts.size(); ++k) {
    const double ratio = static_cast<double>(prompts) / static_cast<double>(kPowerPrompts[k]);
    const double here = needed / candidate.EffectScale(observed);
    detectable[k] = std::min(1.0, candidate.across ? here * ratio : here * std::sqrt(ratio));
  }
  return detectable;
}

std::vector<SameUnlikeness> TestEquivalence(std::span<const SharedPrompt> prompts, const SameOptions& options) {
  std::vector<SameUnlikeness> all;
  for (const SameKernel kernel : {SameKernel::kNgrams, SameKernel::kEmbedding}) {
    if (!score::HasKernel(prompts, kernel)) continue;
    for (SameUnlikeness& side : score::TestEquivalence(score::AllRows(prompts, kernel), kernel, options)) {
      all.push_back(std::move(side));
    }
  }
  return all;
}

void Decide(SameResult& result) {
  const auto undecided = [&] {
    if (result.n_informative == 0) return SameReason::kAllCopies;
    if (result.smallest_p > result.options.alpha) return SameReason::kAlphaUnreachable;
    if (result.copies.compared_own == 0) return SameReason::kOneSampleOfA;
    return result.equivalence.empty() ? SameReason::kFewPrompts : SameReason::kNotWithinMargin;
  };
  if (result.n_informative > 0 && result.p_value <= result.options.alpha) {
    result.verdict = SameVerdict::kDifferent;
    result.reason = SameReason::kDifferenceFound;
    return;
  }
  result.reason = undecided();
  if (result.reason != SameReason::kNotWithinMargin || !result.within_margin) return;
  result.verdict = SameVerdict::kSameWithinMargin;
  result.reason = SameReason::kWithinMargin;
}

absl::Status TestDealings(std::span<const SharedPrompt> prompts, SameResult& result) {
  const std::vector<Candidate> candidates = MakeCandidates(prompts);
  const Dealings dealings = DealingsOf(prompts);
  const bool all = dealings.Count() <= static_cast<double>(result.options.max_exact);
  STEMMA_ASSIGN_OR_RETURN(Table table, Evaluate(candidates, dealings, all, result.options));
  const std::vector<Spread> spreads = Standardise(table);
  const std::vector<double> largest = Largest(table);
  result.statistic = largest.front();
  result.p_value = ShareReaching(largest, largest.front());
  result.smallest_p = ShareReaching(largest, std::ranges::max(largest));
  result.method = all ? PermutationMethod::kExact : PermutationMethod::kMonteCarlo;
  result.dealings = largest.size();
  const Labels observed = dealings.Observed();
  const double critical = CriticalValue(largest, result.options.alpha);
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    if (!(spreads[c].deviation > 0)) continue;
    const Candidate& candidate = candidates[c];
    result.statistics.push_back(
        {.kernel = candidate.kernel,
         .design = candidate.across ? SameDesign::kAcrossPrompts : SameDesign::kWithinPrompts,
         .standardised = table.At(0, c),
         .effect = candidate.Effect(observed),
         .detectable = Detectable(candidate, observed, spreads[c], critical, result.n_informative)});
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view NameOf(SameVerdict verdict) {
  switch (verdict) {
    case SameVerdict::kSameWithinMargin:
      return "same_within_margin";
    case SameVerdict::kDifferent:
      return "different";
    case SameVerdict::kInconclusive:
      return "inconclusive";
  }
  return "";
}

std::string_view NameOf(SameKernel kernel) {
  switch (kernel) {
    case SameKernel::kNgrams:
      return "n-grams";
    case SameKernel::kStyle:
      return "style";
    case SameKernel::kEmbedding:
      return "embedding";
  }
  return "";
}

std::string_view NameOf(SameDesign design) {
  return design == SameDesign::kAcrossPrompts ? "across prompts" : "within prompts";
}

std::string_view NameOf(SameReason reason) {
  switch (reason) {
    case SameReason::kDifferenceFound:
      return "difference_found";
    case SameReason::kWithinMargin:
      return "within_margin";
    case SameReason::kAllCopies:
      return "all_copies";
    case SameReason::kOneSampleOfA:
      return "one_sample_of_a";
    case SameReason::kFewPrompts:
      return "few_prompts";
    case SameReason::kNotWithinMargin:
      return "not_within_margin";
    case SameReason::kAlphaUnreachable:
      return "alpha_unreachable";
  }
  return "";
}

absl::StatusOr<SameResult> CompareSamples(std::span<const SharedPrompt> prompts, const SameOptions& options) {
  STEMMA_RETURN_IF_ERROR(score::CheckSame(prompts, options));
  const std::vector<SharedPrompt> sorted = InOrderOfContent(prompts);
  SameResult result;
  result.options = options;
  result.n_prompts = sorted.size();
  for (const SharedPrompt& prompt : sorted) {
    result.samples_a += prompt.a.size();
    result.samples_b += prompt.b.size();
    result.n_informative += !AllTheSame(prompt);
  }
  result.copies = score::CountCopies(sorted);
  STEMMA_RETURN_IF_ERROR(TestDealings(sorted, result));
  result.equivalence = TestEquivalence(sorted, options);
  result.within_margin =
      !result.equivalence.empty() && std::ranges::all_of(result.equivalence, [&](const SameUnlikeness& side) {
        return side.p_value <= options.alpha;
      });
  Decide(result);
  result.options.progress = nullptr;
  return result;
}

}  // namespace stemma
