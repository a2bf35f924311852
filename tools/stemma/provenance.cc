#include "tools/stemma/provenance.h"

#include <sys/utsname.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/base/hash.h"
#include "lib/base/mapped_file.h"
#include "lib/base/status_macros.h"
#include "lib/signature/holds_signature.h"
#include "tools/stemma/commit.h"

namespace stemma::cli {
namespace {

absl::StatusOr<std::string> TimeNow() {
  std::int64_t seconds = std::time(nullptr);
  const char* const epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch != nullptr && !absl::SimpleAtoi(epoch, &seconds)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("SOURCE_DATE_EPOCH must be a whole number of seconds, got \"%s\"", epoch));
  }
  const auto time = static_cast<std::time_t>(seconds);
  std::tm utc = {};
  if (gmtime_r(&time, &utc) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrFormat("SOURCE_DATE_EPOCH lies beyond what a calendar can say: %d", seconds));
  }
  return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02dZ", 1900 + utc.tm_year, 1 + utc.tm_mon, utc.tm_mday, utc.tm_hour,
                         utc.tm_min, utc.tm_sec);
}

absl::StatusOr<FileProvenance> FromStored(const std::string& path, std::string_view format) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  FileProvenance stored;
  stored.path = path;
  stored.format = format;
  stored.compression = ToString(InputCompression::kNone);
  stored.bytes = file.bytes().size();
  stored.digest = base::HashBytes128(file.bytes());
  return stored;
}

FileProvenance FromRead(const InputFile& input) {
  return {input.path,   std::string(ToString(input.format)), std::string(ToString(input.compression)), input.bytes,
          input.digest, input.records,                       input.bad_records};
}

}  // namespace

absl::StatusOr<Provenance> ProvenanceOf(const Globals& globals, const std::string& panel_path,
                                        const Candidate& candidate) {
  const ResponseSet& responses = candidate.inputs.responses;
  Provenance provenance;
  provenance.version = STEMMA_VERSION;
  provenance.commit = kCommit;
  provenance.compiler = STEMMA_COMPILER;
  provenance.build_type = STEMMA_BUILD_TYPE;
  provenance.command = globals.command_line;
  utsname machine = {};
  if (uname(&machine) == 0) {
    provenance.system = absl::StrCat(machine.sysname, " ", machine.release);
    provenance.architecture = machine.machine;
  }
  provenance.threads = globals.threads;
  STEMMA_ASSIGN_OR_RETURN(provenance.time, TimeNow());
  STEMMA_ASSIGN_OR_RETURN(provenance.panel, FromStored(panel_path, "panel"));
  if (candidate.embeddings) {
    STEMMA_ASSIGN_OR_RETURN(provenance.embedding_panel, FromStored(candidate.embeddings->panel_path, "embedding panel"));
  }
  for (const std::string& path : candidate.paths) {
    const auto read = std::ranges::find(responses.inputs(), path, &InputFile::path);
    if (read != responses.inputs().end()) {
      provenance.inputs.push_back(FromRead(*read));
    } else {
      STEMMA_ASSIGN_OR_RETURN(FileProvenance stored, FromStored(path, signature::HoldsEmbeddingSignature(path) ? "embedding signature" : "signature"));
      provenance.inputs.push_back(std::move(stored));
    }
  }
  provenance.bad_records.assign(responses.bad_records().begin(), responses.bad_records().end());
  return provenance;
}

}  // namespace stemma::cli
