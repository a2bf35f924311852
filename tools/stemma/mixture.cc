#include "stemma/mixture.h"

#include <memory>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/mixture_report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string panel;
  std::string json;
  MixtureOptions options;
};

absl::Status Run(const Flags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string panel_path, GivenOrShipped(flags.panel, "panel.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(panel_path));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions sign_options, flags.read.ToOptions(globals));
  STEMMA_ASSIGN_OR_RETURN(const SignedInputs inputs, ReadOrSign(flags.read.inputs, panel.vocabulary(), sign_options));
  ReportSkipped(inputs.responses);
  if (inputs.signatures.size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("a mixture is fitted to one candidate at a time, got %d (name it with --name)", inputs.signatures.size()));
  }
  MixtureOptions options = flags.options;
  options.threads = globals.threads;
  options.progress = ProgressOnTerminal(globals);
  STEMMA_ASSIGN_OR_RETURN(const MixtureReport report, FitMixture(panel, inputs.signatures.front(), options));
  if (!flags.json.empty()) STEMMA_RETURN_IF_ERROR(WriteOutput(flags.json, MixtureToJson(panel, report)));
  return flags.json == "-" ? absl::OkStatus() : WriteOutput("-", MixtureToText(panel, report));
}

}  // namespace

void AddMixture(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      program.app.add_subcommand("mixture", "Which makers' models seem to have written which share of the responses");
  flags->read.AddTo(*command, "A signature or responses of one candidate");
  command->add_option("--panel", flags->panel, "Panel in place of the shipped one")->type_name("FILE");
  command->add_option("--leave-out", flags->options.left_out, "A model of the panel that counts as not being there (may be given several times)")
      ->type_name("MODEL")
      ->allow_extra_args(false);
  command->add_option("--draws", flags->options.draws, "Draws of prompts behind intervals")
      ->check(CLI::Range(40, 100'000))
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--seed", flags->options.seed, "Seed of starts and draws")->capture_default_str()->type_name("N");
  command->add_option("--json", flags->json, "Write shares and each prompt's source as JSON, too; - for standard output, in place of the text")
      ->type_name("FILE");
  command->footer(
      "Examples:\n"
      "  stemma mixture candidate.jsonl\n"
      "  stemma mixture candidate.jsonl --json mixture.json\n"
      "Exact copies are taken out first. A relayed share is no dose of distillation, and no verdict.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
