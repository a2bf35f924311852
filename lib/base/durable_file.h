// Writes a file so that a reader sees either what was there before or all of the new content, even after a power cut.
//
// The content goes to a new file in the same folder, which takes the place of the old one once it is on the disk.
// A symbolic link stays, and the file that it points to is replaced; an existing file keeps its permissions; one that
// may not be written is not replaced. A pipe or device, such as /dev/stdout, is written to directly.
//
// Errors: kNotFound (no such folder), kPermissionDenied, kInvalidArgument (a directory), kResourceExhausted (no space),
// each with the path. Where writing fails, no new file is left and the old one is as it was.
#ifndef STEMMA_LIB_BASE_DURABLE_FILE_H_
#define STEMMA_LIB_BASE_DURABLE_FILE_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace stemma::base {

// The parts are written one after another.
absl::Status WriteFileDurably(const std::string& path, std::span<const std::string_view> parts);
absl::Status WriteFileDurably(const std::string& path, std::string_view content);

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_DURABLE_FILE_H_
