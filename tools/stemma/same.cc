#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/status_macros.h"
#include "stemma/answer_samples.h"
#include "stemma/embedder.h"
#include "stemma/same_model.h"
#include "stemma/same_report.h"
#include "stemma/same_stream.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  std::string a;
  std::string b;
  std::vector<std::string> also_a;
  std::vector<std::string> also_b;
  std::string vocabulary;
  std::string embedder;
  std::string json;
  bool stream = false;
  bool skip_bad = false;
  SameOptions options;
};

// Without a name, the shipped embedder where there is one: the other kernels do without.
absl::StatusOr<AnswerEmbedder> OpenEmbedder(const std::string& given) {
  const absl::StatusOr<std::string> path = GivenOrShipped(given, "embedder.stemma");
  if (!path.ok()) return AnswerEmbedder{};
  STEMMA_ASSIGN_OR_RETURN(const Embedder embedder, Embedder::Read(*path));
  const auto texts = std::make_shared<TextEmbedder>(embedder);
  return AnswerEmbedder{.id = embedder.id(),
                        .dims = embedder.dims(),
                        .embed = [texts](std::string_view answer, std::span<float> out) { texts->Embed(answer, out); }};
}

// A side's file, and those of further runs of the same model.
absl::StatusOr<AnswerSamples> ReadSide(const std::string& path, const std::vector<std::string>& also,
                                       const Vocabulary& vocabulary, const AnswerEmbedder& embedder,
                                       const Flags& flags, const Globals& globals) {
  const ReadOptions options{.skip_bad = flags.skip_bad, .progress = ProgressOnTerminal(globals)};
  STEMMA_ASSIGN_OR_RETURN(AnswerSamples samples, ReadAnswerSamples(path, vocabulary, options, embedder));
  for (const std::string& more : also) {
    STEMMA_ASSIGN_OR_RETURN(AnswerSamples run, ReadAnswerSamples(more, vocabulary, options, embedder));
    AddRun(std::move(run), samples);
  }
  return samples;
}

template <typename Result>
absl::Status Report(const AnswerSamples& a, const AnswerSamples& b, const Result& result, const Flags& flags,
                    Program& program) {
  program.exit_code = result.verdict == SameVerdict::kDifferent ? 1 : 0;
  if (!flags.json.empty()) STEMMA_RETURN_IF_ERROR(WriteOutput(flags.json, SameToJson(a, b, result)));
  return flags.json == "-" ? absl::OkStatus() : WriteOutput("-", SameToText(a, b, result));
}

absl::Status Run(const Flags& flags, Program& program) {
  STEMMA_ASSIGN_OR_RETURN(const std::string path, GivenOrShipped(flags.vocabulary, "vocabulary.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Vocabulary vocabulary, Vocabulary::Read(path));
  STEMMA_ASSIGN_OR_RETURN(const AnswerEmbedder embedder, OpenEmbedder(flags.embedder));
  STEMMA_ASSIGN_OR_RETURN(const AnswerSamples a,
                          ReadSide(flags.a, flags.also_a, vocabulary, embedder, flags, program.globals));
  STEMMA_ASSIGN_OR_RETURN(const AnswerSamples b,
                          ReadSide(flags.b, flags.also_b, vocabulary, embedder, flags, program.globals));
  SameOptions options = flags.options;
  options.threads = program.globals.threads;
  options.progress = ProgressOnTerminal(program.globals);
  const std::vector<SharedPrompt> prompts = SharedPrompts(a, b);
  if (flags.stream) {
    STEMMA_ASSIGN_OR_RETURN(const SameStreamResult result, StreamSamples(prompts, options));
    return Report(a, b, result, flags, program);
  }
  STEMMA_ASSIGN_OR_RETURN(const SameResult result, CompareSamples(prompts, options));
  return Report(a, b, result, flags, program);
}

}  // namespace

void AddSame(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      program.app.add_subcommand("same", "Do two sets of answers come from one model under one setting?");
  command->add_option("A", flags->a, "Responses of the model as it is known")->required()->type_name("FILE");
  command->add_option("B", flags->b, "Responses of what is to be checked")->required()->type_name("FILE");
  command->add_option("--also-a", flags->also_a, "Another run of A: further samples (may be given several times)")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("FILE");
  command->add_option("--also-b", flags->also_b, "Another run of B")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("FILE");
  command->add_option("--alpha", flags->options.alpha, "How often a difference may be found where there is none")
      ->capture_default_str()
      ->type_name("X");
  command
      ->add_option("--margin", flags->options.margin,
                   "How unlike B may be to count as the same: 0 as a rerun of A, 1 as answers to other prompts; to be "
                   "fixed before looking")
      ->capture_default_str()
      ->type_name("X");
  auto* const stream = command->add_flag(
      "--stream", flags->stream, "Take prompts one by one, as they come in B, and stop as soon as they differ");
  command->add_option("--draws", flags->options.draws, "Random dealings, where there are too many to look at all")
      ->capture_default_str()
      ->excludes(stream)
      ->type_name("N");
  command->add_option("--seed", flags->options.seed, "Of random dealings")->capture_default_str()->type_name("N");
  command->add_option("--vocabulary", flags->vocabulary, "Vocabulary in place of the shipped one")->type_name("FILE");
  command->add_option("--embedder", flags->embedder, "Embedder in place of the shipped one")->type_name("FILE");
  command->add_flag("--skip-bad", flags->skip_bad, "Go on after malformed records");
  command
      ->add_option("--json", flags->json,
                   "Write what was found as JSON, too; - for standard output, in place of the text")
      ->type_name("FILE");
  command->footer(
      "Examples:\n"
      "  stemma same known.jsonl endpoint.jsonl\n"
      "  stemma same known.jsonl endpoint.jsonl --also-a known-again.jsonl --json same.json\n"
      "  stemma same known.jsonl endpoint-so-far.jsonl --stream\n"
      "Exit code 0: same_within_margin or inconclusive; 1: different. Sameness can be shown only where A has several\n"
      "samples a prompt. A signature will do for a side of one sample a prompt.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program); }; });
}

}  // namespace stemma::cli
