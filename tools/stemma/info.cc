#include <iterator>
#include <memory>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

void Line(std::string& out, std::string_view label, std::string_view value) {
  if (!value.empty()) absl::StrAppendFormat(&out, "%-14s %s\n", label, Printable(value));
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
  const ModelMetadata& metadata = signature.metadata();
  std::string out;
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

absl::Status Run(const std::vector<std::string>& paths) {
  std::string out;
  for (const std::string& path : paths) {
    STEMMA_ASSIGN_OR_RETURN(const Signature signature, Signature::Read(path));
    if (!out.empty()) out += "\n";
    Line(out, "file", path);
    out += Describe(signature);
  }
  return WriteOutput("-", out);
}

}  // namespace

void AddInfo(Program& program) {
  auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* command = program.app.add_subcommand("info", "Show what a signature file holds");
  command->add_option("FILE", *paths, "Signature files")->required()->type_name("FILE");
  command->footer("Example:\n  stemma info model.stemma\nFor panels: stemma panel info\n");
  command->callback([&program, paths] { program.run = [paths] { return Run(*paths); }; });
}

}  // namespace stemma::cli
