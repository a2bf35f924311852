#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/candidate.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string output;
  std::string vocabulary;
  bool embeddings = false;
};

// What was read of a model and does not stand in its signature.
std::string LeftOut(const ModelSummary& summary) {
  std::string out;
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) absl::StrAppendFormat(&out, "%s%d %s", out.empty() ? "; left out: " : ", ", count, what);
  };
  add(summary.empty_answers, "empty answers");
  add(summary.duplicates_dropped, "repeated records");
  add(summary.with_reasoning, "traces of reasoning");
  return out;
}

// Each beside the signature that will stand at its path. A model without a word that the embedder knows has none.
absl::Status WriteEmbeddings(const SignedInputs& inputs, const std::vector<std::string>& signature_paths) {
  for (const EmbeddingSignature& embeddings : inputs.embeddings) {
    const auto signature = std::ranges::find(inputs.signatures, embeddings.metadata().model,
                                             [](const Signature& s) { return s.metadata().model; });
    const auto place = static_cast<std::size_t>(signature - inputs.signatures.begin());
    const std::string path = EmbeddingsBeside(signature_paths[place]);
    STEMMA_RETURN_IF_ERROR(WriteOutput(path, embeddings.Serialize()));
    absl::FPrintF(stderr, "%s: %s, %d vectors of %d prompts\n", path, Printable(embeddings.metadata().model),
                  embeddings.responses(), embeddings.rows().size());
  }
  return absl::OkStatus();
}

absl::Status Run(const Flags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string vocabulary_path, GivenOrShipped(flags.vocabulary, "vocabulary.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Vocabulary vocabulary, Vocabulary::Read(vocabulary_path));
  STEMMA_ASSIGN_OR_RETURN(SignOptions options, flags.read.ToOptions(globals));
  if (flags.embeddings) {
    if (flags.output == "-") return absl::InvalidArgumentError("--embeddings takes files: standard output holds one signature");
    STEMMA_ASSIGN_OR_RETURN(const std::string embedder_path, GivenOrShipped("", "embedder.stemma"));
    STEMMA_ASSIGN_OR_RETURN(Embedder embedder, Embedder::Read(embedder_path));
    options.embed = {std::move(embedder)};
  }
  STEMMA_ASSIGN_OR_RETURN(const SignedInputs inputs, SignResponses(flags.read.inputs, vocabulary, options));
  ReportSkipped(inputs.responses);
  std::vector<std::string> models;
  for (const Signature& signature : inputs.signatures) models.push_back(signature.metadata().model);
  STEMMA_ASSIGN_OR_RETURN(const std::vector<std::string> paths,
                          SignaturePaths(flags.output, models, "the inputs hold", "; give one of them another --name"));
  STEMMA_RETURN_IF_ERROR(WriteEmbeddings(inputs, paths));
  for (std::size_t k = 0; k < paths.size(); ++k) {
    const Signature& signature = inputs.signatures[k];
    STEMMA_RETURN_IF_ERROR(WriteOutput(paths[k], signature.Serialize()));
    if (paths[k] == "-") continue;
    absl::FPrintF(stderr, "%s: %s, %d responses to %d prompts%s\n", paths[k], Printable(models[k]), signature.responses(),
                  signature.rows().size(), LeftOut(*inputs.responses.FindModel(models[k])));
  }
  return absl::OkStatus();
}

}  // namespace

void AddSign(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("sign", "Make one signature file a model from stored responses");
  flags->read.AddTo(*command, "Responses: JSON Lines, AlpacaEval or chat records, plain, .gz or .zst; - for standard input");
  command->add_option("-o,--output", flags->output, "File, or folder for one file a model; - for standard output")
      ->required()
      ->type_name("FILE|DIR");
  command->add_option("--vocabulary", flags->vocabulary, "Vocabulary in place of the shipped one")->type_name("FILE");
  command->add_flag("--embeddings", flags->embeddings,
                    "Write embedding signatures by the built-in embedder beside them, too: NAME.embeddings");
  command->footer(
      "Examples:\n"
      "  stemma sign responses.jsonl -o model.stemma\n"
      "  stemma sign results/*.json.zst --name-by-file --metadata models.tsv -o signatures/\n"
      "  zcat log.jsonl.gz | stemma sign - --name my-model -o my-model.stemma\n"
      "A signature holds hashes and counts: no sentence and no word of the responses.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
