// An audit as a document.
#ifndef STEMMA_LIB_REPORT_COMPOSE_H_
#define STEMMA_LIB_REPORT_COMPOSE_H_

#include <optional>
#include <string>

#include "lib/report/document.h"
#include "stemma/audit.h"
#include "stemma/panel.h"
#include "stemma/report.h"
#include "stemma/statements.h"

namespace stemma::report {

// Sections in the order in which both sides should read them.
Section CopiesSection(const Panel& panel, const AuditReport& report);
Section VerdictSection(const Panel& panel, const AuditReport& report);
Section PropositionsSection(const AuditReport& report);
Section InnocentsSection(const Panel& panel, const AuditReport& report);
Section ReferencesSection(const Panel& panel, const AuditReport& report);
Section ExculpationSection(const Panel& panel, const AuditReport& report);
Section LimitsSection(const AuditReport& report);
// On a page only.
Section FamilyTreeSection(const Panel& panel, const AuditReport& report);
Section CalibrationSection(const Panel& panel, const AuditReport& report, const PageContext& page);
Section WeightsSection(const Panel& panel, const AuditReport& report, const PageContext& page);
Section EmbeddingsSection(const Panel& panel, const AuditReport& report);
Section SelfIdentificationSection(const AuditReport& report, const PageContext& page);
Section MethodSection();
Section StatementsSection(const Statements& statements);
Section DigestsSection(const Panel& panel, const AuditReport& report, const PageContext& page);

// What embeddings say, as the text has it; and as something that may speak against derivation.
std::string EmbeddingsInALine(const Panel& panel, const AuditReport& report);
std::optional<std::string> WhereEmbeddingsDisagree(const Panel& panel, const AuditReport& report);

Document Compose(const Panel& panel, const AuditReport& report, const PageContext& page);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_COMPOSE_H_
