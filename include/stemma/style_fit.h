// Fits the space in which styles are compared to the signatures of many documented models.
//
// Set by set of features (words; sentence openings): principal directions of the models' square-rooted shares, whitened
// by how much one model varies over blocks of prompts, scaled to unit total variance. Behind that: principal directions of
// the unit-length projections, whitened by the mean outer product of fine-tune minus parent over documented pairs.
// No label of distillation is used.
// Shape: 50 directions a set, 60 at last, fewer where there are fewer models.
// Units: each group of models counts once; degenerate models do not count.
// Errors: kFailedPrecondition for fewer than `kMinGroupsToFitStyle` groups, no features, or models that do not differ.
// Determinism: the same signatures give the same bytes on one machine, whatever their order; elsewhere up to rounding.
// Source: within-class covariance normalisation: Hatch, Kajarekar and Stolcke 2006 ("Within-class covariance
// normalization for SVM-based speaker recognition").
#ifndef STEMMA_STYLE_FIT_H_
#define STEMMA_STYLE_FIT_H_

#include <cstddef>
#include <span>

#include "absl/status/statusor.h"
#include "stemma/signature.h"
#include "stemma/style_space.h"
#include "stemma/vocabulary.h"

namespace stemma {

inline constexpr std::size_t kMinGroupsToFitStyle = 10;

absl::StatusOr<StyleSpace> FitStyleSpace(std::span<const Signature> signatures, const Vocabulary& vocabulary);

}  // namespace stemma

#endif  // STEMMA_STYLE_FIT_H_
