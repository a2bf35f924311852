// The two propositions that a likelihood ratio weighs against each other, in words.
//
// Other explanations than independence (a shared base, teacher or data) have no likelihood ratio of their own: they stand in
// the exculpation.
// Source: ENFSI 2015, "Guideline for evaluative reporting in forensic science", section 2.3.
#ifndef STEMMA_PROPOSITIONS_H_
#define STEMMA_PROPOSITIONS_H_

#include <string>
#include <string_view>

#include "stemma/evidence_class.h"

namespace stemma {

struct Propositions {
  std::string h1;
  std::string h2;
};

Propositions PropositionsOf(EvidenceClass evidence_class, std::string_view reference);

}  // namespace stemma

#endif  // STEMMA_PROPOSITIONS_H_
