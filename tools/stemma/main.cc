#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "absl/strings/str_format.h"
#include "stemma/report.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

constexpr const char* kDescription =
    "Scores how strongly stored responses of a language model point to descent from another model.\n"
    "A likeness is no evidence by itself: read the verdict, and what speaks against it.";

constexpr const char* kExamples =
    "Examples:\n"
    "  stemma audit candidate.jsonl                      against the shipped panel\n"
    "  stemma audit candidate.jsonl --reference gpt4     with a reference declared beforehand\n"
    "  stemma reproduce report.json                      does an audit's report come out again, byte for byte?\n"
    "  stemma panel coverage candidate.jsonl             are my prompts in the panel?\n"
    "  stemma sign responses.jsonl.zst -o model.stemma   keep a fingerprint instead of the text\n"
    "  stemma merge part-*.stemma -o model.stemma        put the fingerprints of parts together\n"
    "  stemma score *.stemma -o scores.tsv               every candidate against every reference\n"
    "Each command explains itself: stemma audit --help\n";

// A word that is no command, named: the parser would only say that a command is required.
std::string UnknownCommand(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == argv[1]) return {};
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return absl::StrFormat("no command \"%s\"; there are: %s (see stemma --help)", Printable(argv[1]), names);
}

int Main(int argc, char** argv) {
  Program program;
  program.globals.command_line.assign(argv, argv + argc);
  program.app.description(kDescription);
  program.app.name("stemma");
  program.app.footer(kExamples);
  program.app.set_version_flag("--version", std::string("stemma ") + STEMMA_VERSION);
  program.app.add_option("--threads", program.globals.threads, "Threads; 0 for as many as the machine has")
      ->check(CLI::Range(0, 1024))
      ->type_name("N");
  program.app.add_flag("-q,--quiet", program.globals.quiet, "No progress on the terminal");
  program.app.require_subcommand(1);
  program.app.fallthrough();
  AddAudit(program);
  AddScore(program);
  AddSign(program);
  AddEmbed(program);
  AddSignEmbeddings(program);
  AddMerge(program);
  AddMixture(program);
  AddInfo(program);
  AddPanel(program);
  AddReproduce(program);
  AddDiff(program);
  AddEvaluate(program);
  AddVerdict(program);
  AddSame(program);
  AddVocabulary(program);
  AddSelfIdentification(program);
  AddSelfTest(program);
  program.app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return absl::StrFormat("stemma: %s\nstemma --help, or --help behind a command, tells more.\n", error.what());
  });
  if (const std::string unknown = UnknownCommand(program.app, argc, argv); !unknown.empty()) {
    absl::FPrintF(stderr, "stemma: %s\n", unknown);
    return 2;
  }
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version end with 0; a wrong command line is an invalid argument.
    return program.app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Status status = program.run();
  if (!status.ok()) absl::FPrintF(stderr, "stemma: %s\n", status.message());
  return status.ok() ? program.exit_code : ExitCode(status);
}

}  // namespace
}  // namespace stemma::cli

int main(int argc, char** argv) {
  try {
    return stemma::cli::Main(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("stemma: out of memory\n", stderr);
    return 4;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stemma: internal error: %s\n", error.what());
    return 70;
  }
}
