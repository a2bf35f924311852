#include "stemma/verdict_json.h"

#include <memory>

#include "lib/base/mapped_file.h"
#include "lib/base/status_macros.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

absl::Status Run(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  const absl::StatusOr<std::string> findings = JudgeJson(file.bytes());
  if (!findings.ok()) return absl::Status(findings.status().code(), path + ": " + std::string(findings.status().message()));
  return WriteOutput("-", *findings);
}

}  // namespace

void AddVerdict(Program& program) {
  auto path = std::make_shared<std::string>();
  CLI::App* command = program.app.add_subcommand("verdict", "Apply the rules of the verdict to figures that you state");
  command->add_option("FILE", *path, "JSON: an object with the figures, or an array of such objects")->required()->type_name("FILE");
  command->footer(
      "Example of a file:\n"
      "  {\"class\": \"weights\", \"shared_prompts\": 805, \"independent_groups\": 29, \"calibrated\": true,\n"
      "   \"llr_bounded_log10\": 1.4, \"llr_bounded_lower_log10\": 0.6, \"llr_lower_log10\": 0.6, \"p_value\": 0.033,\n"
      "   \"alternatives\": [{\"kind\": \"sibling\", \"model\": \"a fellow student\", \"llr_log10\": 0.9}],\n"
      "   \"llr_group_left_out_log10\": 1.3}\n"
      "For those who recompute a verdict, or ask what it would be if a figure were another one. What is left out was not\n"
      "estimated, which never speaks for derivation.\n");
  command->callback([&program, path] { program.run = [path] { return Run(*path); }; });
}

}  // namespace stemma::cli
