#include "lib/audit/level_tally.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/audit/level_strata.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "stemma/bootstrap.h"
#include "stemma/error_rate_bound.h"

namespace stemma::audit {
namespace {

constexpr double kExpectedOne = 0x1p40;  // room for 2^24 trials

class Mean {
 public:
  void Add(double value, double times = 1) {
    sum_.Add(value * times);
    count_ += times;
  }
  double count() const { return count_; }
  double value() const { return sum_.value() / count_; }

 private:
  base::FixedOrderSum sum_;
  double count_ = 0;
};

double MeanOf(std::span<const double> values, Multiplicities times) {
  Mean mean;
  for (std::size_t k = 0; k < values.size(); ++k) mean.Add(values[k], times[k]);
  return mean.value();
}

// Where no group has a hit there is nothing to resample, but the number of groups still bounds the share; likewise
// where every trial is one.
absl::Status BoundExtremeShare(Estimate& share) {
  if (share.value != 0 && share.value != 1) return absl::OkStatus();
  STEMMA_ASSIGN_OR_RETURN(const double reach, ErrorRateUpperBound(0, share.n, (1 + share.level) / 2));
  share.lower = share.value == 0 ? 0 : 1 - reach;
  share.upper = share.value == 0 ? reach : 1;
  share.method = "Clopper-Pearson, all groups being alike";
  return absl::OkStatus();
}

absl::StatusOr<Estimate> Band(const std::vector<double>& shares, const LevelOptions& options) {
  Estimate band;
  band.n = shares.size();
  band.unit_of_n = "groups";
  if (shares.empty()) return band;
  band.value = MeanOf(shares, std::vector<std::uint32_t>(shares.size(), 1));
  if (shares.size() < 2) return band;
  const auto statistic = [&](Multiplicities times) { return MeanOf(shares, times); };
  STEMMA_ASSIGN_OR_RETURN(
      band, PercentileInterval(shares.size(), "groups", statistic,
                               {.draws = options.draws, .seed = options.seed, .threads = options.score.threads}));
  STEMMA_RETURN_IF_ERROR(BoundExtremeShare(band));
  return band;
}

LevelVerdict Judge(const Estimate& share, double expected) {
  if (std::isnan(share.lower) || std::isnan(share.upper)) return LevelVerdict::kUntested;
  if (share.lower > expected) return LevelVerdict::kAbove;
  return share.upper < expected ? LevelVerdict::kBelow : LevelVerdict::kInside;
}

}  // namespace

std::size_t RanksWithin(double alpha, std::size_t groups) {
  const auto p = [&](std::size_t rank) { return static_cast<double>(rank) / static_cast<double>(groups + 1); };
  // The product may be off by a rounding; p itself decides, as it does for a candidate.
  auto ranks = static_cast<std::size_t>(alpha * static_cast<double>(groups + 1));
  while (p(ranks + 1) <= alpha) ++ranks;
  while (ranks > 0 && p(ranks) > alpha) --ranks;
  return ranks;
}

LevelTally::LevelTally(const Panel& panel, const LevelOptions& options, std::vector<LevelSeries> series,
                       std::vector<double> alphas)
    : panel_(panel),
      options_(options),
      series_(std::move(series)),
      alphas_(std::move(alphas)),
      strata_(LevelStrata(panel)),
      counts_(series_.size() * alphas_.size() * models() * models()) {}

void LevelTally::Add(const LevelTrial& trial) {
  for (std::size_t alpha = 0; alpha < alphas_.size(); ++alpha) {
    Count& count = At(trial.series, alpha, trial.candidate, trial.reference);
    if (trial.rank.floor() > alphas_[alpha]) {
      ++count.unreachable;
      continue;
    }
    const auto all = static_cast<double>(trial.rank.groups + 1);
    const auto within = static_cast<double>(RanksWithin(alphas_[alpha], trial.rank.groups));
    ++count.trials;
    count.hits += trial.rank.p <= alphas_[alpha];
    count.expected += static_cast<std::uint64_t>(std::llround(within / all * kExpectedOne));
  }
}

std::vector<LevelTally::GroupShare> LevelTally::ByGroup(std::size_t series, std::size_t alpha,
                                                        LevelStratum stratum) const {
  std::vector<Mean> shares(panel_.groups().size()), expected(panel_.groups().size());
  for (std::size_t c = 0; c < models(); ++c) {
    if (!strata_[static_cast<std::size_t>(stratum)][c]) continue;
    Mean share_of_model, expected_of_model;
    for (const Count& count : OfCandidate(series, alpha, c)) {
      if (count.trials == 0) continue;
      share_of_model.Add(static_cast<double>(count.hits) / count.trials);
      expected_of_model.Add(static_cast<double>(count.expected) / kExpectedOne / count.trials);
    }
    if (share_of_model.count() == 0) continue;
    shares[panel_.group(c)].Add(share_of_model.value());
    expected[panel_.group(c)].Add(expected_of_model.value());
  }
  std::vector<GroupShare> groups(shares.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (shares[g].count() > 0) groups[g] = {shares[g].value(), expected[g].value(), true};
  }
  return groups;
}

absl::StatusOr<LevelCell> LevelTally::Cell(std::size_t series, std::size_t alpha, LevelStratum stratum) const {
  LevelCell cell;
  cell.score = series_[series].score;
  cell.design = series_[series].design;
  cell.question = series_[series].question;
  cell.prompts = series_[series].prompts;
  cell.stratum = stratum;
  cell.alpha = alphas_[alpha];
  for (std::size_t c = 0; c < models(); ++c) {
    if (!strata_[static_cast<std::size_t>(stratum)][c]) continue;
    for (const Count& count : OfCandidate(series, alpha, c)) {
      cell.trials += count.trials;
      cell.unreachable += count.unreachable;
    }
  }
  std::vector<double> shares;
  Mean expected;
  for (const GroupShare& group : ByGroup(series, alpha, stratum)) {
    if (!group.tested) continue;
    shares.push_back(group.share);
    expected.Add(group.expected);
  }
  if (!shares.empty()) cell.expected = expected.value();
  STEMMA_ASSIGN_OR_RETURN(cell.share, Band(shares, options_));
  cell.verdict = Judge(cell.share, cell.expected);
  return cell;
}

absl::StatusOr<std::optional<LevelRise>> LevelTally::Rise(std::span<const std::size_t> series,
                                                          std::size_t alpha) const {
  std::vector<std::vector<GroupShare>> by_prompts;
  for (const std::size_t s : series) by_prompts.push_back(ByGroup(s, alpha, LevelStratum::kAll));
  std::vector<std::vector<double>> shares(series.size());  // of groups that were tested at each number of prompts
  for (std::size_t g = 0; g < panel_.groups().size(); ++g) {
    if (!std::ranges::all_of(by_prompts, [&](const auto& groups) { return groups[g].tested; })) continue;
    for (std::size_t k = 0; k < series.size(); ++k) shares[k].push_back(by_prompts[k][g].share);
  }
  if (series.size() < 2 || shares.front().size() < 2) return std::nullopt;
  const auto highest = [&](Multiplicities times) {
    std::pair<double, std::size_t> best(MeanOf(shares[1], times), 1);
    for (std::size_t k = 2; k < shares.size(); ++k) {
      if (const double share = MeanOf(shares[k], times); share > best.first) best = {share, k};
    }
    return best;
  };
  const auto rise = [&](Multiplicities times) { return highest(times).first - MeanOf(shares.front(), times); };
  LevelRise out;
  out.score = series_[series.front()].score;
  out.question = series_[series.front()].question;
  out.alpha = alphas_[alpha];
  out.fewest_prompts = series_[series.front()].prompts;
  const std::size_t at_highest = series[highest(std::vector<std::uint32_t>(shares.front().size(), 1)).second];
  out.highest_prompts = series_[at_highest].prompts;
  STEMMA_ASSIGN_OR_RETURN(const LevelCell cell, Cell(at_highest, alpha, LevelStratum::kAll));
  out.at_highest = cell.verdict;
  STEMMA_ASSIGN_OR_RETURN(
      out.rise,
      PercentileInterval(shares.front().size(), "groups", rise,
                         {.draws = options_.draws, .seed = options_.seed, .threads = options_.score.threads}));
  out.rises = out.rise.lower > 0;
  return out;
}

}  // namespace stemma::audit
