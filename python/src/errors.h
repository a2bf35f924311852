// From absl::Status to Python's exceptions.
//
// Errors: kInvalidArgument becomes ValueError, kFailedPrecondition stemma.IncompatibleError, kDataLoss and kUnimplemented
// stemma.CorruptFileError, kNotFound FileNotFoundError, kPermissionDenied PermissionError, kResourceExhausted MemoryError,
// kCancelled KeyboardInterrupt, all else RuntimeError.
#ifndef STEMMA_PYTHON_ERRORS_H_
#define STEMMA_PYTHON_ERRORS_H_

#include <exception>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace stemma::python {

// On its way from a binding to Python; no user meets it.
class StatusError : public std::exception {
 public:
  explicit StatusError(absl::Status status) : status_(std::move(status)), message_(status_.message()) {}

  const char* what() const noexcept override { return message_.c_str(); }
  absl::StatusCode code() const { return status_.code(); }

 private:
  absl::Status status_;
  std::string message_;
};

inline void ThrowIfError(const absl::Status& status) {
  if (!status.ok()) throw StatusError(status);
}

template <typename T>
T ValueOrThrow(absl::StatusOr<T> value) {
  ThrowIfError(value.status());
  return *std::move(value);
}

// To be called once, when the module is made.
void RegisterErrors();

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_ERRORS_H_
