// A column of Python's strings or integers: their text is read where Python keeps it.
#ifndef STEMMA_PYTHON_PYTHON_COLUMN_H_
#define STEMMA_PYTHON_PYTHON_COLUMN_H_

#include <nanobind/nanobind.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "python/src/column.h"

namespace stemma::python {

// `values`: str and None, or int and None. `name` stands in messages.
absl::StatusOr<std::shared_ptr<const Column>> PythonColumn(const nanobind::sequence& values, const std::string& name);

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_PYTHON_COLUMN_H_
