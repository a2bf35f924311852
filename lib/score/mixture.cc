#include "stemma/mixture.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/panel/metadata_of.h"
#include "lib/panel/panel_sums.h"
#include "lib/panel/prompt_pairs.h"
#include "lib/score/main_reference.h"
#include "lib/score/mixture_fit.h"
#include "lib/score/mixture_scores.h"
#include "lib/score/plausible_shares.h"
#include "stemma/lineage.h"
#include "stemma/score.h"

namespace stemma {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr double kLevel = 0.95;
// In so many of the draws a reference must be the nearest of its maker's.
constexpr double kAgreement = 0.95;
constexpr std::size_t kNearestTold = 5;

struct CandidateRows {
  std::vector<std::size_t> prompts;         // of the panel, without those of copies
  std::vector<std::vector<float>> cosines;  // [prompt][model]
  std::vector<MixtureCopies> copies;
  std::size_t shared = 0;
};

class Fitter {
 public:
  Fitter(const Panel& panel, const Signature& candidate, const MixtureOptions& options)
      : panel_(panel), candidate_(candidate), options_(options), counts_(panel.models().size(), true) {}

  absl::StatusOr<MixtureReport> Run() {
    STEMMA_RETURN_IF_ERROR(SetCohort());
    STEMMA_ASSIGN_OR_RETURN(CandidateRows rows, ReadRows());
    if (rows.prompts.size() < kMinMixturePrompts && !rows.copies.empty()) return CopiesAlone(rows);
    if (rows.prompts.size() < kMinMixturePrompts) {
      return absl::FailedPreconditionError(
          absl::StrFormat("a mixture needs at least %d prompts that are shared with the panel and hold no copy, got %d",
                          kMinMixturePrompts, rows.prompts.size()));
    }
    STEMMA_ASSIGN_OR_RETURN(const score::PairCosines cosines,
                            score::PairCosines::Read(panel_, rows.prompts, options_.threads, options_.progress));
    base::Steps steps(options_.progress, "fitting shares", 2);
    STEMMA_RETURN_IF_ERROR(steps.Next());
    scores_ = score::ScoreByPrompt(panel_, cosines, rows.cosines, cohort_, options_.threads);
    if (scores_.densities.source.strength.empty() || scores_.densities.stranger.strength.empty()) {
      return absl::FailedPreconditionError("the panel holds no two models of one maker, or no two makers: densities of a "
                                           "mixture cannot be fitted");
    }
    STEMMA_RETURN_IF_ERROR(steps.Next());
    const score::MixtureFitOptions fit_options{.seed = options_.seed};
    fit_ = score::SelectSources(scores_.bins, scores_.densities, fit_options);
    for (const std::size_t maker : fit_.makers) {
      plausible_.push_back(score::FindPlausibleShares(scores_.bins[maker], scores_.densities, fit_options.least_separation, kLevel));
    }
    likeness_.emplace(scores_.excesses);
    STEMMA_RETURN_IF_ERROR(Resample());
    Report(rows);
    return std::move(report_);
  }

 private:
  struct Draw {
    std::vector<double> shares;                // by class
    std::vector<std::size_t> nearest;          // by source: a model of the panel
    std::optional<std::size_t> main;           // the nearest to most prompts
  };

  absl::Status SetCohort() {
    STEMMA_ASSIGN_OR_RETURN(const Scorer scorer, Scorer::Create(panel_, {.threads = options_.threads}));
    STEMMA_ASSIGN_OR_RETURN(const CandidateScores scores, scorer.Score(candidate_));
    for (std::size_t m = 0; m < counts_.size(); ++m) counts_[m] = !panel_.models()[m].metadata.degenerate;
    if (scores.self) counts_[*scores.self] = false;
    for (const std::string& name : options_.left_out) {
      const std::optional<std::size_t> model = panel_.FindModel(name);
      if (!model) return absl::NotFoundError(absl::StrFormat("the panel has no model \"%s\" to leave out", name));
      counts_[*model] = false;
    }
    if (scores.self_by_name_only) {
      Warn("candidate_named_as_panel_model", "the panel's model of the candidate's name is left out");
    }
    if (scores.shared_prompts < candidate_.rows().size()) {
      Warn("prompts_not_in_panel", absl::StrFormat("%d of the candidate's %d prompts are not in the panel",
                                                   candidate_.rows().size() - scores.shared_prompts, candidate_.rows().size()));
    }
    cohort_.counts = counts_;
    cohort_.candidate_group = scores.group;
    cohort_.teaches.assign(panel_.groups().size(), true);
    if (scores.group) cohort_.teaches[*scores.group] = false;
    for (const std::string& name : options_.left_out) cohort_.teaches[panel_.group(*panel_.FindModel(name))] = false;
    report_.candidate = scores.candidate.model;
    report_.candidate_digest = candidate_.digest();
    report_.options = options_;
    report_.options.progress = nullptr;
    return absl::OkStatus();
  }

  void Warn(std::string id, std::string text) { report_.warnings.push_back({std::move(id), std::move(text)}); }

  absl::StatusOr<CandidateRows> ReadRows() {
    const std::span<const PromptRow> rows = candidate_.rows();
    const std::size_t models = counts_.size();
    std::vector<std::vector<PairSum>> sums(rows.size());
    base::Steps steps(options_.progress, "comparing with the panel", rows.size());
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(rows.size(), options_.threads, [&](std::size_t k) {
      STEMMA_RETURN_IF_ERROR(steps.Next());
      const std::optional<std::size_t> prompt = panel_.FindPrompt(rows[k].prompt);
      if (!prompt) return absl::OkStatus();
      PromptIndex index;
      STEMMA_RETURN_IF_ERROR(panel_.ReadIndex(*prompt, index));
      std::vector<GramCount> grams, sample;
      candidate_.Grams(rows[k], grams);
      index.Sample(grams, sample);
      sums[k].resize(models);
      panel::AddRow(index, panel::ModelsAt(panel_, *prompt), sample, panel::TokenHashes(candidate_, rows[k]), sums[k]);
      return absl::OkStatus();
    }));
    CandidateRows out;
    std::vector<std::size_t> copies(models, 0);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (sums[k].empty()) continue;
      ++out.shared;
      bool copied = false;
      std::vector<float> cosines(models, kNaN);
      for (std::size_t m = 0; m < models; ++m) {
        if (!counts_[m] || !sums[k][m].shared()) continue;
        copied = copied || sums[k][m].copies > 0;
        copies[m] += sums[k][m].copies;
        cosines[m] = static_cast<float>(static_cast<double>(sums[k][m].cosine_sum) / PairSum::kOne);
      }
      if (copied) continue;
      out.prompts.push_back(*panel_.FindPrompt(rows[k].prompt));
      out.cosines.push_back(std::move(cosines));
    }
    for (std::size_t m = 0; m < models; ++m) {
      if (copies[m] > 0) out.copies.push_back({m, copies[m]});
    }
    std::ranges::sort(out.copies, [](const MixtureCopies& a, const MixtureCopies& b) {
      return a.prompts != b.prompts ? a.prompts > b.prompts : a.model < b.model;
    });
    return out;
  }

  // A maker's model with the largest mean excess at the prompts ascribed to the maker.
  std::size_t NearestOf(std::size_t source, std::span<const double> times, std::span<const double> responsibility) const {
    std::size_t nearest = 0;
    double most = -std::numeric_limits<double>::infinity();
    for (const std::size_t m : scores_.makers[fit_.makers[source]].models) {
      double sum = 0, all = 0;
      for (std::size_t p = 0; p < times.size(); ++p) {
        const float excess = scores_.excesses[p][m];
        if (std::isnan(excess)) continue;
        sum += times[p] * responsibility[p] * excess;
        all += times[p] * responsibility[p];
      }
      if (all > 0 && sum / all > most) {
        most = sum / all;
        nearest = m;
      }
    }
    return nearest;
  }

  // NaN stands for a model that does not count.
  static std::optional<std::size_t> Nearest(std::span<const double> likeness) {
    std::optional<std::size_t> nearest;
    for (std::size_t m = 0; m < likeness.size(); ++m) {
      if (!std::isnan(likeness[m]) && (!nearest || likeness[m] > likeness[*nearest])) nearest = m;
    }
    return nearest;
  }

  Draw Drawn(std::span<const double> times) const {
    const score::ClassFit fit = score::Refit(scores_.bins, fit_, times, scores_.densities);
    Draw draw{fit.shares, {}, Nearest(likeness_->At(times))};
    for (std::size_t k = 0; k < fit_.makers.size(); ++k) {
      draw.nearest.push_back(NearestOf(k, times, fit.responsibility[k + 1]));
    }
    return draw;
  }

  absl::Status Resample() {
    const std::size_t prompts = scores_.excesses.size();
    draws_.resize(options_.draws);
    base::Steps steps(options_.progress, "resampling prompts", options_.draws);
    return base::ParallelFor(options_.draws, options_.threads, [&](std::size_t d) {
      STEMMA_RETURN_IF_ERROR(steps.Next());
      base::Random random(options_.seed, kFirstStream + d);
      std::vector<double> times(prompts, 0);
      for (std::size_t p = 0; p < prompts; ++p) ++times[random.Below(prompts)];
      draws_[d] = Drawn(times);
      return absl::OkStatus();
    });
  }

  Estimate ShareOf(std::size_t c) const {
    Estimate share{.value = fit_.classes.shares[c], .level = kLevel, .n = scores_.excesses.size(), .unit_of_n = "prompts",
                   .method = "percentiles of resampled prompts, and of the shares that models nearer to the panel's or less near "
                             "would have; these makers and this panel held fixed"};
    if (draws_.size() < 40 || fit_.makers.empty()) return share;  // fewer do not hold both limits
    const score::PlausibleShares plausible = PlausibleOf(c);
    std::vector<double> values;
    for (const Draw& draw : draws_) values.push_back(draw.shares[c]);
    std::ranges::sort(values);
    const auto at = [&](double q) { return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + .5)]; };
    share.lower = std::min({share.value, at((1 - kLevel) / 2), plausible.lower});
    share.upper = std::max({share.value, at((1 + kLevel) / 2), plausible.upper});
    return share;
  }

  // "Other" has what sources leave.
  score::PlausibleShares PlausibleOf(std::size_t c) const {
    if (c > 0) return plausible_[c - 1];
    score::PlausibleShares other{1, 1};
    for (const score::PlausibleShares& source : plausible_) {
      other.lower -= source.upper;
      other.upper -= source.lower;
    }
    return {std::max(other.lower, 0.0), std::max(other.upper, 0.0)};
  }

  MixtureComponent ComponentOf(std::size_t source) const {
    const score::Maker& maker = scores_.makers[fit_.makers[source]];
    MixtureComponent component{.maker = maker.name, .share = ShareOf(source + 1), .gain = fit_.gains[source],
                               .reference = std::nullopt, .nearest = {}};
    for (const std::size_t m : maker.models) {
      const auto first = std::ranges::count_if(draws_, [&](const Draw& draw) { return draw.nearest[source] == m; });
      if (first > 0) component.nearest.push_back({m, static_cast<double>(first) / static_cast<double>(draws_.size())});
    }
    std::ranges::sort(component.nearest, [](const MixtureReference& a, const MixtureReference& b) {
      return a.first_in != b.first_in ? a.first_in > b.first_in : a.model < b.model;
    });
    if (component.nearest.size() > kNearestTold) component.nearest.resize(kNearestTold);
    if (!component.nearest.empty() && component.nearest.front().first_in >= kAgreement) {
      component.reference = component.nearest.front();
    }
    return component;
  }

  void ReportMainReference() {
    const std::vector<double> likeness = likeness_->At(std::vector<double>(scores_.excesses.size(), 1));
    for (std::size_t m = 0; m < likeness.size(); ++m) {
      if (std::isnan(likeness[m])) continue;
      const auto first = std::ranges::count_if(draws_, [&](const Draw& draw) { return draw.main == m; });
      const double first_in = draws_.empty() ? 0 : static_cast<double>(first) / static_cast<double>(draws_.size());
      report_.nearest.push_back({m, likeness[m], first_in});
    }
    std::ranges::sort(report_.nearest, [](const MainReference& a, const MainReference& b) {
      return a.likeness != b.likeness ? a.likeness > b.likeness : a.model < b.model;
    });
    if (report_.nearest.size() > kNearestTold) report_.nearest.resize(kNearestTold);
    if (!report_.nearest.empty() && report_.nearest.front().first_in >= kAgreement) {
      report_.main_reference = report_.nearest.front();
    }
  }

  void ReportRows(const CandidateRows& rows) {
    report_.shared_prompts = rows.shared;
    report_.used_prompts = rows.prompts.size();
    report_.copies = rows.copies;
  }

  // The copies say whose the responses are; what is left is too little for more.
  MixtureReport CopiesAlone(const CandidateRows& rows) {
    ReportRows(rows);
    report_.other = {.n = rows.prompts.size(), .unit_of_n = "prompts", .method = "not estimated: too few prompts without copies"};
    Warn("few_prompts_beside_copies",
         absl::StrFormat("%d prompts hold no exact copy of a model of the panel; shares are estimated from %d on",
                         rows.prompts.size(), kMinMixturePrompts));
    return report_;
  }

  void Report(const CandidateRows& rows) {
    ReportRows(rows);
    std::vector<std::size_t> order(fit_.makers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
      const double share_a = fit_.classes.shares[a + 1], share_b = fit_.classes.shares[b + 1];
      return share_a != share_b ? share_a > share_b : a < b;
    });
    for (const std::size_t source : order) report_.components.push_back(ComponentOf(source));
    report_.other = ShareOf(0);
    ReportMainReference();
    for (std::size_t p = 0; p < rows.prompts.size(); ++p) {
      PromptResponsibility one{panel_.prompts()[rows.prompts[p]], std::nullopt, fit_.classes.responsibility[0][p]};
      for (std::size_t k = 0; k < order.size(); ++k) {
        const double responsibility = fit_.classes.responsibility[order[k] + 1][p];
        if (responsibility > one.responsibility) one = {one.prompt, k, responsibility};
      }
      report_.prompts.push_back(one);
    }
    Judge(order);
  }

  bool AreKin(const Lineage& lineage, std::size_t source_a, std::size_t source_b) const {
    for (const std::size_t a : scores_.makers[fit_.makers[source_a]].models) {
      for (const std::size_t b : scores_.makers[fit_.makers[source_b]].models) {
        if (lineage.Related(a, b)) return true;
      }
    }
    return false;
  }

  // A fine-tune stands near its parent's maker and near that of another fine-tune: kin are not counted as two sources.
  void Judge(std::span<const std::size_t> order) {
    std::vector<std::size_t> large;
    for (std::size_t k = 0; k < order.size(); ++k) {
      if (report_.components[k].share.lower >= kLeastMixtureShare) large.push_back(order[k]);
    }
    const Lineage lineage(panel::MetadataOf(panel_));
    bool kin = false;
    for (std::size_t a = 0; a < large.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        if (AreKin(lineage, large[a], large[b])) {
          kin = true;
        } else {
          report_.better_than_one = true;
        }
      }
    }
    if (report_.better_than_one) {
      Warn("mixture_explains_better", "several makers' models explain these responses better than any single reference");
    } else if (kin) {
      Warn("mixture_of_kin", "the makers found are documented as kin: one model that descends from both looks the same");
    } else if (large.size() == 1 && report_.other.lower >= kLeastMixtureShare) {
      Warn("partly_like_one_maker", "only a part of the prompts is ascribed to a maker of the panel: the rest may be another model, "
                               "or the same one where it is less like the panel's");
    }
  }

  static constexpr std::uint64_t kFirstStream = 1'000'000;  // beyond those of starts

  const Panel& panel_;
  const Signature& candidate_;
  const MixtureOptions& options_;
  std::vector<bool> counts_;
  score::MixtureCohort cohort_;
  score::MixtureScores scores_;
  score::MixtureFit fit_;
  std::vector<score::PlausibleShares> plausible_;  // by source
  std::optional<score::TrimmedLikeness> likeness_;
  std::vector<Draw> draws_;
  MixtureReport report_;
};

}  // namespace

absl::StatusOr<MixtureReport> FitMixture(const Panel& panel, const Signature& candidate, const MixtureOptions& options) {
  return Fitter(panel, candidate, options).Run();
}

}  // namespace stemma
