#include "stemma/calibrate_panel.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "lib/audit/class_calibration.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "stemma/evaluate.h"
#include "stemma/score.h"

namespace stemma {
namespace {

// Each model scored by the panel as it stands, itself alone left out.
absl::StatusOr<StrangerScores> FrozenScores(const Panel& panel, int threads) {
  StrangerScores scores = *panel.strangers();
  STEMMA_ASSIGN_OR_RETURN(const Scorer scorer,
                          Scorer::Create(panel, {.rival_weight_weights = scores.rival_weight_weights,
                                                 .rival_weight_distillation = scores.rival_weight_distillation,
                                                 .rival_weight_ranking = scores.rival_weight_ranking,
                                                 .threads = threads}));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<PairScore> pairs, scorer.ScorePanel());
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
    scores.weights[k] = pairs[k].scored ? static_cast<float>(pairs[k].weights) : kNaN;
    scores.distillation[k] = pairs[k].scored ? static_cast<float>(pairs[k].distillation) : kNaN;
    scores.ranking[k] = pairs[k].scored ? static_cast<float>(pairs[k].ranking) : kNaN;
  }
  return scores;
}

void SetQuality(const std::vector<ClassEvaluation>& as_strangers, const std::vector<ClassEvaluation>& as_members,
                PanelCalibration& calibration) {
  const auto of = [&](const ClassEvaluation& evaluation) -> ClassQuality& {
    return calibration.quality[static_cast<std::size_t>(evaluation.evidence_class)];
  };
  for (const ClassEvaluation& evaluation : as_strangers) {
    ClassQuality& quality = of(evaluation);
    quality.cllr = evaluation.cllr.value;
    quality.cllr_lower = evaluation.cllr.lower;
    quality.cllr_upper = evaluation.cllr.upper;
    quality.pairs_h1 = static_cast<std::uint32_t>(evaluation.pairs_h1);
    quality.pairs_h2 = static_cast<std::uint32_t>(evaluation.pairs_h2);
    quality.groups = static_cast<std::uint32_t>(evaluation.cllr.n);
    quality.organisations = static_cast<std::uint32_t>(evaluation.organisations);
  }
  for (const ClassEvaluation& evaluation : as_members) of(evaluation).cllr_frozen = evaluation.cllr.value;
}

absl::Status SetLines(const Panel& panel, int threads, PanelCalibration& calibration) {
  for (std::size_t k = 0; k < kEvidenceClasses.size(); ++k) {
    std::vector<CalibrationLine>& lines = calibration.lines[k];
    lines.resize(panel.groups().size());
    const std::optional<audit::ClassCalibration> fitted = audit::ClassCalibration::Of(panel, kEvidenceClasses[k]);
    if (!fitted) continue;
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(lines.size(), threads, [&](std::size_t group) {
      const auto model = fitted->Without(std::nullopt, group);
      if (absl::IsFailedPrecondition(model.status())) return absl::OkStatus();
      STEMMA_RETURN_IF_ERROR(model.status());
      lines[group] = {model->line().slope(), model->line().intercept(), model->bounds().lower_log10, model->bounds().upper_log10};
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Panel> CalibratePanel(const Panel& panel, const SignWithout& sign_without, const StrangerOptions& options) {
  STEMMA_ASSIGN_OR_RETURN(const StrangerScores scores, ScoreAsStrangers(panel, sign_without, options));
  STEMMA_ASSIGN_OR_RETURN(const Panel scored, panel.WithStrangers(scores));
  return RecalibratePanel(scored, options.score.threads);
}

absl::StatusOr<Panel> RecalibratePanel(const Panel& panel, int threads) {
  if (panel.strangers() == nullptr) {
    return absl::FailedPreconditionError("the panel holds no scores of its models as strangers; making them takes all responses");
  }
  // What was fitted before must have no part in what is fitted now.
  STEMMA_ASSIGN_OR_RETURN(const Panel bare, panel.WithStrangers(*panel.strangers()));
  STEMMA_ASSIGN_OR_RETURN(const StrangerScores frozen, FrozenScores(bare, threads));
  STEMMA_ASSIGN_OR_RETURN(const Panel with_frozen, bare.WithStrangers(frozen));
  STEMMA_ASSIGN_OR_RETURN(const auto as_strangers, Evaluate(bare, {.threads = threads}));
  STEMMA_ASSIGN_OR_RETURN(const auto as_members, Evaluate(with_frozen, {.threads = threads}));
  PanelCalibration calibration;
  SetQuality(as_strangers, as_members, calibration);
  STEMMA_RETURN_IF_ERROR(SetLines(bare, threads, calibration));
  return bare.WithCalibration(calibration);
}

}  // namespace stemma
