#include "stemma/calibrate_panel.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "lib/base/status_macros.h"
#include "stemma/evaluate.h"
#include "stemma/score.h"

namespace stemma {
namespace {

// Each model scored by the panel as it stands, itself alone left out; the same pairs as those of strangers.
absl::StatusOr<StrangerScores> FrozenScores(const Panel& panel, StrangerScores scores, const ScoreOptions& options) {
  STEMMA_ASSIGN_OR_RETURN(const Scorer scorer, Scorer::Create(panel, options));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<PairScore> pairs, scorer.ScorePanel());
  const std::size_t models = panel.models().size();
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
    const bool judged = pairs[k].scored && k / models != k % models;
    scores.weights[k] = judged ? static_cast<float>(pairs[k].weights) : kNaN;
    scores.distillation[k] = judged ? static_cast<float>(pairs[k].distillation) : kNaN;
    scores.ranking[k] = judged ? static_cast<float>(pairs[k].ranking) : kNaN;
  }
  return scores;
}

absl::StatusOr<std::vector<ClassEvaluation>> EvaluateWith(const Panel& panel, const StrangerScores& scores, int threads) {
  STEMMA_ASSIGN_OR_RETURN(const Panel calibrated, panel.WithStrangers(scores));
  return Evaluate(calibrated, {.threads = threads});
}

}  // namespace

absl::StatusOr<Panel> CalibratePanel(const Panel& panel, const SignWithout& sign_without, const StrangerOptions& options) {
  STEMMA_ASSIGN_OR_RETURN(StrangerScores scores, ScoreAsStrangers(panel, sign_without, options));
  STEMMA_ASSIGN_OR_RETURN(const StrangerScores frozen, FrozenScores(panel, scores, options.score));
  STEMMA_ASSIGN_OR_RETURN(const auto as_strangers, EvaluateWith(panel, scores, options.score.threads));
  STEMMA_ASSIGN_OR_RETURN(const auto as_members, EvaluateWith(panel, frozen, options.score.threads));
  for (const ClassEvaluation& evaluation : as_strangers) {
    CalibrationQuality& quality = scores.quality[static_cast<std::size_t>(evaluation.evidence_class)];
    quality.cllr = evaluation.cllr.value;
    quality.cllr_lower = evaluation.cllr.lower;
    quality.cllr_upper = evaluation.cllr.upper;
    quality.pairs_h1 = static_cast<std::uint32_t>(evaluation.pairs_h1);
    quality.pairs_h2 = static_cast<std::uint32_t>(evaluation.pairs_h2);
    quality.groups = static_cast<std::uint32_t>(evaluation.cllr.n);
    quality.organisations = static_cast<std::uint32_t>(evaluation.organisations);
  }
  for (const ClassEvaluation& evaluation : as_members) {
    scores.quality[static_cast<std::size_t>(evaluation.evidence_class)].cllr_frozen = evaluation.cllr.value;
  }
  return panel.WithStrangers(scores);
}

}  // namespace stemma
