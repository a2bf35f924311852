#include <algorithm>
#include <memory>

#include "absl/strings/str_format.h"
#include "lib/base/mapped_file.h"
#include "lib/base/sectioned_file.h"
#include "lib/base/status_macros.h"
#include "stemma/embedder.h"
#include "stemma/embedding_panel.h"
#include "stemma/embedding_signature.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

void Line(std::string& out, std::string_view label, std::string_view value) {
  if (!value.empty()) absl::StrAppendFormat(&out, "%-14s %s\n", label, Printable(value));
}

void DescribeModel(std::string& out, const ModelMetadata& metadata) {
  Line(out, "model", metadata.model);
  Line(out, "organisation", metadata.organisation);
  Line(out, "family", metadata.family);
  Line(out, "group", metadata.group);
  Line(out, "base", metadata.base);
  Line(out, "release", metadata.release);
  Line(out, "source", metadata.source);
  Line(out, "licence", metadata.licence);
  for (const LineageLink& link : metadata.lineage) {
    Line(out, link.relation, absl::StrFormat("%s (%s)", link.source, link.confidence));
  }
}

void DescribeSpace(std::string& out, const EmbeddingSpace& space) {
  Line(out, "embedder", space.embedder.name);
  Line(out, "version", ToHex(space.embedder.digest));
  Line(out, "dimensions", space.dims == space.input_dims
                              ? absl::StrFormat("%d", space.dims)
                              : absl::StrFormat("%d of %d, by %s", space.dims, space.input_dims, ToString(space.reduction)));
  Line(out, "rounded to", absl::StrFormat("multiples of 2^-%d", space.fraction_bits));
}

std::string Describe(const EmbeddingSignature& signature) {
  std::uint32_t samples = 0;
  for (const EmbeddingRow& row : signature.rows()) samples = std::max(samples, row.samples);
  std::string out;
  DescribeModel(out, signature.metadata());
  Line(out, "prompts", absl::StrFormat("%d", signature.rows().size()));
  Line(out, "vectors", absl::StrFormat("%d (at most %d a prompt)", signature.responses(), samples));
  DescribeSpace(out, signature.space());
  Line(out, "digest", ToHex(signature.digest()));
  return out;
}

std::string Describe(const Embedder& embedder) {
  std::string out;
  Line(out, "embedder", embedder.id().name);
  Line(out, "version", ToHex(embedder.id().digest));
  Line(out, "dimensions", absl::StrFormat("%d", embedder.dims()));
  return out;
}

std::string Describe(const EmbeddingPanel& panel) {
  std::string out;
  Line(out, "models", absl::StrFormat("%d", panel.models().size()));
  Line(out, "prompts", absl::StrFormat("%d", panel.prompts().size()));
  Line(out, "beside", "models of digest " + ToHex(panel.population()));
  Line(out, "directions", absl::StrFormat("%d numbers of %d bits", panel.dims(), panel.bits()));
  DescribeSpace(out, panel.space());
  Line(out, "digest", ToHex(panel.digest()));
  return out;
}

std::string Describe(const Signature& signature) {
  std::uint64_t tokens = 0, code_points = 0, samples = 0, grams = 0, style = 0;
  std::vector<GramCount> row_grams;
  std::vector<FeatureCount> row_style;
  for (const PromptRow& row : signature.rows()) {
    tokens += row.tokens;
    code_points += row.code_points;
    samples = std::max<std::uint64_t>(samples, row.samples);
    signature.Grams(row, row_grams);
    grams += row_grams.size();
    signature.Style(row, row_style);
    style += row_style.size();
  }
  std::string out;
  DescribeModel(out, signature.metadata());
  Line(out, "prompts", absl::StrFormat("%d", signature.rows().size()));
  Line(out, "responses", absl::StrFormat("%d (at most %d a prompt)", signature.responses(), samples));
  Line(out, "tokens", absl::StrFormat("%d", tokens));
  Line(out, "characters", absl::StrFormat("%d", code_points));
  Line(out, "n-grams", absl::StrFormat("%d, masked, orders %d to %d", grams, kMinGramOrder, kMaxGramOrder));
  Line(out, "style", signature.has_style() ? absl::StrFormat("%d features of answers", style) : "none");
  Line(out, "tokenizer", absl::StrFormat("version %d", signature.tokenizer_version()));
  Line(out, "vocabulary", ToHex(signature.vocabulary_digest()));
  Line(out, "digest", ToHex(signature.digest()));
  return out;
}

// By what the file's header says it is; a signature where it says nothing that this command knows.
absl::StatusOr<std::string> DescribeFile(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  const std::string_view bytes = file.bytes();
  if (base::SectionedFile::KindOf(bytes) == base::FileKind::kEmbedder) {
    STEMMA_ASSIGN_OR_RETURN(const Embedder embedder, Embedder::Parse(bytes, path));
    return Describe(embedder);
  }
  if (EmbeddingPanel::IsEmbeddingPanel(bytes)) {
    STEMMA_ASSIGN_OR_RETURN(const EmbeddingPanel panel, EmbeddingPanel::Parse(bytes, path));
    return Describe(panel);
  }
  if (base::SectionedFile::KindOf(bytes) == base::FileKind::kEmbeddings) {
    STEMMA_ASSIGN_OR_RETURN(const EmbeddingSignature signature, EmbeddingSignature::Parse(bytes, path));
    return Describe(signature);
  }
  STEMMA_ASSIGN_OR_RETURN(const Signature signature, Signature::Parse(bytes, path));
  return Describe(signature);
}

absl::Status Run(const std::vector<std::string>& paths) {
  std::string out;
  for (const std::string& path : paths) {
    STEMMA_ASSIGN_OR_RETURN(const std::string description, DescribeFile(path));
    if (!out.empty()) out += "\n";
    Line(out, "file", path);
    out += description;
  }
  return WriteOutput("-", out);
}

}  // namespace

void AddInfo(Program& program) {
  auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* command = program.app.add_subcommand("info", "Show what a signature, a file of embeddings or an embedder holds");
  command->add_option("FILE", *paths, "Signature files, of n-grams or of embeddings; panels of embeddings; embedders")
      ->required()
      ->type_name("FILE");
  command->footer("Example:\n  stemma info model.stemma\nFor panels: stemma panel info\n");
  command->callback([&program, paths] { program.run = [paths] { return Run(*paths); }; });
}

}  // namespace stemma::cli
