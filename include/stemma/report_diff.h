// Whether two reports say the same, and what changed between them.
//
// Provenance is never compared, and a person's statements only to say that they differ.
// Determinism: depends on the reports alone.
#ifndef STEMMA_REPORT_DIFF_H_
#define STEMMA_REPORT_DIFF_H_

#include <optional>
#include <string>
#include <vector>

#include "stemma/audit.h"
#include "stemma/panel.h"
#include "stemma/signature.h"
#include "stemma/stored_report.h"

namespace stemma {

struct ReportDifference {
  std::string what;     // "input digest", "vocabulary digest", ..., else "value"
  std::string pointer;  // JSON pointer (RFC 6901) in the canonical part
  std::string before;   // as JSON; "absent" where the report has none
  std::string after;
};

// The first of what they differ in: digests before all else, since whatever follows from other inputs is other; then in the
// order of the report. Nothing where the canonical bytes are the same.
std::optional<ReportDifference> FirstDifference(const StoredReport& before, const StoredReport& after);

// The first digest that differs between a report and what would be audited now: in time to save the audit. `embeddings` as
// for `Audit`.
std::optional<ReportDifference> FirstInputDifference(const StoredReport& report, const Panel& panel, const Signature& candidate,
                                                     const AuditEmbeddings* embeddings = nullptr);

// In words, the weightiest first; empty where the reports say the same. Ids stay the same from version to version.
//
// Likelihood ratios count as changed where one lies outside of the other's interval; how many moved within theirs is told in
// one change for all.
std::vector<Remark> ExplainDifferences(const StoredReport& before, const StoredReport& after);

}  // namespace stemma

#endif  // STEMMA_REPORT_DIFF_H_
