// What each model of a panel scores on each other one as a stranger would: with its whole group left out of everything
// that was fitted to models. Calibration and evaluation learn from these, since a model that helped to make the panel is
// scored too kindly by it.
//
// Shape: matrices of models x models, row by row, a candidate a row.
// Units: those of PairScore; NaN where a pair was not scored (a model on itself).
// Errors: kDataLoss for bytes that no writer made.
#ifndef STEMMA_STRANGER_SCORES_H_
#define STEMMA_STRANGER_SCORES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/evidence_class.h"

namespace stemma {

// What likelihood ratios made from such scores were worth, when the panel was calibrated.
struct CalibrationQuality {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  double cllr = kNone;        // for strangers
  double cllr_lower = kNone;  // 95 % interval for other groups of candidates and other organisations' references
  double cllr_upper = kNone;
  double cllr_frozen = kNone;  // had the models been scored by the panel that they are in, each leaving but itself out
  std::uint32_t pairs_h1 = 0;
  std::uint32_t pairs_h2 = 0;
  std::uint32_t groups = 0;
  std::uint32_t organisations = 0;  // of the references
};

struct StrangerScores {
  std::vector<float> weights;
  std::vector<float> distillation;
  std::vector<float> ranking;
  // Scores under other shares of the rival term are other scores.
  double rival_weight_weights = 0;
  double rival_weight_distillation = 0;
  double rival_weight_ranking = 0;
  // True where the words and features of the vocabulary were chosen anew without the group, too.
  bool vocabulary_refitted = false;
  std::array<CalibrationQuality, 2> quality = {};  // by class

  const std::vector<float>& of(EvidenceClass evidence_class) const {
    return evidence_class == EvidenceClass::kWeights ? weights : distillation;
  }

  std::string Serialize() const;
  static absl::StatusOr<StrangerScores> Parse(std::string_view bytes, std::size_t models, std::string_view source);
};

}  // namespace stemma

#endif  // STEMMA_STRANGER_SCORES_H_
