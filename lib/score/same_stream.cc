#include "stemma/same_stream.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_format.h"
#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/base/sum.h"
#include "lib/score/dealings.h"
#include "lib/score/same_checks.h"
#include "lib/score/sample_rows.h"
#include "lib/score/sample_statistics.h"

namespace stemma {
namespace {

using score::DealtPrompt;
using score::Gram;
using score::Labels;
using score::PromptRows;

// Doubling from what pays where a tenth of a deviation separates the sides to what pays where they never agree.
constexpr std::array<double, 5> kStakes = {0.1, 0.2, 0.4, 0.8, 1.6};
constexpr std::array<SameKernel, 3> kKernels = {SameKernel::kNgrams, SameKernel::kStyle, SameKernel::kEmbedding};
constexpr std::array<SameDesign, 2> kDesigns = {SameDesign::kAcrossPrompts, SameDesign::kWithinPrompts};
constexpr double kMostDealings = 252;  // five answers a side
constexpr std::uint64_t kRandomDealings = 199;

// The observed dealing first, then all others or random ones.
std::vector<Labels> DealingsOf(const DealtPrompt& prompt, base::Random random) {
  const double count = score::CountChoices(prompt);
  const bool all = count <= kMostDealings;
  const std::uint64_t rows = all ? static_cast<std::uint64_t>(count) : kRandomDealings + 1;
  std::vector<Labels> dealings;
  for (std::uint64_t row = 0; row < rows; ++row) {
    Labels& labels = dealings.emplace_back(prompt.answers);
    if (all || row == 0) {
      score::LabelChoice(prompt, row, labels);
    } else {
      score::LabelAtRandom(prompt, random, labels);
    }
  }
  return dealings;
}

// The sum of what the prompts so far differed in.
class Direction {
 public:
  double Along(const score::Row& row) const {
    base::FixedOrderSum sum;
    for (const score::RowEntry& entry : row) {
      const auto found = sums_.find(entry.index);
      if (found != sums_.end()) sum.Add(entry.value * found->second);
    }
    return sum.value();
  }

  void Add(const score::Row& row, double weight) {
    for (const score::RowEntry& entry : row) sums_[entry.index] += weight * entry.value;
  }

 private:
  absl::flat_hash_map<std::uint32_t, double> sums_;
};

std::vector<double> WeighUp(const DealtPrompt& prompt, std::span<const Labels> dealings, std::span<const double> along) {
  std::vector<double> scores;
  for (const Labels& labels : dealings) {
    base::FixedOrderSum sum;
    for (std::size_t k = 0; k < along.size(); ++k) sum.Add(WeightInDifference(prompt, labels[k]) * along[k]);
    scores.push_back(sum.value());
  }
  return scores;
}

// One score and its bettors, one a stake.
class Bettors {
 public:
  // `scores`: by dealing, the observed one first.
  void Bet(std::span<const double> scores) {
    base::FixedOrderSum squares;
    for (const double score : scores) squares.Add(score * score);
    squares_ += squares.value() / static_cast<double>(scores.size());
    ++bets_;
    if (!(squares_ > 0)) return;
    const double unit = std::sqrt(squares_ / static_cast<double>(bets_));
    for (std::size_t k = 0; k < kStakes.size(); ++k) log_wealth_[k] += LogFactor(scores, kStakes[k] / unit);
  }

  std::span<const double> log_wealth() const { return log_wealth_; }

 private:
  // ln of exp(stake x) over its mean.
  static double LogFactor(std::span<const double> scores, double stake) {
    const double largest = std::ranges::max(scores);
    base::FixedOrderSum sum;
    for (const double score : scores) sum.Add(std::exp(stake * (score - largest)));
    return stake * (scores.front() - largest) - std::log(sum.value() / static_cast<double>(scores.size()));
  }

  double squares_ = 0;
  std::uint64_t bets_ = 0;
  std::array<double, kStakes.size()> log_wealth_ = {};
};

double LogMeanExp(std::span<const double> logs) {
  const double largest = std::ranges::max(logs);
  base::FixedOrderSum sum;
  for (const double value : logs) sum.Add(std::exp(value - largest));
  return largest + std::log(sum.value() / static_cast<double>(logs.size()));
}

}  // namespace

struct SameStream::State {
  std::uint64_t seed = 1;
  std::size_t prompts = 0;
  double e_value_log10 = 0;
  double max_e_value_log10 = 0;
  std::array<Direction, kKernels.size()> directions;
  std::array<std::array<Bettors, kDesigns.size()>, kKernels.size()> bettors;

  void BetOn(PromptRows rows, std::size_t kernel, std::span<const Labels> dealings);
  void UpdateWealth();
};

// Divided by how far two of its answers lie apart, a prompt counts as much as any other, however long its answers are.
void SameStream::State::BetOn(PromptRows rows, std::size_t kernel, std::span<const Labels> dealings) {
  const double distance = Gram(rows.rows, score::Dot).MeanSquaredDistance();
  if (!(distance > 0)) return;
  const DealtPrompt dealt{rows.of_a, rows.rows.size()};
  std::vector<double> along;
  for (const score::Row& row : rows.rows) along.push_back(directions[kernel].Along(row) / std::sqrt(distance));
  bettors[kernel][0].Bet(WeighUp(dealt, dealings, along));
  for (std::size_t k = 0; k < rows.rows.size(); ++k) {
    directions[kernel].Add(rows.rows[k], WeightInDifference(dealt, dealings.front()[k]) / std::sqrt(distance));
  }
  const score::WithinPrompts within(std::span(&rows, 1));
  if (!within.Applies()) return;
  std::vector<double> gaps;
  for (const Labels& labels : dealings) gaps.push_back(within.Value(labels));
  bettors[kernel][1].Bet(gaps);
}

void SameStream::State::UpdateWealth() {
  std::vector<double> logs;
  for (const auto& of_kernel : bettors) {
    for (const Bettors& of_design : of_kernel) {
      logs.insert(logs.end(), of_design.log_wealth().begin(), of_design.log_wealth().end());
    }
  }
  e_value_log10 = LogMeanExp(logs) / std::numbers::ln10;
  max_e_value_log10 = std::max(max_e_value_log10, e_value_log10);
}

SameStream::SameStream(std::uint64_t seed) : state_(std::make_unique<State>()) { state_->seed = seed; }
SameStream::~SameStream() = default;
SameStream::SameStream(SameStream&&) noexcept = default;
SameStream& SameStream::operator=(SameStream&&) noexcept = default;

absl::Status SameStream::Add(const SharedPrompt& prompt) {
  const std::span<const SharedPrompt> alone(&prompt, 1);
  STEMMA_RETURN_IF_ERROR(score::CheckBothAnswer(alone));
  const std::vector<Labels> dealings =
      DealingsOf({prompt.a.size(), prompt.a.size() + prompt.b.size()}, base::Random(state_->seed, state_->prompts));
  for (std::size_t kernel = 0; kernel < kKernels.size(); ++kernel) {
    if (!score::HasKernel(alone, kKernels[kernel])) continue;
    state_->BetOn(std::move(score::AllRows(alone, kKernels[kernel]).front()), kernel, dealings);
  }
  ++state_->prompts;
  state_->UpdateWealth();
  return absl::OkStatus();
}

std::size_t SameStream::prompts() const { return state_->prompts; }
double SameStream::e_value_log10() const { return state_->e_value_log10; }
double SameStream::max_e_value_log10() const { return state_->max_e_value_log10; }
double SameStream::p_value() const { return std::pow(10, -state_->max_e_value_log10); }

absl::StatusOr<SameStreamResult> StreamSamples(std::span<const SharedPrompt> prompts, const SameOptions& options) {
  STEMMA_RETURN_IF_ERROR(score::CheckSame(prompts, options));
  SameStream stream(options.seed);
  SameStreamResult result{.n_shared = prompts.size(), .copies = {}, .alpha = options.alpha};
  const double enough = -std::log10(options.alpha);
  base::Steps steps(options.progress, "taking prompts", prompts.size());
  for (const SharedPrompt& prompt : prompts) {
    if (stream.e_value_log10() >= enough) break;
    STEMMA_RETURN_IF_ERROR(steps.Next());
    STEMMA_RETURN_IF_ERROR(stream.Add(prompt));
    result.samples_a += prompt.a.size();
    result.samples_b += prompt.b.size();
  }
  result.n_prompts = stream.prompts();
  result.e_value_log10 = stream.e_value_log10();
  result.max_e_value_log10 = stream.max_e_value_log10();
  result.p_value = stream.p_value();
  result.copies = score::CountCopies(prompts.first(result.n_prompts));
  if (result.e_value_log10 >= enough) result.verdict = SameVerdict::kDifferent;
  return result;
}

}  // namespace stemma
