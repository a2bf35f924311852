#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "lib/base/status_macros.h"
#include "lib/signature/batch_embedder.h"
#include "lib/signature/response_batch.h"
#include "lib/signature/npy.h"
#include "stemma/embedder.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string output;
  std::string ids;
  std::string embedder;
  bool tokens = false;
};

// What one response is of, as a line's columns.
absl::StatusOr<std::string> RowName(const Response& response) {
  if (response.model.find_first_of("\t\r\n") != std::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "model %s has a tab or a line end in its name, which the table of rows cannot hold; give another --name",
        Printable(std::string(response.model))));
  }
  return absl::StrFormat("%s\t%s\t%d", response.model, ToHex(response.prompt_key), response.sample);
}

// Rows of responses in the order of reading, embedded in batches.
class RowCollector {
 public:
  RowCollector(const Embedder& embedder, int threads) : embedder_(embedder, threads), dims_(embedder.dims()) {}

  absl::Status Add(const Response& response) {
    STEMMA_ASSIGN_OR_RETURN(std::string name, RowName(response));
    names_.push_back(std::move(name));
    batch_.Add(response);
    return batch_.IsFull() ? Flush() : absl::OkStatus();
  }

  absl::Status Flush() {
    using Item = signature::ResponseBatch::Item;
    STEMMA_ASSIGN_OR_RETURN(const std::vector<float> vectors,
                            embedder_.Embed(batch_.items(), [](const Item& item) { return std::string_view(item.answer); }));
    for (std::size_t k = 0; k < names_.size(); ++k) Keep(names_[k], std::span(vectors).subspan(k * dims_, dims_));
    names_.clear();
    batch_.Clear();
    return absl::OkStatus();
  }

  const std::vector<float>& vectors() const { return vectors_; }
  const std::string& ids() const { return ids_; }
  std::uint64_t unknown() const { return unknown_; }

 private:
  // A vector of zeros has no direction, and no use.
  void Keep(const std::string& name, std::span<const float> vector) {
    if (std::ranges::all_of(vector, [](float value) { return value == 0; })) {
      ++unknown_;
      return;
    }
    vectors_.insert(vectors_.end(), vector.begin(), vector.end());
    ids_ += name + "\n";
  }

  signature::BatchEmbedder embedder_;
  std::size_t dims_;
  std::vector<std::string> names_;  // of the batch
  signature::ResponseBatch batch_;
  std::vector<float> vectors_;
  std::string ids_ = "model\tprompt\tsample\n";
  std::uint64_t unknown_ = 0;
};

absl::Status ReadResponses(const Flags& flags, const Globals& globals, const ResponseSet::Visitor& visit) {
  STEMMA_ASSIGN_OR_RETURN(const SignOptions options, flags.read.ToOptions(globals));
  STEMMA_ASSIGN_OR_RETURN(const ResponseSet responses, ResponseSet::Read(flags.read.inputs, options.read, visit));
  ReportSkipped(responses);
  return absl::OkStatus();
}

absl::Status WriteTokens(const Flags& flags, const Globals& globals, const Embedder& embedder) {
  std::string table = "model\tprompt\tsample\ttokens\n";
  const auto add = [&](const Response& response) -> absl::Status {
    STEMMA_ASSIGN_OR_RETURN(const std::string name, RowName(response));
    table += name + '\t' + absl::StrJoin(embedder.Tokens(response.answer), " ") + '\n';
    return absl::OkStatus();
  };
  STEMMA_RETURN_IF_ERROR(ReadResponses(flags, globals, add));
  return WriteOutput(flags.output, table);
}

absl::Status WriteVectors(const Flags& flags, const Globals& globals, const Embedder& embedder) {
  RowCollector rows(embedder, globals.threads);
  const auto add = [&](const Response& response) { return rows.Add(response); };
  STEMMA_RETURN_IF_ERROR(ReadResponses(flags, globals, add));
  STEMMA_RETURN_IF_ERROR(rows.Flush());
  if (rows.vectors().empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("none of %d responses has a word that the embedder knows", rows.unknown()));
  }
  STEMMA_RETURN_IF_ERROR(WriteOutput(flags.output, signature::SerializeNpy(rows.vectors(), embedder.dims())));
  STEMMA_RETURN_IF_ERROR(WriteOutput(flags.ids, rows.ids()));
  const auto& [name, digest] = embedder.id();
  absl::FPrintF(stderr, "%s: %d vectors in %d dimensions, by \"%s\", digest %s", flags.output,
                rows.vectors().size() / embedder.dims(), embedder.dims(), name, ToHex(digest));
  if (rows.unknown() > 0) absl::FPrintF(stderr, "; left out: %d responses without a known word", rows.unknown());
  absl::FPrintF(stderr, "\n");
  return absl::OkStatus();
}

absl::Status Run(const Flags& flags, const Globals& globals) {
  if (!flags.tokens && flags.ids.empty()) {
    return absl::InvalidArgumentError("--ids must name a file for what each row of the vectors is of");
  }
  if (!flags.tokens && flags.ids == "-" && flags.output == "-") {
    return absl::InvalidArgumentError("-o and --ids cannot both be standard output");
  }
  STEMMA_ASSIGN_OR_RETURN(const std::string path, GivenOrShipped(flags.embedder, "embedder.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Embedder embedder, Embedder::Read(path));
  return flags.tokens ? WriteTokens(flags, globals, embedder) : WriteVectors(flags, globals, embedder);
}

}  // namespace

void AddEmbed(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      program.app.add_subcommand("embed", "Make vectors of stored responses with the built-in embedder");
  flags->read.AddTo(*command,
                    "Responses: JSON Lines, AlpacaEval or chat records, plain, .gz or .zst; - for standard input");
  command->remove_option(command->get_option("--metadata"));
  command
      ->add_option("-o,--output", flags->output, "A .npy file, float32 [responses, dimensions]; - for standard output")
      ->required()
      ->type_name("NPY");
  command->add_option("--ids", flags->ids, "What each row is of: tab-separated model, prompt (its key) and sample")
      ->type_name("TSV");
  command->add_option("--embedder", flags->embedder, "Embedder in place of the shipped one")->type_name("FILE");
  command->add_flag("--tokens", flags->tokens, "Write a table of each response's tokens in place of vectors");
  command->footer(
      "Examples:\n"
      "  stemma embed responses.jsonl -o vectors.npy --ids ids.tsv\n"
      "  stemma embed responses.jsonl --tokens -o -\n"
      "Rows stand in the order of the files and of the records in them. Responses without a word that the embedder\n"
      "knows have no row. A vector tells which words stand in a response, not their order.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
