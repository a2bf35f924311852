#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "lib/base/status_macros.h"
#include "stemma/audit.h"
#include "stemma/candidate.h"
#include "stemma/case_file.h"
#include "stemma/evaluate.h"
#include "stemma/makers.h"
#include "stemma/report.h"
#include "stemma/self_identification_counts.h"
#include "tools/stemma/command.h"
#include "tools/stemma/provenance.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string panel;
  std::string panel_embeddings;
  bool no_embeddings = false;
  bool no_mixture = false;
  std::vector<std::string> references;
  std::optional<double> prior;
  double alpha = AuditOptions().alpha;
  std::string json;
  std::string html;
  std::string markdown;
  bool no_provenance = false;

  int ReportsOnStandardOutput() const { return (json == "-") + (html == "-") + (markdown == "-"); }
};

bool IsFile(const Flags& flags, const std::string& argument) {
  const auto is_among = [&](const std::vector<std::string>& paths) { return std::ranges::find(paths, argument) != paths.end(); };
  return is_among(flags.read.inputs) || is_among(flags.read.metadata) ||
         is_among({flags.panel, flags.panel_embeddings, flags.json, flags.html, flags.markdown});
}

std::string WithoutFolder(const std::string& path) {
  const std::filesystem::path given(path);
  return given.has_filename() ? given.filename().string() : given.parent_path().filename().string();
}

// A page is handed on: it names files, and keeps to itself where they lay.
std::string CommandOf(const Flags& flags, const Globals& globals) {
  std::vector<std::string> arguments = globals.command_line;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    std::string& argument = arguments[k];
    const std::size_t value = argument.starts_with("--") ? argument.find('=') + 1 : 0;  // npos + 1 is 0
    const std::string given = argument.substr(value);
    if (k == 0 || IsFile(flags, given)) argument = argument.substr(0, value) + WithoutFolder(given);
  }
  return absl::StrJoin(arguments, " ");
}

constexpr std::size_t kCurveDraws = 39;  // the fewest: of intervals that the page's curves do not show

absl::Status WriteJson(const Flags& flags, const Globals& globals, const std::string& panel_path, const Candidate& candidate,
                       const Panel& panel, const AuditReport& report) {
  if (flags.no_provenance) return WriteOutput(flags.json, AuditToJson(panel, report));
  STEMMA_ASSIGN_OR_RETURN(const Provenance provenance, ProvenanceOf(globals, panel_path, candidate));
  return WriteOutput(flags.json, AuditToJson(panel, report, &provenance));
}

// What public models say of themselves; an installation may lack it, and then a report does.
absl::StatusOr<std::vector<SelfIdentificationCounts>> ReadBaseRates() {
  const absl::StatusOr<std::string> path = GivenOrShipped("", "self_identification.json");
  if (!path.ok()) return std::vector<SelfIdentificationCounts>();
  return ReadSelfIdentification(*path);
}

absl::StatusOr<CaseFile> ReadExcerpts(const SignOptions& sign_options, const SignedInputs& inputs, const AuditReport& report) {
  const absl::StatusOr<std::string> path = GivenOrShipped("", "makers.txt");
  std::vector<Maker> makers;
  if (path.ok()) {
    STEMMA_ASSIGN_OR_RETURN(makers, ReadMakers(*path));
  }
  return ReadCaseFile(inputs.responses, inputs.signatures.front().metadata().model, std::move(makers),
                      {.read = sign_options.read, .prompts = PromptsToShow(report)});
}

absl::Status WriteHtml(const Flags& flags, const Globals& globals, const SignOptions& sign_options, const SignedInputs& inputs,
                       const Panel& panel, const AuditReport& report) {
  PageContext page;
  page.command = CommandOf(flags, globals);
  std::vector<ClassEvaluation> evaluation;
  if (panel.strangers() != nullptr) {
    STEMMA_ASSIGN_OR_RETURN(evaluation, Evaluate(panel, {.draws = kCurveDraws, .threads = globals.threads}));
    page.evaluation = &evaluation;
  }
  STEMMA_ASSIGN_OR_RETURN(const CaseFile case_file, ReadExcerpts(sign_options, inputs, report));
  page.case_file = &case_file;
  STEMMA_ASSIGN_OR_RETURN(const std::vector<SelfIdentificationCounts> base_rates, ReadBaseRates());
  if (!base_rates.empty()) page.base_rates = &base_rates;
  return WriteOutput(flags.html, AuditToHtml(panel, report, page));
}

EmbeddingFiles FilesFor(const Flags& flags, const std::string& panel_path) {
  if (flags.no_embeddings) return {};
  return {.panel = flags.panel_embeddings.empty() ? EmbeddingsOfPanel(panel_path) : flags.panel_embeddings,
          .embedder = ShippedOrNone("embedder.stemma")};
}

absl::Status Run(const Flags& flags, const Globals& globals) {
  if (flags.ReportsOnStandardOutput() > 1) {
    return absl::InvalidArgumentError("one of --json, --html and --markdown may be -, since standard output holds one report");
  }
  STEMMA_ASSIGN_OR_RETURN(const std::string panel_path, GivenOrShipped(flags.panel, "panel.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(panel_path));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions sign_options, flags.read.ToOptions(globals));
  STEMMA_ASSIGN_OR_RETURN(const Candidate candidate, ReadCandidate(flags.read.inputs, panel, FilesFor(flags, panel_path), sign_options));
  const SignedInputs& inputs = candidate.inputs;
  ReportSkipped(inputs.responses);
  AuditOptions options;
  options.references = flags.references;
  options.prior = flags.prior;
  options.alpha = flags.alpha;
  options.mixture = !flags.no_mixture;
  options.family_tree = !flags.json.empty() || !flags.html.empty();
  options.score.threads = globals.threads;
  options.progress = ProgressOnTerminal(globals);
  STEMMA_ASSIGN_OR_RETURN(const AuditReport report, Audit(panel, candidate, options));
  if (!flags.json.empty()) STEMMA_RETURN_IF_ERROR(WriteJson(flags, globals, panel_path, candidate, panel, report));
  if (!flags.html.empty()) STEMMA_RETURN_IF_ERROR(WriteHtml(flags, globals, sign_options, inputs, panel, report));
  if (!flags.markdown.empty()) STEMMA_RETURN_IF_ERROR(WriteOutput(flags.markdown, AuditToMarkdown(panel, report)));
  if (flags.ReportsOnStandardOutput() > 0) return absl::OkStatus();
  return WriteOutput("-", AuditToText(panel, report, {.colour = ColourOnStandardOutput()}));
}

}  // namespace

void AddAudit(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("audit", "Audit one candidate against a panel: the verdict and its reasons");
  flags->read.AddTo(*command, "The candidate's responses, or its signature and perhaps its embedding signature; several files are taken together");
  command->add_option("--panel", flags->panel, "Panel in place of the shipped one")->type_name("FILE");
  auto* const embeddings =
      command->add_option("--panel-embeddings", flags->panel_embeddings,
                          "The panel's embeddings in place of embeddings.stemma in its folder")
          ->type_name("FILE");
  command->add_flag("--no-embeddings", flags->no_embeddings, "Leave out what embeddings say, which enters no verdict")
      ->excludes(embeddings);
  command->add_flag("--no-mixture", flags->no_mixture, "Do not look whether several makers' models wrote the responses");
  command->add_option("--reference", flags->references, "Reference declared beforehand (may be given several times)")
      ->type_name("MODEL");
  command->add_option("--prior", flags->prior,
                      "What if: show what a probability of H1 that you name beforehand would become (between 0 and 1)")
      ->type_name("P");
  command->add_option("--alpha", flags->alpha, "A p above this supports nothing")->type_name("P")->capture_default_str();
  command->add_option("--html", flags->html, "Write the report as a page for a browser or for print, too; - for standard output")
      ->type_name("FILE");
  command->add_option("--markdown", flags->markdown, "Write the text as Markdown, too; - for standard output")->type_name("FILE");
  command->add_option("--json", flags->json, "Write the report as JSON, too; - for standard output, in place of the text")
      ->type_name("FILE");
  command->add_flag("--no-provenance", flags->no_provenance, "Leave out of the JSON how, where and when it was made");
  command->footer(
      "Examples:\n"
      "  stemma audit candidate.jsonl\n"
      "  stemma audit results.json.zst --name my-model --reference gpt4 --json report.json\n"
      "  stemma audit candidate.jsonl --html report.html\n"
      "Embeddings are measured of responses, and of a signature with its embeddings (stemma sign --embeddings) beside it.\n"
      "Declare a reference only if you chose it before you saw any score: its p-value is then that of one test.\n"
      "Without one, the p-value is that of a search over all references.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
