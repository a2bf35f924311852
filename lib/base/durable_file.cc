#include "lib/base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "lib/base/file_descriptor.h"
#include "lib/base/status_from_errno.h"
#include "lib/base/status_macros.h"

namespace stemma::base {
namespace {

constexpr mode_t kPermissionBits = 0777;
constexpr mode_t kNewFileMode = 0666;  // less the umask
constexpr int kMaxAttempts = 1000;     // names that threads of one process, or an earlier one that died, may hold
constexpr int kMaxLinks = 40;          // as Linux follows

absl::Status CannotWrite(int error, std::string_view path) { return StatusFromErrno(error, "cannot write", path); }

absl::Status WriteAll(int descriptor, std::span<const std::string_view> parts, std::string_view path) {
  for (std::string_view rest : parts) {
    while (!rest.empty()) {
      const ssize_t written = ::write(descriptor, rest.data(), rest.size());
      if (written >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        return CannotWrite(errno, path);
      }
    }
  }
  return absl::OkStatus();
}

// The descriptor that a name such as /dev/fd/1 stands for.
std::optional<int> DescriptorNamed(std::string_view path) {
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    int descriptor = 0;
    const char* const end = path.data() + path.size();
    const auto [stop, error] = std::from_chars(path.data() + folder.size(), end, descriptor);
    if (error == std::errc() && stop == end) return descriptor;
  }
  return std::nullopt;
}

absl::Status WriteDirectly(FileDescriptor file, const std::string& path, std::span<const std::string_view> parts) {
  if (!file.valid()) return CannotWrite(errno, path);
  STEMMA_RETURN_IF_ERROR(WriteAll(file.get(), parts, path));
  return file.Close() ? absl::OkStatus() : CannotWrite(errno, path);
}

// A file that is removed again unless it takes its final name.
class TemporaryFile {
 public:
  static absl::StatusOr<TemporaryFile> Create(const std::string& target) {
    // mkstemp makes private files; the mode of a new file is the umask's business, so names are tried by hand. They do
    // not extend the target's, which may be as long as names get.
    const std::filesystem::path folder = std::filesystem::path(target).parent_path();
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      std::string name = (folder / absl::StrFormat(".stemma.%d.%d", ::getpid(), attempt)).string();
      FileDescriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode));
      if (file.valid()) return TemporaryFile(std::move(name), std::move(file));
      if (errno != EEXIST) return CannotWrite(errno, target);
    }
    return CannotWrite(EEXIST, target);
  }

  TemporaryFile(TemporaryFile&& other) noexcept
      : name_(std::exchange(other.name_, {})), file_(std::move(other.file_)) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  int descriptor() const { return file_.get(); }

  absl::Status MoveTo(const std::string& target) {
    if (::fsync(file_.get()) != 0 || !file_.Close()) return CannotWrite(errno, target);
    if (::rename(name_.c_str(), target.c_str()) != 0) return CannotWrite(errno, target);
    name_.clear();
    return absl::OkStatus();
  }

 private:
  TemporaryFile(std::string name, FileDescriptor file) : name_(std::move(name)), file_(std::move(file)) {}

  std::string name_;
  FileDescriptor file_;
};

// The new name is durable only when its folder is. Some file systems cannot do that for folders and say EINVAL.
absl::Status SyncFolderOf(const std::string& target) {
  std::string folder = std::filesystem::path(target).parent_path().string();
  if (folder.empty()) folder = ".";
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A folder may be writable and not readable; the file is complete all the same.
  if (!descriptor.valid()) return absl::OkStatus();
  if (::fsync(descriptor.get()) != 0 && errno != EINVAL) return CannotWrite(errno, target);
  return absl::OkStatus();
}

// The end of a chain of symbolic links, whether or not there is a file. Stops early at a name for a descriptor.
absl::StatusOr<std::string> FollowLinks(const std::string& path) {
  std::filesystem::path target = path;
  std::error_code error;
  for (int k = 0; k < kMaxLinks; ++k) {
    if (DescriptorNamed(target.native()) || !std::filesystem::is_symlink(target, error)) return target.string();
    const std::filesystem::path next = std::filesystem::read_symlink(target, error);
    if (error) return CannotWrite(error.value(), path);
    target = target.parent_path() / next;  // `next` alone where it is absolute
  }
  return CannotWrite(ELOOP, path);
}

// `old` describes the file that is replaced, if there is one.
absl::Status Replace(const std::string& target, const struct stat* old, std::span<const std::string_view> parts) {
  STEMMA_ASSIGN_OR_RETURN(TemporaryFile file, TemporaryFile::Create(target));
  STEMMA_RETURN_IF_ERROR(WriteAll(file.descriptor(), parts, target));
  if (old != nullptr) {
    // Only the superuser can give files away; for all others the new file is theirs, as any file they write.
    if (::geteuid() == 0 && ::fchown(file.descriptor(), old->st_uid, old->st_gid) != 0) {
      return CannotWrite(errno, target);
    }
    if (::fchmod(file.descriptor(), old->st_mode & kPermissionBits) != 0) return CannotWrite(errno, target);
  }
  STEMMA_RETURN_IF_ERROR(file.MoveTo(target));
  return SyncFolderOf(target);
}

}  // namespace

absl::Status WriteFileDurably(const std::string& path, std::span<const std::string_view> parts) {
  STEMMA_ASSIGN_OR_RETURN(const std::string target, FollowLinks(path));
  if (const auto descriptor = DescriptorNamed(target)) {
    // Opened anew, a redirected output would be written from its start again.
    return WriteDirectly(FileDescriptor(::fcntl(*descriptor, F_DUPFD_CLOEXEC, 0)), path, parts);
  }
  struct stat old{};
  if (::stat(target.c_str(), &old) != 0) {
    return errno == ENOENT ? Replace(target, nullptr, parts) : CannotWrite(errno, path);
  }
  if (S_ISDIR(old.st_mode)) return CannotWrite(EISDIR, path);
  if (!S_ISREG(old.st_mode)) {
    return WriteDirectly(FileDescriptor(::open(target.c_str(), O_WRONLY | O_CLOEXEC)), path, parts);
  }
  // Replacing needs a writable folder only; but a file that is write-protected is so for a reason.
  if (::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) return CannotWrite(errno, path);
  return Replace(target, &old, parts);
}

absl::Status WriteFileDurably(const std::string& path, std::string_view content) {
  return WriteFileDurably(path, std::span<const std::string_view>(&content, 1));
}

}  // namespace stemma::base
