// A column of texts or of integers in memory, wherever it is from.
#ifndef STEMMA_PYTHON_COLUMN_H_
#define STEMMA_PYTHON_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace stemma::python {

enum class ColumnKind : std::uint8_t {
  kText,
  kInteger,
  kNothing,  // every value is missing
};

class Column {
 public:
  virtual ~Column() = default;

  virtual ColumnKind kind() const = 0;
  virtual std::size_t size() const = 0;
  // Of a column of texts: empty where missing. The view lives as long as the column.
  virtual std::string_view Text(std::size_t row) const = 0;
  // Of a column of integers: nothing where missing.
  virtual std::optional<std::int64_t> Integer(std::size_t row) const = 0;
};

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_COLUMN_H_
