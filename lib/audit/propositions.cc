#include "stemma/propositions.h"

#include "absl/strings/str_cat.h"

namespace stemma {

Propositions PropositionsOf(EvidenceClass evidence_class, std::string_view reference) {
  const std::string name(reference);
  return {evidence_class == EvidenceClass::kWeights
              ? absl::StrCat("the candidate shares weights with ", name,
                             " or a close relative of it: as a fine-tune, merge, resale or restyle")
              : absl::StrCat("the candidate was trained on outputs of ", name, " or of a close relative of it"),
          absl::StrCat("the candidate is independent of ", name,
                       ": they share no weights, base, teacher or third-party data")};
}

}  // namespace stemma
