#include "lib/base/status_from_errno.h"

#include <cerrno>
#include <string>
#include <system_error>

#include "absl/strings/str_format.h"

namespace stemma::base {
namespace {

absl::StatusCode CodeOf(int error) {
  switch (error) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
    case ENOTDIR:
      return absl::StatusCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
    case ETXTBSY:
      return absl::StatusCode::kPermissionDenied;
    case EISDIR:
    case ENAMETOOLONG:
    case ELOOP:
    case EINVAL:
      return absl::StatusCode::kInvalidArgument;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return absl::StatusCode::kResourceExhausted;
    default:
      return absl::StatusCode::kUnknown;
  }
}

}  // namespace

absl::Status StatusFromErrno(int error, std::string_view action, std::string_view path) {
  // The generic category's texts are those of strerror, but safe on several threads.
  const std::string reason = std::generic_category().message(error);
  return absl::Status(CodeOf(error), absl::StrFormat("%s %s: %s", action, path, reason));
}

}  // namespace stemma::base
