// What single prompts say of one candidate and one reference.
#ifndef STEMMA_LIB_AUDIT_PROMPT_FINDINGS_H_
#define STEMMA_LIB_AUDIT_PROMPT_FINDINGS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/exculpation.h"
#include "stemma/panel.h"
#include "stemma/progress.h"
#include "stemma/signature.h"

namespace stemma::audit {

// Who stands beside the candidate.
struct PromptCohort {
  std::vector<bool> counts;     // by model: neither degenerate nor the candidate itself
  std::vector<bool> unrelated;  // by model: to the reference and the candidate, and counts
  std::optional<std::size_t> candidate_group;
};

// At each shared prompt where the candidate copies no answer of the reference: its cosine with the reference less what is
// typical of both at that prompt, as the score has it over all prompts; and the same for each unrelated model.
// Complexity: linear in the postings of the shared prompts.
absl::StatusOr<PromptFindings> FindByPrompt(const Panel& panel, const Signature& candidate, std::size_t reference,
                                            const PromptCohort& cohort, int threads, const Progress& progress);

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_PROMPT_FINDINGS_H_
