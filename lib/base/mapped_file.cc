#include "lib/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "lib/base/file_descriptor.h"
#include "lib/base/status_from_errno.h"

namespace stemma::base {
namespace {

constexpr std::size_t kReadSize = 1 << 16;  // what a Linux pipe holds

int ReadToEnd(int descriptor, std::string& out) {
  std::array<char, kReadSize> buffer;
  for (;;) {
    const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
    if (size == 0) return 0;
    if (size > 0) {
      out.append(buffer.data(), static_cast<std::size_t>(size));
    } else if (errno != EINTR) {
      return errno;
    }
  }
}

}  // namespace

absl::StatusOr<MappedFile> MappedFile::Open(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return StatusFromErrno(errno, "cannot open", path);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return StatusFromErrno(errno, "cannot open", path);
  if (S_ISDIR(status.st_mode)) return StatusFromErrno(EISDIR, "cannot read", path);

  MappedFile result;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (S_ISREG(status.st_mode) && size > 0) {
    if (size > std::numeric_limits<std::size_t>::max()) return StatusFromErrno(EFBIG, "cannot map", path);
    void* const start = ::mmap(nullptr, static_cast<std::size_t>(size), PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (start != MAP_FAILED) {
      result.bytes_ = {static_cast<const char*>(start), static_cast<std::size_t>(size)};
      result.mapped_ = true;
      return result;
    }
    if (errno != ENODEV) return StatusFromErrno(errno, "cannot map", path);
  }
  // Files of /proc say that they are empty and are not; an empty file cannot be mapped. Reading does for both.
  std::string content;
  if (const int error = ReadToEnd(file.get(), content); error != 0) return StatusFromErrno(error, "cannot read", path);
  result.copy_ = std::make_unique<const std::string>(std::move(content));
  result.bytes_ = *result.copy_;
  return result;
}

MappedFile::~MappedFile() {
  // munmap takes the address without const; nothing is written to it.
  if (mapped_) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace stemma::base
