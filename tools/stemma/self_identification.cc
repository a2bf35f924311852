#include <memory>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/makers.h"
#include "stemma/self_identification_counts.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  ReadFlags read;
  std::string makers;
  std::string output = "-";
};

absl::Status Run(const Flags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string makers_path, GivenOrShipped(flags.makers, "makers.txt"));
  STEMMA_ASSIGN_OR_RETURN(std::vector<Maker> makers, ReadMakers(makers_path));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions options, flags.read.ToOptions(globals));
  SelfIdentificationCounter counter(std::move(makers));
  const auto add = [&](const Response& response) {
    if (!options.metadata.Find(response.model).degenerate) counter.Add(response);
    return absl::OkStatus();
  };
  STEMMA_ASSIGN_OR_RETURN(const ResponseSet responses, ResponseSet::Read(flags.read.inputs, options.read, add));
  ReportSkipped(responses);
  std::vector<SelfIdentificationCounts> counts = counter.Counts();
  for (SelfIdentificationCounts& model : counts) model.organisation = options.metadata.Find(model.model).organisation;
  return WriteOutput(flags.output, SelfIdentificationToJson(counts));
}

}  // namespace

void AddSelfIdentification(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand(
      "self-identification",
      "Count the answers that claim to be by somebody, by maker; a count, no evidence of descent");
  flags->read.AddTo(*command, "Responses of one or several models");
  command->add_option("--makers", flags->makers, "Makers and their brand names, in place of the shipped table")
      ->type_name("FILE");
  command->add_option("-o,--output", flags->output, "JSON file to write; - for standard output")->type_name("FILE");
  command->footer(
      "Example:\n  stemma self-identification results/*.json --name-by-file -o counts.json\n"
      "Many models repeat what others say of themselves. English sentences in the first person are counted, such as\n"
      "\"I am NAME\" and \"as an AI developed by NAME, I ...\".\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program.globals); }; });
}

}  // namespace stemma::cli
