#include <filesystem>
#include <memory>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string output;
  std::string vocabulary;
};

// A model's name as a file's: what a path cannot hold becomes "_".
std::string FileNameFor(std::string name) {
  for (char& c : name) {
    if (c == '/' || c == '\0') c = '_';
  }
  if (name == "." || name == "..") name = "_";
  return name + ".stemma";
}

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

absl::Status Run(const Flags& flags, const Globals& globals) {
  namespace fs = std::filesystem;
  STEMMA_ASSIGN_OR_RETURN(const std::string vocabulary_path, GivenOrShipped(flags.vocabulary, "vocabulary.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Vocabulary vocabulary, Vocabulary::Read(vocabulary_path));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions options, flags.read.ToOptions(globals));
  STEMMA_ASSIGN_OR_RETURN(const SignedInputs inputs, SignResponses(flags.read.inputs, vocabulary, options));
  ReportSkipped(inputs.responses);
  std::error_code ignored;
  const bool folder = fs::is_directory(flags.output, ignored) || flags.output.ends_with('/');
  if (!folder && inputs.signatures.size() > 1) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "the inputs hold %d models, and -o %s names one file; name a folder", inputs.signatures.size(), flags.output));
  }
  if (folder) {
    std::error_code error;
    fs::create_directories(flags.output, error);
    if (error) return absl::PermissionDeniedError(absl::StrFormat("cannot make %s: %s", flags.output, error.message()));
  }
  std::set<std::string> taken;
  for (const Signature& signature : inputs.signatures) {
    const std::string& model = signature.metadata().model;
    if (folder && !taken.insert(FileNameFor(model)).second) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "model %s would take the file %s of another model; give one of them another --name", Printable(model),
          FileNameFor(model)));
    }
  }
  for (const Signature& signature : inputs.signatures) {
    const std::string path =
        folder ? (fs::path(flags.output) / FileNameFor(signature.metadata().model)).string() : flags.output;
    STEMMA_RETURN_IF_ERROR(WriteOutput(path, signature.Serialize()));
    if (path == "-") continue;
    absl::FPrintF(stderr, "%s: %s, %d responses to %d prompts%s\n", path, Printable(signature.metadata().model),
                  signature.responses(), signature.rows().size(),
                  LeftOut(*inputs.responses.FindModel(signature.metadata().model)));
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
  command->footer(
      "Examples:\n"
      "  stemma sign responses.jsonl -o model.stemma\n"
      "  stemma sign results/*.json.zst --name-by-file --metadata models.tsv -o signatures/\n"
      "  zcat log.jsonl.gz | stemma sign - --name my-model -o my-model.stemma\n"
      "A signature holds hashes and counts: no sentence and no word of the responses.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
