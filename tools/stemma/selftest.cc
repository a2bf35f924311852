#include "stemma/selftest.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

// The sign of what is not a number differs from machine to machine.
std::string Number(double value) { return std::isnan(value) ? "nan" : absl::StrFormat("%.10g", value); }

std::string Line(const SelfTestCheck& check) {
  std::string line = absl::StrFormat("  %-6s  %-25s  %15s  %15s  %9.2g  %s", check.Holds() ? "ok" : "FAILED", check.id,
                                     Number(check.computed), Number(check.expected), check.tolerance, check.what);
  if (!std::isnan(check.published)) {
    line += absl::StrFormat(" (published: %g to %g)", check.published - check.published_tolerance,
                            check.published + check.published_tolerance);
  }
  return line + "\n";
}

std::string Header() {
  return absl::StrFormat("  %-6s  %-25s  %15s  %15s  %9s  %s\n", "", "id", "computed", "expected", "tolerance",
                         "what it is");
}

std::ptrdiff_t Held(std::span<const SelfTestCheck> checks) {
  return std::ranges::count_if(checks, [](const SelfTestCheck& check) { return check.Holds(); });
}

// A line on the subject, and those of its checks that are asked for or failed.
std::string SubjectText(std::span<const SelfTestCheck> checks, bool all) {
  const std::ptrdiff_t held = Held(checks);
  std::string text = absl::StrFormat("%-32s  %3d of %3d hold", checks[0].subject, held, checks.size());
  if (all) text += absl::StrFormat("  (%s)", checks[0].source);
  text += "\n";
  if (all || held < std::ssize(checks)) text += Header();
  for (const SelfTestCheck& check : checks) {
    if (all || !check.Holds()) text += Line(check);
  }
  return text;
}

std::string ToText(std::span<const SelfTestCheck> checks, bool all) {
  std::string text;
  for (std::size_t begin = 0, end = 0; begin < checks.size(); begin = end) {
    while (end < checks.size() && checks[end].subject == checks[begin].subject) ++end;
    text += SubjectText(checks.subspan(begin, end - begin), all);
  }
  return text +
         absl::StrFormat("%d of %d reference numbers hold, each at its tolerance\n", Held(checks), checks.size());
}

absl::Status Run(bool all) {
  const std::vector<SelfTestCheck> checks = RunSelfTest();
  STEMMA_RETURN_IF_ERROR(WriteOutput("-", ToText(checks, all)));
  const std::ptrdiff_t failed = std::ssize(checks) - Held(checks);
  if (failed == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrFormat("%d of %d reference numbers do not hold: do not rely on this build", failed,
                                             checks.size()));
}

}  // namespace

void AddSelfTest(Program& program) {
  auto all = std::make_shared<bool>(false);
  CLI::App* command = program.app.add_subcommand("selftest", "Recompute the reference numbers of the statistics used");
  command->add_flag("--all", *all, "Show every number, not only those that fail");
  command->footer("Takes about a second and needs no files. Ends with 70 where a number does not hold.\n");
  command->callback([&program, all] { program.run = [all] { return Run(*all); }; });
}

}  // namespace stemma::cli
