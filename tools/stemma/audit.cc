#include <algorithm>
#include <memory>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/audit.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string panel;
  std::vector<std::string> references;
  std::string json;
};

absl::Status Run(const Flags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string panel_path, GivenOrShipped(flags.panel, "panel.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(panel_path));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions sign_options, flags.read.ToOptions(globals));
  STEMMA_ASSIGN_OR_RETURN(const SignedInputs inputs, ReadOrSign(flags.read.inputs, panel.vocabulary(), sign_options));
  if (inputs.signatures.size() != 1) {
    std::string names;
    for (const Signature& signature : inputs.signatures) names += " " + signature.metadata().model;
    return absl::InvalidArgumentError(absl::StrFormat(
        "an audit takes one candidate; the inputs hold %d:%s", inputs.signatures.size(), names));
  }
  AuditOptions options;
  options.references = flags.references;
  options.score.threads = globals.threads;
  STEMMA_ASSIGN_OR_RETURN(const AuditReport report, Audit(panel, inputs.signatures.front(), options, &inputs.responses));
  if (!flags.json.empty()) STEMMA_RETURN_IF_ERROR(WriteOutput(flags.json, AuditToJson(panel, report)));
  // One of the two on standard output, never both.
  return flags.json == "-" ? absl::OkStatus() : WriteOutput("-", AuditToText(panel, report));
}

}  // namespace

void AddAudit(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("audit", "Audit one candidate against a panel: the verdict and its reasons");
  flags->read.AddTo(*command, "The candidate's responses, or its signature; several files are taken together");
  command->add_option("--panel", flags->panel, "Panel in place of the shipped one")->type_name("FILE");
  command->add_option("--reference", flags->references, "Reference declared beforehand (may be given several times)")
      ->type_name("MODEL");
  command->add_option("--json", flags->json, "Write the report as JSON, too; - for standard output, in place of the text")
      ->type_name("FILE");
  command->footer(
      "Examples:\n"
      "  stemma audit candidate.jsonl\n"
      "  stemma audit results.json.zst --name my-model --reference gpt4 --json report.json\n"
      "Declare a reference only if you chose it before you saw any score: its p-value is then that of one test.\n"
      "Without one, the p-value is that of a search over all references.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
