// An audit as text for a terminal, and as JSON for programs.
//
// Determinism: the JSON depends on the audit alone: no clock, path, thread count or machine stands in it.
#ifndef STEMMA_REPORT_H_
#define STEMMA_REPORT_H_

#include <string>
#include <string_view>

#include "stemma/audit.h"
#include "stemma/panel.h"

namespace stemma {

// The text with control characters written out (\t, \n, \x1b): safe in a table and on a terminal.
std::string Printable(std::string_view text);

// About forty lines of at most 110 columns.
std::string AuditToText(const Panel& panel, const AuditReport& report);

// One object, indented, with a line end behind it.
std::string AuditToJson(const Panel& panel, const AuditReport& report);

}  // namespace stemma

#endif  // STEMMA_REPORT_H_
