#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "lib/base/status_macros.h"
#include "lib/corpus/byte_source.h"
#include "lib/signature/embedding_builders.h"
#include "lib/signature/npy.h"
#include "stemma/embedder.h"
#include "stemma/embedding_signature.h"
#include "stemma/report.h"
#include "stemma/sign_embeddings.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string ids;
  std::string embedder;  // a file
  std::string embedder_name;
  std::string embedder_digest;
  std::string reduction;
  EmbeddingOptions options;
  std::string output;

  // Vectors that somebody made, where a table says what they are of; else responses.
  bool brings_vectors() const { return !ids.empty(); }
};

// What a row of the vectors is of.
struct RowId {
  std::string model;
  Hash128 prompt;
  std::uint32_t sample = 0;
};

// Lines of a file, without their ends.
class LineReader {
 public:
  static absl::StatusOr<LineReader> Open(const std::string& path) {
    constexpr std::size_t kChunk = std::size_t{1} << 16;
    STEMMA_ASSIGN_OR_RETURN(corpus::ByteSource source, corpus::ByteSource::Open(path, kChunk));
    return LineReader(std::move(source));
  }

  // Nothing behind the last line.
  absl::StatusOr<std::optional<std::string>> Next() {
    std::size_t end = pending_.find('\n');
    while (end == std::string::npos) {
      STEMMA_ASSIGN_OR_RETURN(const std::size_t read, source_.Read(chunk_));
      if (read == 0) break;
      const std::size_t searched = pending_.size();
      pending_.append(chunk_.data(), read);
      end = pending_.find('\n', searched);
    }
    if (pending_.empty()) return std::nullopt;
    std::string line = pending_.substr(0, end);
    pending_.erase(0, end == std::string::npos ? end : end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }

 private:
  explicit LineReader(corpus::ByteSource source) : source_(std::move(source)) {}

  corpus::ByteSource source_;
  std::array<char, std::size_t{1} << 12> chunk_ = {};
  std::string pending_;
};

// The table that `stemma embed` writes: a line with the columns' names, then a line a row of the vectors.
class IdReader {
 public:
  static absl::StatusOr<IdReader> Open(const std::string& path) {
    STEMMA_ASSIGN_OR_RETURN(LineReader lines, LineReader::Open(path));
    IdReader reader(path, std::move(lines));
    STEMMA_ASSIGN_OR_RETURN(const bool there, reader.NextLine());
    if (!there) return reader.Error("an empty table; its first line names the columns model, prompt and sample");
    for (std::size_t k = 0; k < reader.fields_.size(); ++k) reader.columns_[reader.fields_[k]] = k;
    for (const char* column : {"model", "prompt", "sample"}) {
      if (!reader.columns_.contains(column)) {
        return reader.Error(absl::StrFormat("no column \"%s\"; needed are model, prompt and sample", column));
      }
    }
    return reader;
  }

  // Nothing behind the last line.
  absl::StatusOr<std::optional<RowId>> Next() {
    STEMMA_ASSIGN_OR_RETURN(const bool there, NextLine());
    if (!there) return std::nullopt;
    if (fields_.size() != columns_.size()) {
      return Error(absl::StrFormat("%d fields where the table has %d columns", fields_.size(), columns_.size()));
    }
    RowId id;
    id.model = fields_[columns_["model"]];
    if (id.model.empty()) return Error("the model has no name");
    const std::string& prompt = fields_[columns_["prompt"]];
    const std::optional<Hash128> key = Hash128FromHex(prompt);
    if (!key) return Error(absl::StrFormat("the prompt must be a key of 32 hexadecimal digits, got \"%s\"", Printable(prompt)));
    id.prompt = *key;
    const std::string& sample = fields_[columns_["sample"]];
    if (!absl::SimpleAtoi(sample, &id.sample)) {
      return Error(absl::StrFormat("the sample must be a whole number, got \"%s\"", Printable(sample)));
    }
    return id;
  }

 private:
  IdReader(std::string path, LineReader lines) : path_(std::move(path)), lines_(std::move(lines)) {}

  absl::Status Error(std::string_view what) const {
    return absl::InvalidArgumentError(absl::StrFormat("%s:%d: %s", path_, std::max<std::uint64_t>(line_, 1), what));
  }

  absl::StatusOr<bool> NextLine() {
    STEMMA_ASSIGN_OR_RETURN(const std::optional<std::string> text, lines_.Next());
    if (!text) return false;
    ++line_;
    fields_ = absl::StrSplit(*text, '\t');
    return true;
  }

  std::string path_;
  LineReader lines_;
  std::uint64_t line_ = 0;
  std::vector<std::string> fields_;
  std::map<std::string, std::size_t> columns_;
};

// The given reduction, or that which suits the embedder.
EmbeddingReduction ReductionOf(const Flags& flags) {
  if (flags.reduction == "leading") return EmbeddingReduction::kLeading;
  if (flags.reduction == "signs") return EmbeddingReduction::kSigns;
  return flags.brings_vectors() ? EmbeddingReduction::kSigns : EmbeddingReduction::kLeading;
}

absl::StatusOr<EmbeddingReducer> MakeReducer(const Flags& flags, std::size_t input_dims) {
  const std::optional<Hash128> digest = Hash128FromHex(flags.embedder_digest);
  if (!digest) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--embedder-digest must be 32 hexadecimal digits, got \"%s\"", Printable(flags.embedder_digest)));
  }
  EmbeddingOptions options = flags.options;
  options.reduction = ReductionOf(flags);
  return EmbeddingReducer::Create({flags.embedder_name, *digest}, input_dims, options);
}

// One pass over both files, a row at a time.
absl::StatusOr<signature::EmbeddingBuilders> Collect(const Flags& flags) {
  const std::string& path = flags.read.inputs.front();
  STEMMA_ASSIGN_OR_RETURN(signature::NpyReader vectors, signature::NpyReader::Open(path));
  STEMMA_ASSIGN_OR_RETURN(IdReader ids, IdReader::Open(flags.ids));
  STEMMA_ASSIGN_OR_RETURN(EmbeddingReducer reducer, MakeReducer(flags, static_cast<std::size_t>(vectors.header().columns)));
  signature::EmbeddingBuilders builders(std::move(reducer));
  std::vector<double> vector(builders.space().input_dims);
  for (std::uint64_t row = 0; row < vectors.header().rows; ++row) {
    STEMMA_RETURN_IF_ERROR(vectors.NextRow(vector));
    STEMMA_ASSIGN_OR_RETURN(const std::optional<RowId> id, ids.Next());
    if (!id) {
      return absl::InvalidArgumentError(
          absl::StrFormat("%s ends after %d rows; %s has %d", flags.ids, row, path, vectors.header().rows));
    }
    const absl::Status added = builders.Add(id->model, id->prompt, id->sample, std::span<const double>(vector));
    if (!added.ok()) {
      return absl::Status(added.code(),
                          absl::StrFormat("%s: row %d (model %s): %s", path, row, Printable(id->model), added.message()));
    }
  }
  STEMMA_RETURN_IF_ERROR(vectors.Finish());
  STEMMA_ASSIGN_OR_RETURN(const std::optional<RowId> more, ids.Next());
  if (!more) return builders;
  return absl::InvalidArgumentError(
      absl::StrFormat("%s has more than the %d rows of %s", flags.ids, vectors.header().rows, path));
}

absl::StatusOr<std::vector<EmbeddingSignature>> SignVectors(const Flags& flags) {
  if (flags.read.inputs.size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--ids tells the rows of one file of vectors, got %d files", flags.read.inputs.size()));
  }
  if (flags.embedder_name.empty() || flags.embedder_digest.empty()) {
    return absl::InvalidArgumentError(
        "vectors need --embedder-name and --embedder-digest, which say what they may be compared with");
  }
  STEMMA_ASSIGN_OR_RETURN(const MetadataTable metadata, MetadataTable::Read(flags.read.metadata));
  STEMMA_ASSIGN_OR_RETURN(const signature::EmbeddingBuilders builders, Collect(flags));
  return builders.Build(metadata);
}

absl::StatusOr<std::vector<EmbeddingSignature>> SignTexts(const Flags& flags, const Globals& globals) {
  if (!flags.embedder_name.empty() || !flags.embedder_digest.empty()) {
    return absl::InvalidArgumentError("--embedder-name and --embedder-digest are of vectors, which need --ids");
  }
  STEMMA_ASSIGN_OR_RETURN(const std::string path, GivenOrShipped(flags.embedder, "embedder.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Embedder embedder, Embedder::Read(path));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions read, flags.read.ToOptions(globals));
  SignEmbeddingsOptions options = {
      .read = read.read, .metadata = read.metadata, .embedding = flags.options, .threads = globals.threads};
  options.embedding.reduction = ReductionOf(flags);
  STEMMA_ASSIGN_OR_RETURN(SignedEmbeddings inputs, SignEmbeddings(flags.read.inputs, embedder, options));
  ReportSkipped(inputs.responses);
  if (inputs.left_out > 0) {
    absl::FPrintF(stderr, "stemma: left out %d responses without a word that the embedder knows\n", inputs.left_out);
  }
  return std::move(inputs.signatures);
}

absl::Status Run(const Flags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<EmbeddingSignature> signatures,
                          flags.brings_vectors() ? SignVectors(flags) : SignTexts(flags, globals));
  std::vector<std::string> models;
  for (const EmbeddingSignature& signature : signatures) models.push_back(signature.metadata().model);
  STEMMA_ASSIGN_OR_RETURN(const std::vector<std::string> paths, SignaturePaths(flags.output, models, "the input is of", ""));
  for (std::size_t k = 0; k < paths.size(); ++k) {
    const EmbeddingSignature& signature = signatures[k];
    STEMMA_RETURN_IF_ERROR(WriteOutput(paths[k], signature.Serialize()));
    if (paths[k] == "-") continue;
    absl::FPrintF(stderr, "%s: %s, %d vectors of %d prompts in %d dimensions\n", paths[k], Printable(models[k]),
                  signature.responses(), signature.rows().size(), signature.space().dims);
  }
  return absl::OkStatus();
}

}  // namespace

void AddSignEmbeddings(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("sign-embeddings", "Make one embedding signature a model");
  flags->read.AddTo(*command, "Responses, as for stemma sign; or with --ids a .npy file [responses, dimensions]");
  command->add_option("--embedder", flags->embedder, "Built-in embedder in place of the shipped one")->type_name("FILE");
  command->add_option("--ids", flags->ids, "What each row of vectors is of: tab-separated model, prompt (its key), sample")
      ->type_name("TSV");
  command->add_option("--embedder-name", flags->embedder_name, "What made the vectors")->type_name("NAME");
  command->add_option("--embedder-digest", flags->embedder_digest, "A hash of its weights: 32 hexadecimal digits")
      ->type_name("HEX");
  command->add_option("--dims", flags->options.dims, "Dimensions to store")->capture_default_str()->type_name("N");
  command->add_option("--reduction", flags->reduction,
                      "How vectors of more dimensions are brought to as many: leading, which suits dimensions that are "
                      "ordered by variance (the built-in embedder's), or signs, a random projection (the default of --ids)")
      ->check(CLI::IsMember({"leading", "signs"}));
  command->add_option("--fraction-bits", flags->options.fraction_bits, "Numbers are rounded to multiples of 2^-N")
      ->capture_default_str()
      ->type_name("N");
  command->add_option("-o,--output", flags->output, "File, or folder for one file a model; - for standard output")
      ->required()
      ->type_name("FILE|DIR");
  command->footer(
      "Examples:\n"
      "  stemma sign-embeddings responses.jsonl -o model.stemma\n"
      "  stemma sign-embeddings vectors.npy --ids ids.tsv --embedder-name my-embedder \\\n"
      "    --embedder-digest 0123456789abcdef0123456789abcdef -o signatures/\n"
      "Signatures of different embedders cannot be compared. stemma embed shows what a table of ids looks like.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
