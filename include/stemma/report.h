// An audit as text for a terminal, and as JSON for programs.
//
// Determinism: the JSON depends on the audit alone: no clock, path, thread count or machine stands in it.
#ifndef STEMMA_REPORT_H_
#define STEMMA_REPORT_H_

#include <string>
#include <string_view>
#include <vector>

#include "stemma/audit.h"
#include "stemma/evaluate.h"
#include "stemma/panel.h"

namespace stemma {

// The text with control characters written out (\t, \n, \x1b): safe in a table and on a terminal.
std::string Printable(std::string_view text);

// A likelihood ratio with two significant figures: "0.031", "4.2", "120".
std::string FormatLr(double llr_log10);

// About forty lines of at most 110 columns.
std::string AuditToText(const Panel& panel, const AuditReport& report);

// One object, indented, with a line end behind it.
std::string AuditToJson(const Panel& panel, const AuditReport& report);

// Every class that the panel has documented pairs of. The JSON holds each pair, too, for plots.
std::string EvaluationToText(const Panel& panel, const std::vector<ClassEvaluation>& evaluations);
std::string EvaluationToJson(const Panel& panel, const std::vector<ClassEvaluation>& evaluations);

}  // namespace stemma

#endif  // STEMMA_REPORT_H_
