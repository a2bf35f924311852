// What the program's commands share: global options, progress, data files, output and exit codes.
#ifndef STEMMA_TOOLS_COMMAND_H_
#define STEMMA_TOOLS_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/metadata.h"
#include "stemma/progress.h"
#include "stemma/response_set.h"
#include "stemma/sign.h"

namespace stemma::cli {

struct Globals {
  int threads = 0;
  bool quiet = false;
  std::vector<std::string> command_line;
};

// A command sets `run` when it was chosen on the command line.
struct Program {
  CLI::App app;
  Globals globals;
  std::function<absl::Status()> run;
  int exit_code = 0;  // of a command that worked: 1 where what it compared differs
};

void AddSign(Program& program);
void AddEmbed(Program& program);
void AddSignEmbeddings(Program& program);
void AddInfo(Program& program);
void AddMerge(Program& program);
void AddMixture(Program& program);
void AddPanel(Program& program);
void AddScore(Program& program);
void AddAudit(Program& program);
void AddDiff(Program& program);
void AddReproduce(Program& program);
void AddEvaluate(Program& program);
void AddSame(Program& program);
void AddVerdict(Program& program);
void AddVocabulary(Program& program);
void AddSelfIdentification(Program& program);
void AddSelfTest(Program& program);

// Options of commands that read responses.
struct ReadFlags {
  std::vector<std::string> inputs;
  std::string name;
  bool name_by_file = false;
  bool skip_bad = false;
  std::vector<std::string> metadata;

  void AddTo(CLI::App& command, const std::string& inputs_help);
  absl::StatusOr<SignOptions> ToOptions(const Globals& globals) const;
};

// `given`; where that is empty, the file `name` that the program was installed with, or in $STEMMA_DATA. kNotFound says
// where it was looked for.
absl::StatusOr<std::string> GivenOrShipped(const std::string& given, std::string_view name);

// The shipped file of this name; empty where an installation lacks it.
std::string ShippedOrNone(std::string_view name);

// Signature files, described by the metadata where those know their models.
absl::StatusOr<std::vector<Signature>> ReadSignatures(const std::vector<std::string>& paths, const MetadataTable& metadata);

// A line on standard error that is rewritten, where that is a terminal; else nothing.
Progress ProgressOnTerminal(const Globals& globals);

// Whether a terminal will show it, and $NO_COLOR (no-color.org) is not set.
bool ColourOnStandardOutput();

// Where each model's signature goes: to `output`, or where that names a folder, which is made, to a file of its own in it;
// what a path cannot hold of a model's name becomes "_". Messages begin with `inputs_hold` where there are too many models
// for a file, and end with `remedy` where two models would take the same.
absl::StatusOr<std::vector<std::string>> SignaturePaths(const std::string& output, const std::vector<std::string>& models,
                                                        std::string_view inputs_hold, std::string_view remedy);

// "-" is standard output.
absl::Status WriteOutput(const std::string& path, std::string_view content);

// Tells of skipped records on standard error.
void ReportSkipped(const ResponseSet& responses);

int ExitCode(const absl::Status& status);

}  // namespace stemma::cli

#endif  // STEMMA_TOOLS_COMMAND_H_
