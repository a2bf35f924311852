#include "stemma/evidence_class.h"

namespace stemma {

std::string_view NameOf(EvidenceClass evidence_class) {
  return evidence_class == EvidenceClass::kWeights ? "weights" : "distillation";
}

}  // namespace stemma
