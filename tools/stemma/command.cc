#include "tools/stemma/command.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/durable_file.h"
#include "lib/base/status_macros.h"
#include "stemma/report.h"

namespace stemma::cli {

void ReadFlags::AddTo(CLI::App& command, const std::string& inputs_help) {
  command.add_option("INPUT", inputs, inputs_help)->required()->type_name("FILE");
  auto* const by_name = command.add_option("--name", name, "Call the model NAME, whatever the records say")->type_name("NAME");
  command.add_flag("--name-by-file", name_by_file, "Call each model as its file, whatever the records say")
      ->excludes(by_name);
  command.add_flag("--skip-bad", skip_bad, "Go on after malformed records, and count them");
  command.add_option("--metadata", metadata,
                     "Tab-separated tables about models: model, organisation, family, group, base, release, source, "
                     "licence, relation, ... (may be given several times)")
      ->type_name("TSV");
}

absl::StatusOr<SignOptions> ReadFlags::ToOptions(const Globals& globals) const {
  SignOptions options;
  options.read.name = name;
  options.read.skip_bad = skip_bad;
  options.read.progress = ProgressOnTerminal(globals);
  options.read.name_by_file = name_by_file;
  options.threads = globals.threads;
  STEMMA_ASSIGN_OR_RETURN(options.metadata, MetadataTable::Read(metadata));
  return options;
}

namespace {

absl::StatusOr<std::string> ShippedFile(std::string_view name) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<fs::path> folders;
  if (const char* folder = std::getenv("STEMMA_DATA")) {
    folders.emplace_back(folder);
  } else {
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error) folders.push_back((program.parent_path() / STEMMA_DATA_FROM_BIN).lexically_normal());
  }
  std::string looked;
  for (const fs::path& folder : folders) {
    const fs::path path = folder / name;
    if (fs::exists(path, error)) return path.string();
    looked += (looked.empty() ? "" : ", ") + path.string();
  }
  return absl::NotFoundError(
      absl::StrFormat("%s was not found (looked for %s); set STEMMA_DATA to its folder", name, looked));
}

}  // namespace

absl::StatusOr<std::string> GivenOrShipped(const std::string& given, std::string_view name) {
  return given.empty() ? ShippedFile(name) : given;
}

std::string ShippedOrNone(std::string_view name) { return ShippedFile(name).value_or(""); }

absl::StatusOr<std::vector<Signature>> ReadSignatures(const std::vector<std::string>& paths,
                                                      const MetadataTable& metadata) {
  std::vector<Signature> signatures;
  for (const std::string& path : paths) {
    STEMMA_ASSIGN_OR_RETURN(Signature signature, Signature::Read(path));
    const std::string& model = signature.metadata().model;
    if (metadata.Contains(model)) signature.set_metadata(metadata.Find(model));
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

bool ColourOnStandardOutput() {
  const char* const no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0');
}

namespace {

// The line of progress that stands on the terminal; empty: none.
std::string& ShownProgress() {
  static std::string line;
  return line;
}

void ShowProgress(std::string line) {
  // Rewritten only when it changes.
  if (line == ShownProgress()) return;
  absl::FPrintF(stderr, "\r\x1b[K%s", line);
  ShownProgress() = std::move(line);
}

}  // namespace

Progress ProgressOnTerminal(const Globals& globals) {
  if (globals.quiet || isatty(STDERR_FILENO) == 0) return {};
  const std::shared_ptr<void> wiped_at_the_end(nullptr, [](void*) { ShowProgress({}); });
  return [wiped_at_the_end](const ProgressEvent& event) {
    const std::uint64_t percent = event.total == 0 ? 0 : 100 * event.done / event.total;
    ShowProgress(absl::StrFormat("%s: %d %%", event.stage, percent));
    return true;
  };
}

namespace {

std::string SignatureFileName(std::string model) {
  for (char& c : model) {
    if (c == '/' || c == '\0') c = '_';
  }
  if (model == "." || model == "..") model = "_";
  return model + ".stemma";
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SignaturePaths(const std::string& output, const std::vector<std::string>& models,
                                                        std::string_view inputs_hold, std::string_view remedy) {
  namespace fs = std::filesystem;
  std::error_code error;
  const bool folder = fs::is_directory(output, error) || output.ends_with('/');
  if (!folder && models.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s %d models, and -o %s names one file; name a folder", inputs_hold, models.size(), output));
  }
  if (!folder) return std::vector<std::string>(models.size(), output);
  fs::create_directories(output, error);
  if (error) return absl::PermissionDeniedError(absl::StrFormat("cannot make %s: %s", output, error.message()));
  std::set<std::string> taken;
  std::vector<std::string> paths;
  for (const std::string& model : models) {
    const std::string name = SignatureFileName(model);
    if (!taken.insert(name).second) {
      return absl::InvalidArgumentError(
          absl::StrFormat("model %s would take the file %s of another model%s", Printable(model), name, remedy));
    }
    paths.push_back((fs::path(output) / name).string());
  }
  return paths;
}

absl::Status WriteOutput(const std::string& path, std::string_view content) {
  if (path != "-") return base::WriteFileDurably(path, content);
  ShowProgress({});
  if (std::fwrite(content.data(), 1, content.size(), stdout) != content.size() || std::fflush(stdout) != 0) {
    return absl::PermissionDeniedError("standard output cannot be written");
  }
  return absl::OkStatus();
}

void ReportSkipped(const ResponseSet& responses) {
  ShowProgress({});
  for (const BadRecord& bad : responses.bad_records()) {
    absl::FPrintF(stderr, "stemma: skipped %s:%d: byte %d: %s\n", bad.file, bad.line, bad.byte, bad.reason);
  }
  const std::uint64_t untold = responses.bad_record_count() - responses.bad_records().size();
  if (untold > 0) absl::FPrintF(stderr, "stemma: skipped %d more\n", untold);
}

int ExitCode(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 0;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
      return 2;
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
      return 3;
    case absl::StatusCode::kResourceExhausted:
      return 4;
    case absl::StatusCode::kCancelled:
      return 130;
    default:
      return 70;
  }
}

}  // namespace stemma::cli
