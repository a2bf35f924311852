#include "c/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/status_from_errno.h"

namespace stemma::c {

absl::StatusOr<MemoryFile> MemoryFile::Create(const char* name) {
  base::FileDescriptor file(::memfd_create(name, MFD_CLOEXEC));
  if (!file.valid()) return base::StatusFromErrno(errno, "cannot make room in memory for", name);
  return MemoryFile(name, std::move(file));
}

absl::Status MemoryFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return base::StatusFromErrno(errno, "cannot keep in memory", name_);
    }
  }
  return absl::OkStatus();
}

std::string MemoryFile::path() const { return absl::StrFormat("/proc/self/fd/%d", file_.get()); }

}  // namespace stemma::c
