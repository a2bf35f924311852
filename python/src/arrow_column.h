// A column of what Arrow handed over.
//
// Shape: texts as utf8, large_utf8 or string_view, or dictionaries of them; integers of any width.
// Errors: kInvalidArgument for a column that is not there, or of another type.
#ifndef STEMMA_PYTHON_ARROW_COLUMN_H_
#define STEMMA_PYTHON_ARROW_COLUMN_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "python/src/arrow_stream.h"
#include "python/src/column.h"

namespace stemma::python {

// Of a table's columns; none for a series.
std::vector<std::string> ColumnNames(const ArrowData& data);

// The column of a table, or a series itself where `name` is empty.
absl::StatusOr<std::shared_ptr<const Column>> ColumnOf(std::shared_ptr<const ArrowData> data, std::string_view name);

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_ARROW_COLUMN_H_
