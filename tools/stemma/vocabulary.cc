#include <memory>

#include "absl/strings/str_format.h"
#include "lib/base/mapped_file.h"
#include "lib/base/status_macros.h"
#include "stemma/style_fit.h"
#include "stemma/vocabulary.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct FitFlags {
  ReadFlags read;
  std::string brands;
  std::string output;
};

absl::Status Fit(const FitFlags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string brands_path, GivenOrShipped(flags.brands, "brands.txt"));
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile brands, base::MappedFile::Open(brands_path));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions options, flags.read.ToOptions(globals));
  VocabularyFitter fitter(ParseBrandNames(brands.bytes()));
  const auto add = [&](const Response& response) {
    if (!options.metadata.Find(response.model).degenerate) {
      fitter.Add(response.model, response.prompt_key, response.answer);
    }
    return absl::OkStatus();
  };
  STEMMA_ASSIGN_OR_RETURN(const ResponseSet responses, ResponseSet::Read(flags.read.inputs, options.read, add));
  ReportSkipped(responses);
  STEMMA_ASSIGN_OR_RETURN(const Vocabulary vocabulary, fitter.Fit());
  STEMMA_RETURN_IF_ERROR(vocabulary.Write(flags.output));
  absl::FPrintF(stderr, "%s: %d words, %d brand names, digest %s\n", flags.output, kFineMaskWords,
                vocabulary.brands().size(), ToHex(vocabulary.digest()));
  return absl::OkStatus();
}

struct FitStyleFlags {
  std::vector<std::string> signatures;
  std::vector<std::string> metadata;
  std::string vocabulary;
  std::string output;
};

absl::Status FitStyle(const FitStyleFlags& flags) {
  STEMMA_ASSIGN_OR_RETURN(const Vocabulary vocabulary, Vocabulary::Read(flags.vocabulary));
  STEMMA_ASSIGN_OR_RETURN(const MetadataTable metadata, MetadataTable::Read(flags.metadata));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<Signature> signatures, ReadSignatures(flags.signatures, metadata));
  STEMMA_ASSIGN_OR_RETURN(StyleSpace space, FitStyleSpace(signatures, vocabulary));
  const std::size_t directions = space.size();
  STEMMA_ASSIGN_OR_RETURN(const Vocabulary with_space, vocabulary.WithStyleSpace(std::move(space)));
  STEMMA_RETURN_IF_ERROR(with_space.Write(flags.output));
  absl::FPrintF(stderr, "%s: style space of %d directions, fitted to %d models\n", flags.output, directions,
                signatures.size());
  return absl::OkStatus();
}

absl::Status Info(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const Vocabulary vocabulary, Vocabulary::Read(path));
  const std::string space = vocabulary.style_space() == nullptr
                                ? "no space to compare them in"
                                : absl::StrFormat("a space of %d directions", vocabulary.style_space()->size());
  return WriteOutput("-", absl::StrFormat("file           %s\n"
                                          "mask words     %d, as hashes\n"
                                          "brand names    %d\n"
                                          "style          %d words, %d sentence openings, as hashes; %s\n"
                                          "tokenizer      version %d\n"
                                          "digest         %s\n",
                                          path, kFineMaskWords, vocabulary.brands().size(),
                                          vocabulary.style_features().words().size(),
                                          vocabulary.style_features().openings().size(), space,
                                          kTokenizerVersion, ToHex(vocabulary.digest())));
}

}  // namespace

void AddVocabulary(Program& program) {
  CLI::App* command = program.app.add_subcommand("vocabulary", "Fit or show what signatures depend on: word lists and features of style");
  command->require_subcommand(1);

  auto fit_flags = std::make_shared<FitFlags>();
  CLI::App* fit = command->add_subcommand("fit", "Fit a vocabulary to the responses of many models");
  fit_flags->read.AddTo(*fit, "Responses of several models to the same prompts");
  fit->add_option("--brands", fit_flags->brands, "Brand names, one a line, in place of the shipped list")->type_name("FILE");
  fit->add_option("-o,--output", fit_flags->output, "Vocabulary file to write")->required()->type_name("FILE");
  fit->footer(
      "Example:\n  stemma vocabulary fit results/*.json --name-by-file -o vocabulary.stemma\n"
      "Signatures under different vocabularies cannot be compared; most users want the shipped one.\n");
  fit->callback([&program, fit_flags] { program.run = [&program, fit_flags] { return Fit(*fit_flags, program.globals); }; });

  auto style_flags = std::make_shared<FitStyleFlags>();
  CLI::App* style = command->add_subcommand("fit-style", "Fit the space of styles to signatures made with a vocabulary");
  style->add_option("SIGNATURE", style_flags->signatures, "Signatures of documented models")->required()->type_name("FILE");
  style->add_option("--metadata", style_flags->metadata, "Tables about the models: groups, and who was fine-tuned from whom")
      ->type_name("TSV");
  style->add_option("--vocabulary", style_flags->vocabulary, "Vocabulary that the signatures were made with")
      ->required()
      ->type_name("FILE");
  style->add_option("-o,--output", style_flags->output, "Vocabulary file to write")->required()->type_name("FILE");
  style->footer(
      "Example:\n  stemma vocabulary fit-style signatures/*.stemma --vocabulary words.stemma -o vocabulary.stemma\n"
      "Signatures stay comparable: the vocabulary's digest does not cover the space.\n");
  style->callback([&program, style_flags] { program.run = [style_flags] { return FitStyle(*style_flags); }; });

  auto path = std::make_shared<std::string>();
  CLI::App* info = command->add_subcommand("info", "Show what a vocabulary file holds");
  info->add_option("FILE", *path, "Vocabulary file")->required()->type_name("FILE");
  info->footer("Example:\n  stemma vocabulary info vocabulary.stemma\n");
  info->callback([&program, path] { program.run = [path] { return Info(*path); }; });
}

}  // namespace stemma::cli
