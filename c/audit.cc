#include "stemma/audit.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_format.h"
#include "c/boundary.h"
#include "c/handles.h"
#include "c/options.h"
#include "stemma/report.h"

namespace stemma::c {
namespace {

absl::StatusOr<stemma_audit_options> ReadAuditOptions(const stemma_audit_options* given) {
  constexpr std::size_t kFirstSize = offsetof(stemma_audit_options, reserved) + sizeof(stemma_audit_options::reserved);
  STEMMA_ASSIGN_OR_RETURN(const stemma_audit_options options, ReadOptions(given, kFirstSize, "stemma_audit_options"));
  if (options.reserved != 0) {
    return absl::InvalidArgumentError(absl::StrFormat("options->reserved must be 0, got %d", options.reserved));
  }
  if (options.reference_count > 0) STEMMA_RETURN_IF_ERROR(NotNull(options.references, "options->references"));
  for (std::size_t k = 0; k < options.reference_count; ++k) {
    STEMMA_RETURN_IF_ERROR(NotNull(options.references[k], absl::StrFormat("options->references[%d]", k)));
  }
  return options;
}

AuditOptions ToAuditOptions(const stemma_audit_options& options) {
  AuditOptions out;
  for (std::size_t k = 0; k < options.reference_count; ++k) out.references.emplace_back(options.references[k]);
  if (options.prior != 0) out.prior = options.prior;
  if (options.alpha != 0) out.alpha = options.alpha;
  out.family_tree = true;  // as in every JSON that the program writes
  out.score.threads = options.threads;
  return out;
}

}  // namespace
}  // namespace stemma::c

stemma_status stemma_audit_json(const stemma_panel* panel, const stemma_signature* candidate,
                                const stemma_audit_options* options, char** json, size_t* size) {
  using stemma::c::NotNull;
  return stemma::c::MakeBytes(json, "json", size, [&]() -> absl::StatusOr<std::string> {
    STEMMA_RETURN_IF_ERROR(NotNull(panel, "panel"));
    STEMMA_RETURN_IF_ERROR(NotNull(candidate, "candidate"));
    STEMMA_ASSIGN_OR_RETURN(const stemma_audit_options known, stemma::c::ReadAuditOptions(options));
    STEMMA_ASSIGN_OR_RETURN(const stemma::AuditReport report,
                            stemma::Audit(panel->value, candidate->value, stemma::c::ToAuditOptions(known),
                                          &candidate->responses));
    return stemma::AuditToJson(panel->value, report);
  });
}
