#include "stemma/evaluate.h"

#include <memory>
#include <optional>

#include "lib/base/status_macros.h"
#include "stemma/level_test.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  std::string panel;
  std::string json;
  bool level = false;
  LevelOptions level_options;
};

// By the scores that the panel is calibrated for.
absl::StatusOr<LevelTest> Level(const Panel& panel, const Flags& flags, const Globals& globals) {
  LevelOptions options = flags.level_options;
  const StrangerScores& strangers = *panel.strangers();
  options.score.rival_weight_weights = strangers.rival_weight_weights;
  options.score.rival_weight_distillation = strangers.rival_weight_distillation;
  options.score.rival_weight_ranking = strangers.rival_weight_ranking;
  options.score.threads = globals.threads;
  options.progress = ProgressOnTerminal(globals);
  return TestLevel(panel, options);
}

absl::Status Run(const Flags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string path, GivenOrShipped(flags.panel, "panel.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(path));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<ClassEvaluation> evaluations,
                          Evaluate(panel, {.threads = globals.threads, .progress = ProgressOnTerminal(globals)}));
  std::optional<LevelTest> level;
  if (flags.level) {
    STEMMA_ASSIGN_OR_RETURN(level, Level(panel, flags, globals));
  }
  const LevelTest* const tested = level ? &*level : nullptr;
  if (!flags.json.empty()) {
    STEMMA_RETURN_IF_ERROR(WriteOutput(flags.json, EvaluationToJson(panel, evaluations, tested)));
  }
  return flags.json == "-" ? absl::OkStatus() : WriteOutput("-", EvaluationToText(panel, evaluations, tested));
}

}  // namespace

void AddEvaluate(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      program.app.add_subcommand("evaluate", "How well a calibrated panel tells its own models apart, as strangers");
  command->add_option("--panel", flags->panel, "Panel in place of the shipped one")->type_name("FILE");
  command
      ->add_option(
          "--json", flags->json,
          "Write all figures, pairs and curves of plots as JSON, too; - for standard output, in place of the text")
      ->type_name("FILE");
  auto* const level =
      command->add_flag("--level", flags->level,
                        "Test, too, how often unrelated candidates get a small p, by scoring half of the panel's "
                        "groups with the other half; takes about a minute");
  command->add_option("--splits", flags->level_options.splits, "How often the groups are dealt into halves")
      ->type_name("N")
      ->capture_default_str()
      ->needs(level);
  command->footer("Examples:\n  stemma evaluate --json evaluation.json\n  stemma evaluate --level\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
