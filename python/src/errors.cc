#include "python/src/errors.h"

#include <nanobind/nanobind.h>

namespace stemma::python {
namespace {

namespace nb = nanobind;

nb::object OfPackage(const char* name) { return nb::module_::import_("stemma.errors").attr(name); }

nb::object ClassFor(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return nb::borrow(PyExc_ValueError);
    case absl::StatusCode::kFailedPrecondition:
      return OfPackage("IncompatibleError");
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnimplemented:
      return OfPackage("CorruptFileError");
    case absl::StatusCode::kNotFound:
      return nb::borrow(PyExc_FileNotFoundError);
    case absl::StatusCode::kPermissionDenied:
      return nb::borrow(PyExc_PermissionError);
    case absl::StatusCode::kResourceExhausted:
      return nb::borrow(PyExc_MemoryError);
    case absl::StatusCode::kCancelled:
      return nb::borrow(PyExc_KeyboardInterrupt);
    default:
      return nb::borrow(PyExc_RuntimeError);
  }
}

void Translate(const std::exception_ptr& pointer, void*) {
  try {
    std::rethrow_exception(pointer);
  } catch (const StatusError& error) {
    PyErr_SetString(ClassFor(error.code()).ptr(), error.what());
  }
}

}  // namespace

void RegisterErrors() { nb::register_exception_translator(Translate); }

}  // namespace stemma::python
