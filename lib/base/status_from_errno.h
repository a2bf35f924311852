// The operating system's errors as statuses.
//
// Returns: `ACTION PATH: reason`, e.g. "cannot open answers.jsonl: No such file or directory".
// Errors: kNotFound, kPermissionDenied, kInvalidArgument (a directory where a file is needed, an impossible path),
// kResourceExhausted (no space, no memory, too many files); kUnknown for the rest.
#ifndef STEMMA_LIB_BASE_STATUS_FROM_ERRNO_H_
#define STEMMA_LIB_BASE_STATUS_FROM_ERRNO_H_

#include <string_view>

#include "absl/status/status.h"

namespace stemma::base {

// `error` is a value of errno, not 0; `action` reads like "cannot open".
absl::Status StatusFromErrno(int error, std::string_view action, std::string_view path);

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_STATUS_FROM_ERRNO_H_
