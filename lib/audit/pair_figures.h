// How well a matrix of scores orders the documented pairs of a class.
//
// Complexity: what each derived pair won against each group is found once; a draw of the bootstrap only adds it up.
#ifndef STEMMA_LIB_AUDIT_PAIR_FIGURES_H_
#define STEMMA_LIB_AUDIT_PAIR_FIGURES_H_

#include <span>

#include "absl/status/statusor.h"
#include "stemma/bootstrap.h"
#include "stemma/documented_pairs.h"
#include "stemma/evaluate.h"
#include "stemma/evidence_class.h"
#include "stemma/panel.h"

namespace stemma::audit {

// `scores`: models x models, a candidate a row, NaN where not scored. `ranking`: likewise, for the order of references.
absl::StatusOr<PairFigures> FiguresOf(const Panel& panel, EvidenceClass evidence_class, const DocumentedPairs& pairs,
                                      std::span<const float> scores, std::span<const float> ranking,
                                      const BootstrapOptions& options);

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_PAIR_FIGURES_H_
