// What each model of a panel scores on each other one as a stranger would: with its whole group left out of everything
// that was fitted to models. Calibration and evaluation learn from these, since a model that helped to make the panel is
// scored too kindly by it.
//
// Shape: matrices of models x models, row by row, a candidate a row.
// Units: those of PairScore; NaN where a pair was not scored (a model on itself).
// Errors: kDataLoss for bytes that no writer made.
#ifndef STEMMA_STRANGER_SCORES_H_
#define STEMMA_STRANGER_SCORES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/evidence_class.h"

namespace stemma {

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

  const std::vector<float>& of(EvidenceClass evidence_class) const {
    return evidence_class == EvidenceClass::kWeights ? weights : distillation;
  }

  std::string Serialize() const;
  static absl::StatusOr<StrangerScores> Parse(std::string_view bytes, std::size_t models, std::string_view source);
};

}  // namespace stemma

#endif  // STEMMA_STRANGER_SCORES_H_
