#include <memory>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/score.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string panel;
  std::string output = "-";
  ScoreOptions options;
};

void AppendRows(const CandidateScores& scores, const Panel& panel, std::string& out) {
  for (std::size_t m = 0; m < scores.pairs.size(); ++m) {
    const PairScore& pair = scores.pairs[m];
    if (m == scores.self) continue;
    absl::StrAppendFormat(&out, "%s\t%s\t", Printable(scores.candidate.model),
                          Printable(panel.models()[m].metadata.model));
    if (pair.scored) {
      absl::StrAppendFormat(&out, "%.9g\t%.9g\t%.9g\t%d\t", pair.weights, pair.distillation, pair.ranking, pair.n_prompts);
    } else {
      out += "NA\tNA\tNA\t0\t";
    }
    out += pair.unpaired_scored ? absl::StrFormat("%.9g\n", pair.unpaired) : "NA\n";
  }
}

absl::Status Run(const Flags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string panel_path, GivenOrShipped(flags.panel, "panel.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(panel_path));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions options, flags.read.ToOptions(globals));
  STEMMA_ASSIGN_OR_RETURN(const SignedInputs inputs, ReadOrSign(flags.read.inputs, panel.vocabulary(), options));
  ReportSkipped(inputs.responses);
  ScoreOptions score_options = flags.options;
  score_options.threads = globals.threads;
  STEMMA_ASSIGN_OR_RETURN(const Scorer scorer, Scorer::Create(panel, score_options));
  std::string out = "candidate\treference\tscore_weights\tscore_distillation\tscore_ranking\tn_prompts\tscore_unpaired\n";
  const Progress progress = ProgressOnTerminal(globals);
  std::uint64_t done = 0;
  for (const Signature& signature : inputs.signatures) {
    if (progress) progress({"scoring", done++, inputs.signatures.size()});
    STEMMA_ASSIGN_OR_RETURN(const CandidateScores scores, scorer.Score(signature));
    if (scores.self_by_name_only) {
      absl::FPrintF(stderr, "stemma: %s is called as a model of the panel, which is left out of its scores\n",
                    Printable(scores.candidate.model));
    }
    AppendRows(scores, panel, out);
  }
  return WriteOutput(flags.output, out);
}

}  // namespace

void AddScore(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("score", "Score candidates against every model of a panel");
  flags->read.AddTo(*command, "Signatures or responses of candidates");
  command->add_option("--panel", flags->panel, "Panel in place of the shipped one")->type_name("FILE");
  command->add_option("-o,--output", flags->output, "Table to write; - for standard output")->type_name("FILE");
  const auto add_rival = [&](const char* name, double& weight, const char* of) {
    command->add_option(name, weight, std::string("Share of the best rival's score taken off the ") + of + " score")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str()
        ->type_name("X");
  };
  add_rival("--rival-weights", flags->options.rival_weight_weights, "weights");
  add_rival("--rival-distillation", flags->options.rival_weight_distillation, "distillation");
  add_rival("--rival-ranking", flags->options.rival_weight_ranking, "ranking");
  command->footer(
      "Examples:\n"
      "  stemma score candidate.jsonl -o scores.tsv\n"
      "  stemma score signatures/*.stemma --panel my-panel.stemma | sort -t$'\\t' -k3,3gr | head\n"
      "score_unpaired is by style alone, over all answers, for candidates that answered other prompts than the panel's.\n"
      "Scores are in standard deviations of unrelated pairs. A score alone says nothing about error rates: see stemma audit.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
