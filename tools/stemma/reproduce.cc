#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/audit.h"
#include "stemma/candidate.h"
#include "stemma/report.h"
#include "stemma/report_diff.h"
#include "stemma/stored_report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  std::string report;
  std::vector<std::string> inputs;
  std::string panel;
  std::string panel_embeddings;
};

absl::StatusOr<std::vector<std::string>> InputPaths(const Flags& flags, const StoredReport& report) {
  if (!flags.inputs.empty()) return flags.inputs;
  for (const std::string& path : report.input_paths()) {
    if (path != "-") continue;
    return absl::InvalidArgumentError(absl::StrFormat("%s was made from standard input: name its inputs", flags.report));
  }
  if (!report.input_paths().empty()) return report.input_paths();
  return absl::InvalidArgumentError(absl::StrFormat("%s has no provenance: name its inputs", flags.report));
}

EmbeddingFiles FilesFor(const Flags& flags, const StoredReport& report, const std::string& panel_path) {
  if (!report.has_embeddings()) return {};
  EmbeddingFiles files{.panel = flags.panel_embeddings, .embedder = ShippedOrNone("embedder.stemma")};
  if (files.panel.empty()) files.panel = report.embedding_panel_path();
  if (files.panel.empty()) files.panel = EmbeddingsOfPanel(panel_path);
  return files;
}

// Called and described as in the report, whatever the records say.
absl::StatusOr<Candidate> ReadCandidateOf(const Flags& flags, const StoredReport& report, const std::string& panel_path,
                                          const Panel& panel, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<std::string> paths, InputPaths(flags, report));
  SignOptions options;
  options.read.name = report.candidate().model;
  options.read.skip_bad = report.skipped_bad_records();
  options.read.progress = ProgressOnTerminal(globals);
  options.threads = globals.threads;
  STEMMA_ASSIGN_OR_RETURN(Candidate candidate, ReadCandidate(paths, panel, FilesFor(flags, report, panel_path), std::move(options)));
  candidate.signature().set_metadata(report.candidate());
  return candidate;
}

std::optional<ReportDifference> FirstDifferenceOfInputs(const StoredReport& report, const Panel& panel, const Candidate& candidate) {
  if (!candidate.embeddings) return FirstInputDifference(report, panel, candidate.signature());
  const AuditEmbeddings embeddings{candidate.embeddings->panel, candidate.embeddings->candidate};
  return FirstInputDifference(report, panel, candidate.signature(), &embeddings);
}

// Nothing where the canonical part comes out byte for byte.
absl::StatusOr<std::optional<ReportDifference>> Rederive(const Flags& flags, const StoredReport& report,
                                                         const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string panel_path,
                          GivenOrShipped(flags.panel.empty() ? report.panel_path() : flags.panel, "panel.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(panel_path));
  STEMMA_ASSIGN_OR_RETURN(const Candidate candidate, ReadCandidateOf(flags, report, panel_path, panel, globals));
  if (auto difference = FirstDifferenceOfInputs(report, panel, candidate)) return difference;
  AuditOptions options = report.options();
  options.score.threads = globals.threads;
  options.progress = ProgressOnTerminal(globals);
  STEMMA_ASSIGN_OR_RETURN(const AuditReport audit, Audit(panel, candidate, options));
  STEMMA_ASSIGN_OR_RETURN(const StoredReport anew,
                          StoredReport::Parse(AuditToJson(panel, audit), "the report derived anew"));
  return FirstDifference(report, anew);
}

absl::Status Run(const Flags& flags, Program& program) {
  STEMMA_ASSIGN_OR_RETURN(const StoredReport report, StoredReport::Read(flags.report));
  STEMMA_ASSIGN_OR_RETURN(const std::optional<ReportDifference> difference, Rederive(flags, report, program.globals));
  const std::string name = Printable(flags.report);
  std::string out;
  if (!report.intact()) {
    absl::StrAppendFormat(&out, "%s: edited after it was written: the digest of its canonical part is %s, and it says %s\n",
                          name, ToHex(report.digest()), Printable(report.stated_digest()));
  }
  if (difference) {
    absl::StrAppendFormat(&out, "%s: not reproduced; the first difference is the %s %s: %s in the report, %s derived anew\n",
                          name, difference->what, Printable(difference->pointer), Printable(difference->before),
                          Printable(difference->after));
  } else {
    absl::StrAppendFormat(&out, "%s: the canonical part is reproduced byte for byte (digest %s)\n", name,
                          ToHex(report.digest()));
  }
  program.exit_code = difference || !report.intact() ? 1 : 0;
  return WriteOutput("-", out);
}

}  // namespace

void AddReproduce(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("reproduce", "Derive a report anew, and name the first thing that differs");
  command->add_option("REPORT", flags->report, "What `stemma audit --json` wrote")->required()->type_name("FILE");
  command
      ->add_option("INPUT", flags->inputs,
                   "The candidate's responses, or its signature; without it, the files that the report names")
      ->type_name("FILE");
  command->add_option("--panel", flags->panel, "Panel in place of the one that the report names")->type_name("FILE");
  command
      ->add_option("--panel-embeddings", flags->panel_embeddings, "The panel's embeddings in place of those that the report names")
      ->type_name("FILE");
  command->footer(
      "Example:\n"
      "  stemma reproduce report.json candidate.jsonl\n"
      "Parameters, the candidate's name and what is documented of it are taken from the report. Exit code 0: the canonical\n"
      "part comes out byte for byte; 1: it does not, or was edited.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program); }; });
}

}  // namespace stemma::cli
