// A file that has a path and no place on any disk: what is stored elsewhere as lines can be read from memory.
//
// Errors: kResourceExhausted and others of the system.
#ifndef STEMMA_C_MEMORY_FILE_H_
#define STEMMA_C_MEMORY_FILE_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/file_descriptor.h"

namespace stemma::c {

class MemoryFile {
 public:
  // `name` stands in messages.
  static absl::StatusOr<MemoryFile> Create(const char* name);

  absl::Status Append(std::string_view bytes);

  // Reads from the beginning whoever opens it; gone with this object.
  std::string path() const;

 private:
  MemoryFile(const char* name, base::FileDescriptor file) : name_(name), file_(std::move(file)) {}

  std::string name_;
  base::FileDescriptor file_;
};

}  // namespace stemma::c

#endif  // STEMMA_C_MEMORY_FILE_H_
