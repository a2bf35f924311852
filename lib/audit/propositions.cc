#include "stemma/propositions.h"

#include "absl/strings/str_cat.h"

namespace stemma {

Propositions PropositionsOf(EvidenceClass evidence_class, std::string_view reference) {
  const std::string name(reference);
  return {evidence_class == EvidenceClass::kWeights
              ? absl::StrCat("the candidate is a fine-tune, merge, resale or restyle of ", name, " or a close relative")
              : absl::StrCat("the candidate was trained on outputs of ", name, " or of a close relative"),
          absl::StrCat("the candidate is independent of ", name,
                       ": no weights, base, teacher or third-party data in common")};
}

}  // namespace stemma
