#include "lib/corpus/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/status_from_errno.h"
#include "lib/base/status_macros.h"

namespace stemma::corpus {

std::string_view DisplayName(std::string_view path) { return path == kStandardInput ? "standard input" : path; }

absl::StatusOr<std::uint64_t> StoredSize(const std::string& path) {
  if (path == kStandardInput) return 0;
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return base::StatusFromErrno(errno, "cannot open", path);
  return S_ISREG(info.st_mode) ? static_cast<std::uint64_t>(info.st_size) : 0;
}

ByteSource::ByteSource(std::string name, base::FileDescriptor file, std::size_t chunk_bytes)
    : name_(std::move(name)), file_(std::move(file)), stored_(chunk_bytes + kMagicBytes), chunk_bytes_(chunk_bytes) {}

absl::StatusOr<ByteSource> ByteSource::Open(const std::string& path, std::size_t chunk_bytes) {
  // A duplicate, so that closing it leaves standard input open.
  base::FileDescriptor file(path == kStandardInput ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                                   : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return base::StatusFromErrno(errno, "cannot open", DisplayName(path));
  ByteSource source(std::string(DisplayName(path)), std::move(file), chunk_bytes);
  while (source.pending_.size() < kMagicBytes && !source.at_end_) STEMMA_RETURN_IF_ERROR(source.Refill());
  source.compression_ = RecogniseCompression(source.pending_);
  source.decompressor_ = MakeDecompressor(source.compression_);
  return source;
}

absl::StatusOr<std::size_t> ByteSource::Read(std::span<char> out) {
  while (true) {
    if (pending_.empty() && !at_end_) STEMMA_RETURN_IF_ERROR(Refill());
    auto written = decompressor_->Step(pending_, out);
    if (!written.ok()) return Located(written.status());
    if (*written > 0) return *written;
    if (!pending_.empty() || !at_end_) continue;
    if (!decompressor_->AtBoundary()) return Located(absl::DataLossError("the compressed data is cut off"));
    return 0;
  }
}

// Appends to what is pending.
absl::Status ByteSource::Refill() {
  if (!pending_.empty()) std::memmove(stored_.data(), pending_.data(), pending_.size());
  char* const end = stored_.data() + pending_.size();
  ssize_t size = 0;
  do {
    size = ::read(file_.get(), end, chunk_bytes_);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return base::StatusFromErrno(errno, "cannot read", name_);
  at_end_ = size == 0;
  const std::string_view fresh(end, static_cast<std::size_t>(size));
  hasher_.Update(fresh);
  stored_bytes_ += fresh.size();
  pending_ = std::string_view(stored_.data(), pending_.size() + fresh.size());
  return absl::OkStatus();
}

absl::Status ByteSource::Located(const absl::Status& status) const {
  return absl::Status(status.code(), absl::StrFormat("%s: stored byte %d: %s", name_, stored_bytes_ - pending_.size(),
                                                     std::string(status.message())));
}

}  // namespace stemma::corpus
