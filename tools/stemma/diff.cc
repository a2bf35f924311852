#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/report.h"
#include "stemma/report_diff.h"
#include "stemma/stored_report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

struct Flags {
  std::string before;
  std::string after;
};

absl::Status Run(const Flags& flags, Program& program) {
  STEMMA_ASSIGN_OR_RETURN(const StoredReport before, StoredReport::Read(flags.before));
  STEMMA_ASSIGN_OR_RETURN(const StoredReport after, StoredReport::Read(flags.after));
  std::string out;
  for (const auto& [path, report] : {std::pair(&flags.before, &before), std::pair(&flags.after, &after)}) {
    if (!report->intact()) absl::StrAppendFormat(&out, "%s: edited after it was written\n", Printable(*path));
  }
  const std::vector<Remark> changes = ExplainDifferences(before, after);
  for (const Remark& change : changes) absl::StrAppendFormat(&out, "%s [%s]\n", Printable(change.text), change.id);
  if (changes.empty()) {
    absl::StrAppendFormat(&out, "nothing changed: both have the canonical part %s\n", ToHex(before.digest()));
  }
  program.exit_code = changes.empty() ? 0 : 1;
  return WriteOutput("-", out);
}

}  // namespace

void AddDiff(Program& program) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = program.app.add_subcommand("diff", "What changed between two reports, the weightiest first");
  command->add_option("BEFORE", flags->before, "What `stemma audit --json` wrote")->required()->type_name("FILE");
  command->add_option("AFTER", flags->after, "What it wrote another time")->required()->type_name("FILE");
  command->footer(
      "Example:\n"
      "  stemma diff march.json april.json\n"
      "Exit code 0: both say the same; 1: they differ. Provenance is not compared.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Run(*flags, program); }; });
}

}  // namespace stemma::cli
