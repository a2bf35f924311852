// Columns of equal length that hold the fields of responses.
//
// Errors: kInvalidArgument for an unknown field, a column of the wrong kind, columns of different length.
#ifndef STEMMA_PYTHON_TEXT_TABLE_H_
#define STEMMA_PYTHON_TEXT_TABLE_H_

#include <nanobind/nanobind.h>

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "python/src/column.h"
#include "stemma/response_set.h"

namespace stemma::python {

// Immutable; cheap to copy.
class TextTable {
 public:
  using Columns = std::map<std::string, std::shared_ptr<const Column>>;  // by field of ResponseRecord

  static absl::StatusOr<TextTable> Create(const Columns& columns);

  std::size_t rows() const { return rows_; }

  // Reads the table from its beginning; outlives it.
  RecordSource Records() const;

 private:
  static constexpr std::size_t kTexts = 6;  // the record's texts without `prompt_id`

  absl::Status Place(const std::string& field, const std::shared_ptr<const Column>& column);

  std::array<std::shared_ptr<const Column>, kTexts> texts_;
  std::shared_ptr<const Column> prompt_id_;  // of texts or integers
  std::shared_ptr<const Column> sample_;
  std::size_t rows_ = 0;
};

void BindTextTable(nanobind::module_& module);

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_TEXT_TABLE_H_
