// An audit as text for a terminal, and as JSON for programs.
//
// Determinism: what is reported depends on the audit alone; clock, paths, threads and machine stand in the JSON's
// provenance, which the caller hands in.
#ifndef STEMMA_REPORT_H_
#define STEMMA_REPORT_H_

#include <string>
#include <string_view>
#include <vector>

#include "stemma/audit.h"
#include "stemma/case_file.h"
#include "stemma/evaluate.h"
#include "stemma/hash.h"
#include "stemma/level_test.h"
#include "stemma/panel.h"
#include "stemma/provenance.h"
#include "stemma/self_identification_counts.h"
#include "stemma/statements.h"

namespace stemma {

// The text with control characters written out (\t, \n, \x1b): safe in a table and on a terminal.
std::string Printable(std::string_view text);

// A likelihood ratio with two significant figures: "0.031", "4.2", "120".
std::string FormatLr(double llr_log10);

struct TextOptions {
  bool colour = false;  // for a terminal: emphasis by escape sequences
};

// Some forty lines of at most 110 columns.
std::string AuditToText(const Panel& panel, const AuditReport& report, const TextOptions& options = {});

// What a page may hold beside the audit. Pointers may be null.
struct PageContext {
  const std::vector<ClassEvaluation>* evaluation = nullptr;  // of the panel, for curves
  const CaseFile* case_file = nullptr;                       // excerpts, and what the candidate says of itself
  const std::vector<SelfIdentificationCounts>* base_rates = nullptr;  // what public models say of themselves
  Statements statements = {};
  std::string command = {};  // that makes the audit again
};

// Prompts of which an excerpt would be shown.
std::vector<Hash128> PromptsToShow(const AuditReport& report);

// One self-contained page without script, for screens from 400 pixels and for print.
std::string AuditToHtml(const Panel& panel, const AuditReport& report, const PageContext& page = {});

// What the text says, for pull requests.
std::string AuditToMarkdown(const Panel& panel, const AuditReport& report);

// {canonical, digest, provenance}, indented, with a line end behind it; docs/report.schema.json says what is in it.
//
// Canonical is what depends on candidate, panel and parameters alone, and `digest` names it, a person's statements left out:
// equal for any number of threads, compiler, file names and order of records. Provenance is outside of every comparison, and
// null without `provenance`.
std::string AuditToJson(const Panel& panel, const AuditReport& report, const Provenance* provenance = nullptr,
                        const Statements& statements = {});

// Every class that the panel has documented pairs of, and the level test where it was made; lines of at most 110 columns.
// The JSON holds each pair and the curves of plots, too.
std::string EvaluationToText(const Panel& panel, const std::vector<ClassEvaluation>& evaluations, const LevelTest* level = nullptr);
std::string EvaluationToJson(const Panel& panel, const std::vector<ClassEvaluation>& evaluations, const LevelTest* level = nullptr);

}  // namespace stemma

#endif  // STEMMA_REPORT_H_
