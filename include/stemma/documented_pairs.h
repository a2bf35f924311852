// Pairs of a panel's models whose truth is documented: what calibration and evaluation learn from and are judged by.
//
// H1 of the class weights: fine-tunes, restyles and reruns of a model of the panel. H1 of distillation: models trained on
// the outputs of another organisation's model. H2, for each reference that a pair of H1 has: the models that are
// unrelated to it by every documented arrow.
// Left out: what was inferred from text, what is of low confidence, what goes through another model (distillation),
// degenerate models, and candidates that are no examples (ModelMetadata::example).
#ifndef STEMMA_DOCUMENTED_PAIRS_H_
#define STEMMA_DOCUMENTED_PAIRS_H_

#include <cstddef>
#include <span>
#include <vector>

#include "stemma/evidence_class.h"
#include "stemma/lineage.h"
#include "stemma/metadata.h"

namespace stemma {

struct ModelPair {
  std::size_t candidate = 0;
  std::size_t reference = 0;

  friend auto operator<=>(const ModelPair&, const ModelPair&) = default;
};

struct DocumentedPairs {
  std::vector<ModelPair> derived;    // H1; sorted
  std::vector<ModelPair> unrelated;  // H2; sorted
};

// `models`: those that `lineage` was made of, in the same order.
DocumentedPairs FindDocumentedPairs(std::span<const ModelMetadata> models, const Lineage& lineage, EvidenceClass evidence_class);

}  // namespace stemma

#endif  // STEMMA_DOCUMENTED_PAIRS_H_
