#include <memory>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  std::vector<std::string> signatures;
  std::string name;
  std::vector<std::string> metadata;
  std::string output;
};

absl::Status Run(const Flags& flags) {
  STEMMA_ASSIGN_OR_RETURN(const MetadataTable metadata, MetadataTable::Read(flags.metadata));
  std::vector<Signature> parts;
  for (const std::string& path : flags.signatures) {
    STEMMA_ASSIGN_OR_RETURN(Signature part, Signature::Read(path));
    ModelMetadata described = part.metadata();
    if (!flags.name.empty()) described.model = flags.name;
    if (metadata.Contains(described.model)) described = metadata.Find(described.model);
    part.set_metadata(std::move(described));
    parts.push_back(std::move(part));
  }
  STEMMA_ASSIGN_OR_RETURN(const Signature merged, Signature::Merge(parts));
  STEMMA_RETURN_IF_ERROR(WriteOutput(flags.output, merged.Serialize()));
  if (flags.output != "-") {
    absl::FPrintF(stderr, "%s: %s, %d responses to %d prompts\n", flags.output, Printable(merged.metadata().model),
                  merged.responses(), merged.rows().size());
  }
  return absl::OkStatus();
}

}  // namespace

void AddMerge(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("merge", "Merge signatures of parts of one model's responses");
  command->add_option("SIGNATURE", flags->signatures, "Signature files of disjoint parts, by prompt or by sample")
      ->required()
      ->type_name("FILE");
  command->add_option("--name", flags->name, "The model's name, in place of the parts'")->type_name("MODEL");
  command->add_option("--metadata", flags->metadata, "Tables about the model (see stemma sign --help)")->type_name("TSV");
  command->add_option("-o,--output", flags->output, "Signature file to write; - for standard output")->required()->type_name("FILE");
  command->footer(
      "Example:\n  stemma merge part-*.stemma -o model.stemma\n"
      "The result is, byte for byte, what signing all responses at once gives.\n");
  command->callback([&program, flags] { program.run = [flags] { return Run(*flags); }; });
}

}  // namespace stemma::cli
