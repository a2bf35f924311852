// The doubts about an audit's inputs that a reader should know of.
#ifndef STEMMA_LIB_AUDIT_AUDIT_WARNINGS_H_
#define STEMMA_LIB_AUDIT_AUDIT_WARNINGS_H_

#include <vector>

#include "absl/status/status.h"
#include "stemma/audit.h"
#include "stemma/panel.h"
#include "stemma/response_set.h"
#include "stemma/score.h"
#include "stemma/signature.h"

namespace stemma::audit {

// `inputs` may be null.
std::vector<Remark> WarningsOf(const Panel& panel, const Signature& signature, const CandidateScores& scores,
                               const ResponseSet* inputs);

// Where several makers' models, or one maker's and another source, explain the responses better than any one reference.
// Nothing where there are too few prompts or makers to say so.
absl::Status WarnOfMixture(const Panel& panel, const Signature& candidate, const AuditOptions& options,
                           std::vector<Remark>& warnings);

// Of many declared references Holm's adjustment asks for a smaller p than so few groups can give.
void WarnOfUnreachable(const AuditReport& report, const AuditOptions& options, std::vector<Remark>& warnings);

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_AUDIT_WARNINGS_H_
