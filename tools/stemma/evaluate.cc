#include "stemma/evaluate.h"

#include <memory>

#include "lib/base/status_macros.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  std::string panel;
  std::string json;
};

absl::Status Run(const Flags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string path, GivenOrShipped(flags.panel, "panel.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(path));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<ClassEvaluation> evaluations, Evaluate(panel, {.threads = globals.threads}));
  if (!flags.json.empty()) STEMMA_RETURN_IF_ERROR(WriteOutput(flags.json, EvaluationToJson(panel, evaluations)));
  return flags.json == "-" ? absl::OkStatus() : WriteOutput("-", EvaluationToText(panel, evaluations));
}

}  // namespace

void AddEvaluate(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("evaluate", "How well a calibrated panel tells its own models apart, as strangers");
  command->add_option("--panel", flags->panel, "Panel in place of the shipped one")->type_name("FILE");
  command->add_option("--json", flags->json, "Write all figures and pairs as JSON, too; - for standard output, in place of the text")
      ->type_name("FILE");
  command->footer("Example:\n  stemma evaluate --json evaluation.json\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
