// Makes a panel one whose scores are evidence: scores its models as strangers, fits what turns scores into likelihood ratios,
// and measures what these are worth, beside the same with the models scored by the panel that they are in.
//
// Errors, determinism and complexity: those of ScoreAsStrangers and Evaluate.
#ifndef STEMMA_CALIBRATE_PANEL_H_
#define STEMMA_CALIBRATE_PANEL_H_

#include "absl/status/statusor.h"
#include "stemma/panel.h"
#include "stemma/score_strangers.h"

namespace stemma {

absl::StatusOr<Panel> CalibratePanel(const Panel& panel, const SignWithout& sign_without, const StrangerOptions& options = {});

// Only what follows from the scores of strangers that the panel has. Errors: kFailedPrecondition where it has none.
absl::StatusOr<Panel> RecalibratePanel(const Panel& panel, int threads = 0);

}  // namespace stemma

#endif  // STEMMA_CALIBRATE_PANEL_H_
