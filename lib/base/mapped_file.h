// The content of a file, mapped into memory for reading.
//
// Errors: kNotFound, kPermissionDenied, kInvalidArgument (a directory), kResourceExhausted, each with the path. A file
// that is cut short by others while it is mapped ends the process with SIGBUS, as any mapping does.
// Complexity: opening reads nothing; a pipe or device, which cannot be mapped, is read to its end.
#ifndef STEMMA_LIB_BASE_MAPPED_FILE_H_
#define STEMMA_LIB_BASE_MAPPED_FILE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace stemma::base {

class MappedFile {
 public:
  static absl::StatusOr<MappedFile> Open(const std::string& path);

  MappedFile(MappedFile&& other) noexcept { swap(other); }
  MappedFile& operator=(MappedFile&& other) noexcept {
    MappedFile(std::move(other)).swap(*this);
    return *this;
  }
  ~MappedFile();

  // Lives as long as this object or the one it is moved into. Empty after a move from it.
  std::string_view bytes() const { return bytes_; }

 private:
  MappedFile() = default;

  void swap(MappedFile& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(mapped_, other.mapped_);
    std::swap(copy_, other.copy_);
  }

  std::string_view bytes_;
  bool mapped_ = false;
  std::unique_ptr<const std::string> copy_;  // of what cannot be mapped; its bytes stay in place when this moves
};

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_MAPPED_FILE_H_
