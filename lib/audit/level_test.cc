#include "stemma/level_test.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/audit/level_ranks.h"
#include "lib/audit/level_strata.h"
#include "lib/audit/level_tally.h"
#include "lib/audit/split_panels.h"
#include "lib/audit/split_scores.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/panel/metadata_of.h"
#include "lib/score/fusion.h"
#include "stemma/lineage.h"

namespace stemma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Centring needs three groups beside the voter's own.
constexpr std::size_t kLeastReferenceGroups = Scorer::kMinGroups + 1;

absl::Status CheckOptions(const LevelOptions& options) {
  if (options.splits < 1) return absl::InvalidArgumentError("splits must be at least 1, got 0");
  if (options.alphas.empty()) return absl::InvalidArgumentError("alphas must not be empty");
  for (const double alpha : options.alphas) {
    if (!(alpha > 0 && alpha < 1)) {
      return absl::InvalidArgumentError(absl::StrFormat("alpha must be in (0, 1), got %g", alpha));
    }
  }
  if (std::ranges::find(options.prompt_counts, 0U) != options.prompt_counts.end()) {
    return absl::InvalidArgumentError("prompt counts must be at least 1, got 0");
  }
  constexpr std::size_t kLeastDraws = 39;  // one beyond either limit of 95 %
  if (options.draws < kLeastDraws) {
    return absl::InvalidArgumentError(absl::StrFormat("draws must be at least %d, got %d", kLeastDraws, options.draws));
  }
  return absl::OkStatus();
}

template <typename T>
std::vector<T> SortedOnce(std::vector<T> values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
  return values;
}

std::vector<std::size_t> PromptCounts(const Panel& panel, const LevelOptions& options) {
  std::vector<std::size_t> counts = options.prompt_counts;
  std::erase_if(counts, [&](std::size_t count) { return count >= panel.prompts().size(); });
  counts.push_back(panel.prompts().size());
  return SortedOnce(std::move(counts));
}

// The largest alpha must be within reach of a reference that is alone in its group and related to nobody.
absl::Status CheckGroups(const Panel& panel, const std::vector<double>& alphas) {
  const std::size_t groups = audit::CountedGroups(panel).size();
  const auto for_alpha = static_cast<std::size_t>(std::ceil(1 / alphas.back()));
  const std::size_t least = 2 * std::max(kLeastReferenceGroups, for_alpha) - 1;
  if (groups >= least) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrFormat(
      "the panel has %d groups of models that count; half of them can give a p of %g only from %d groups on", groups,
      alphas.back(), least));
}

class LevelTester {
 public:
  LevelTester(const Panel& panel, const LevelOptions& options)
      : panel_(panel),
        options_(options),
        counted_(audit::CountedModels(panel)),
        related_(Lineage(panel::MetadataOf(panel)).RelatedPairs()) {
    out_.splits = options.splits;
    out_.seed = options.seed;
    out_.candidate_groups = audit::CountedGroups(panel).size() / 2;
    out_.reference_groups = audit::CountedGroups(panel).size() - out_.candidate_groups;
    out_.models = counted_.size();
    out_.alphas = SortedOnce(options.alphas);
    out_.prompt_counts = PromptCounts(panel, options);
    out_.with_style = panel.style() != nullptr;
    for (const PanelModel& model : panel.models()) {
      control_.push_back(-std::log(std::max(model.mean_tokens(), 1.0)));
    }
    SetStyles();
    SetSeries();
  }

  absl::StatusOr<LevelTest> Find() && {
    audit::LevelTally tally(panel_, options_, series_, out_.alphas);
    STEMMA_RETURN_IF_ERROR(AddHalves(tally));
    if (panel_.strangers() != nullptr) STEMMA_RETURN_IF_ERROR(AddStrangers(tally));
    STEMMA_RETURN_IF_ERROR(SetCells(tally));
    STEMMA_RETURN_IF_ERROR(SetRises(tally));
    out_.control_caught = std::ranges::any_of(out_.cells, [](const LevelCell& cell) {
      return cell.score == LevelScore::kLengthControl && cell.stratum == LevelStratum::kShortAnswers &&
             cell.verdict == LevelVerdict::kAbove;
    });
    return std::move(out_);
  }

 private:
  using Values = std::vector<double>;

  std::size_t models() const { return panel_.models().size(); }

  // The panel's own, since a panel file has no answers to make others from.
  void SetStyles() {
    if (panel_.style() == nullptr) return;
    for (std::size_t a = 0; a < models(); ++a) {
      for (std::size_t b = 0; b < models(); ++b) {
        styles_.push_back(score::StyleSimilarity(panel_.style()->paired(a), panel_.style()->paired(b)));
      }
    }
  }

  void SetSeries() {
    for (const LevelScore score : {LevelScore::kWeights, LevelScore::kDistillation}) {
      for (const LevelQuestion question : {LevelQuestion::kNamed, LevelQuestion::kScreening}) {
        for (const std::size_t prompts : out_.prompt_counts) {
          series_.push_back({score, LevelDesign::kHalves, question, prompts});
        }
      }
      if (panel_.strangers() == nullptr) continue;
      for (const LevelQuestion question : {LevelQuestion::kNamed, LevelQuestion::kScreening}) {
        series_.push_back({score, LevelDesign::kStrangers, question, out_.prompt_counts.back()});
      }
    }
    // It finds the same score everywhere: there is nothing to search for.
    series_.push_back(
        {LevelScore::kLengthControl, LevelDesign::kHalves, LevelQuestion::kNamed, out_.prompt_counts.back()});
  }

  std::size_t Series(LevelScore score, LevelDesign design, LevelQuestion question, std::size_t prompts) const {
    const auto found = std::ranges::find_if(series_, [&](const audit::LevelSeries& series) {
      return series.score == score && series.design == design && series.question == question &&
             series.prompts == prompts;
    });
    return static_cast<std::size_t>(found - series_.begin());
  }

  // As many splits as go through the panel together, each pass on one thread.
  absl::Status AddHalves(audit::LevelTally& tally) const {
    constexpr std::size_t kLanes = audit::SplitPanels::kLanes;
    const std::size_t passes = (options_.splits + kLanes - 1) / kLanes;
    const std::size_t prompts = panel_.prompts().size();
    std::mutex mutex;
    base::Steps steps(options_.progress, "scoring halves of the panel by each other", passes * prompts);
    return base::ParallelFor(passes, options_.score.threads, [&](std::size_t pass) {
      std::vector<std::vector<bool>> in_reference;
      for (std::size_t s = pass * kLanes; s < std::min((pass + 1) * kLanes, options_.splits); ++s) {
        in_reference.push_back(audit::DealGroups(panel_, options_.seed, s));
      }
      audit::SplitPanels panels(panel_, in_reference);
      for (std::size_t p = 0; p < prompts; ++p) {
        STEMMA_RETURN_IF_ERROR(steps.Next());
        STEMMA_RETURN_IF_ERROR(panels.Add(p));
        if (!std::ranges::binary_search(out_.prompt_counts, p + 1)) continue;
        for (std::size_t lane = 0; lane < in_reference.size(); ++lane) {
          const std::vector<audit::LevelTrial> trials = Trials(panels, lane, in_reference[lane], p + 1);
          const std::lock_guard lock(mutex);
          for (const audit::LevelTrial& trial : trials) tally.Add(trial);
        }
      }
      return absl::OkStatus();
    });
  }

  // All trials of a split at so many prompts.
  std::vector<audit::LevelTrial> Trials(const audit::SplitPanels& panels, std::size_t lane,
                                        const std::vector<bool>& in_reference, std::size_t prompts) const {
    std::vector<std::size_t> members, candidates;
    for (const std::size_t model : counted_) {
      (in_reference[panel_.group(model)] ? members : candidates).push_back(model);
    }
    std::vector<std::size_t> place(models(), 0);
    for (std::size_t k = 0; k < counted_.size(); ++k) place[counted_[k]] = k;
    const audit::Similarity ngrams = [&](std::size_t a, std::size_t b) {
      const PairSum& sum = panels.of(lane, place[a], place[b]);
      return sum.shared() ? sum.mean() : kNaN;
    };
    audit::Similarity style;
    if (!styles_.empty()) style = [&](std::size_t a, std::size_t b) { return styles_[a * models() + b]; };
    const audit::SplitScores scores = audit::ScoreSplit(panel_, members, candidates, ngrams, style, options_.score);
    std::vector<audit::LevelTrial> trials;
    for (const LevelScore score : {LevelScore::kWeights, LevelScore::kDistillation}) {
      const auto k = static_cast<std::size_t>(score);
      AddTrials({score, LevelDesign::kHalves, LevelQuestion::kNamed, prompts}, members, scores.of_members[k],
                candidates, scores.of_candidates[k], trials);
    }
    if (prompts == out_.prompt_counts.back()) {
      AddTrials({LevelScore::kLengthControl, LevelDesign::kHalves, LevelQuestion::kNamed, prompts}, members,
                ControlScores(members, members.size()), candidates, ControlScores(candidates, members.size()), trials);
    }
    return trials;
  }

  Values ControlScores(const std::vector<std::size_t>& rows, std::size_t columns) const {
    Values scores;
    for (const std::size_t model : rows) scores.insert(scores.end(), columns, control_[model]);
    return scores;
  }

  // Of both questions, where they are asked. `series`: that of a named reference.
  void AddTrials(audit::LevelSeries series, const std::vector<std::size_t>& voters, const Values& of_voters,
                 const std::vector<std::size_t>& candidates, const Values& of_candidates,
                 std::vector<audit::LevelTrial>& trials) const {
    const std::size_t named = Series(series.score, series.design, LevelQuestion::kNamed, series.prompts);
    const std::size_t screening = Series(series.score, series.design, LevelQuestion::kScreening, series.prompts);
    const audit::LevelRanks ranks(panel_, related_, voters, of_voters);
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      const std::span<const double> scores = std::span(of_candidates).subspan(c * voters.size(), voters.size());
      for (std::size_t r = 0; r < voters.size(); ++r) {
        if (!panel_.models()[voters[r]].metadata.reference || std::isnan(scores[r])) continue;
        if (!ranks.AreApart(candidates[c], r)) continue;
        trials.push_back({named, candidates[c], voters[r], ranks.Named(candidates[c], r, scores[r])});
      }
      if (screening == series_.size()) continue;
      if (const std::optional<RankP> rank = ranks.Screening(candidates[c], scores)) {
        trials.push_back({screening, candidates[c], candidates[c], *rank});
      }
    }
  }

  // Candidates whose group was left out of everything, among what the whole panel's models score.
  absl::Status AddStrangers(audit::LevelTally& tally) const {
    const StrangerScores& strangers = *panel_.strangers();
    STEMMA_ASSIGN_OR_RETURN(const Scorer scorer,
                            Scorer::Create(panel_, {.rival_weight_weights = strangers.rival_weight_weights,
                                                    .rival_weight_distillation = strangers.rival_weight_distillation,
                                                    .rival_weight_ranking = strangers.rival_weight_ranking,
                                                    .threads = options_.score.threads}));
    STEMMA_ASSIGN_OR_RETURN(const std::vector<PairScore> panel_scores, scorer.ScorePanel());
    std::vector<audit::LevelTrial> trials;
    for (const EvidenceClass evidence_class : kEvidenceClasses) {
      const bool weights = evidence_class == EvidenceClass::kWeights;
      Values of_voters, of_strangers;
      for (const std::size_t a : counted_) {
        for (const std::size_t b : counted_) {
          const PairScore& pair = panel_scores[a * models() + b];
          of_voters.push_back(!pair.scored ? kNaN : weights ? pair.weights : pair.distillation);
          of_strangers.push_back(static_cast<double>(strangers.of(evidence_class)[a * models() + b]));
        }
      }
      AddTrials({weights ? LevelScore::kWeights : LevelScore::kDistillation, LevelDesign::kStrangers,
                 LevelQuestion::kNamed, out_.prompt_counts.back()},
                counted_, of_voters, counted_, of_strangers, trials);
    }
    for (const audit::LevelTrial& trial : trials) tally.Add(trial);
    return absl::OkStatus();
  }

  absl::Status SetCells(const audit::LevelTally& tally) {
    for (std::size_t s = 0; s < series_.size(); ++s) {
      for (const LevelStratum stratum : audit::kLevelStrata) {
        for (std::size_t alpha = 0; alpha < out_.alphas.size(); ++alpha) {
          STEMMA_ASSIGN_OR_RETURN(out_.cells.emplace_back(), tally.Cell(s, alpha, stratum));
        }
      }
    }
    return absl::OkStatus();
  }

  absl::Status SetRises(const audit::LevelTally& tally) {
    for (const LevelScore score : {LevelScore::kWeights, LevelScore::kDistillation}) {
      for (const LevelQuestion question : {LevelQuestion::kNamed, LevelQuestion::kScreening}) {
        std::vector<std::size_t> by_prompts;
        for (const std::size_t prompts : out_.prompt_counts) {
          by_prompts.push_back(Series(score, LevelDesign::kHalves, question, prompts));
        }
        for (std::size_t alpha = 0; alpha < out_.alphas.size(); ++alpha) {
          STEMMA_ASSIGN_OR_RETURN(const std::optional<LevelRise> rise, tally.Rise(by_prompts, alpha));
          if (rise) out_.rises.push_back(*rise);
        }
      }
    }
    return absl::OkStatus();
  }

  const Panel& panel_;
  const LevelOptions& options_;
  std::vector<std::size_t> counted_;
  std::vector<bool> related_;
  Values control_;  // by model
  Values styles_;   // of all by all; empty without styles
  std::vector<audit::LevelSeries> series_;
  LevelTest out_;
};

}  // namespace

absl::StatusOr<LevelTest> TestLevel(const Panel& panel, const LevelOptions& options) {
  STEMMA_RETURN_IF_ERROR(CheckOptions(options));
  STEMMA_RETURN_IF_ERROR(CheckGroups(panel, SortedOnce(options.alphas)));
  // Refuses shares of rivals that are none.
  STEMMA_RETURN_IF_ERROR(Scorer::Create(panel, options.score).status());
  return LevelTester(panel, options).Find();
}

}  // namespace stemma
