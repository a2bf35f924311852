#include "python/src/text_table.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <limits>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "python/src/arrow_column.h"
#include "python/src/arrow_stream.h"
#include "python/src/errors.h"
#include "python/src/python_column.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

struct TextField {
  std::string_view name;
  std::string_view ResponseRecord::* value;
};

constexpr std::array kTextFields = {TextField{"model", &ResponseRecord::model},
                                    TextField{"prompt", &ResponseRecord::prompt},
                                    TextField{"response", &ResponseRecord::response},
                                    TextField{"reasoning", &ResponseRecord::reasoning},
                                    TextField{"system", &ResponseRecord::system},
                                    TextField{"language", &ResponseRecord::language}};

absl::StatusOr<std::uint32_t> ToSample(std::int64_t value, std::size_t row) {
  constexpr std::int64_t kMax = std::numeric_limits<std::uint32_t>::max();
  if (value >= 0 && value <= kMax) return static_cast<std::uint32_t>(value);
  return absl::InvalidArgumentError(absl::StrFormat("`sample` must be an integer in [0, %d], got %d in row %d", kMax, value, row + 1));
}

class BoundArrow {
 public:
  explicit BoundArrow(std::shared_ptr<const ArrowData> data) : data_(std::move(data)) {}
  std::vector<std::string> names() const { return ColumnNames(*data_); }
  std::shared_ptr<const Column> Get(const std::string& name) const { return ValueOrThrow(ColumnOf(data_, name)); }

 private:
  std::shared_ptr<const ArrowData> data_;
};

}  // namespace

absl::StatusOr<TextTable> TextTable::Create(const Columns& columns) {
  TextTable table;
  for (const auto& [field, column] : columns) {
    if (column == nullptr) return absl::InvalidArgumentError(absl::StrFormat("`%s` has no column", field));
    if (field != columns.begin()->first && column->size() != table.rows_) {
      return absl::InvalidArgumentError(absl::StrFormat("columns must be of one length, got %d rows of `%s` and %d of `%s`",
                                                        table.rows_, columns.begin()->first, column->size(), field));
    }
    table.rows_ = column->size();
    STEMMA_RETURN_IF_ERROR(table.Place(field, column));
  }
  if (columns.contains("response")) return table;
  return absl::InvalidArgumentError("the table has no column of responses; name it `response` (or `output`), or say which it is");
}

absl::Status TextTable::Place(const std::string& field, const std::shared_ptr<const Column>& column) {
  const auto wrong_kind = [&](std::string_view wanted) {
    return absl::InvalidArgumentError(absl::StrFormat("`%s` must hold %s, got %s", field, wanted,
                                                      column->kind() == ColumnKind::kText ? "text" : "integers"));
  };
  if (column->kind() == ColumnKind::kNothing && field != "response") return absl::OkStatus();
  if (field == "prompt_id") {
    prompt_id_ = column;
    return absl::OkStatus();
  }
  if (field == "sample") {
    if (column->kind() == ColumnKind::kText) return wrong_kind("integers");
    sample_ = column;
    return absl::OkStatus();
  }
  for (std::size_t k = 0; k < kTexts; ++k) {
    if (field != kTextFields[k].name) continue;
    if (column->kind() == ColumnKind::kInteger) return wrong_kind("text");
    texts_[k] = column;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "unknown field `%s`; allowed are model, prompt, prompt_id, response, sample, reasoning, system and language", field));
}

RecordSource TextTable::Records() const {
  static_assert(kTextFields.size() == kTexts);
  return [table = *this, row = std::size_t{0}, number = std::string()](ResponseRecord& record) mutable -> absl::StatusOr<bool> {
    if (row == table.rows_) return false;
    for (std::size_t k = 0; k < kTexts; ++k) {
      if (table.texts_[k] != nullptr) record.*kTextFields[k].value = table.texts_[k]->Text(row);
    }
    if (table.prompt_id_ != nullptr && table.prompt_id_->kind() == ColumnKind::kText) {
      record.prompt_id = table.prompt_id_->Text(row);
    } else if (table.prompt_id_ != nullptr) {
      const auto id = table.prompt_id_->Integer(row);
      number = id ? absl::StrFormat("%d", *id) : std::string();
      record.prompt_id = number;
    }
    const auto sample = table.sample_ != nullptr ? table.sample_->Integer(row) : std::nullopt;
    if (sample) {
      STEMMA_ASSIGN_OR_RETURN(record.sample, ToSample(*sample, row));
    }
    ++row;
    return true;
  };
}

void BindTextTable(nb::module_& module) {
  nb::class_<Column>(module, "Column", "Texts or integers in memory.").def("__len__", &Column::size);
  nb::class_<BoundArrow>(module, "Arrow", "A table or series handed over by the Arrow PyCapsule interface.")
      .def("__init__", [](BoundArrow* self, const nb::object& object) { new (self) BoundArrow(ReadArrow(object)); })
      .def_prop_ro("names", &BoundArrow::names)
      .def("column", &BoundArrow::Get, nb::arg("name") = "");
  module.def("column", [](const nb::sequence& values, const std::string& name) { return ValueOrThrow(PythonColumn(values, name)); },
             nb::arg("values"), nb::arg("name"),
             nb::sig("def column(values: typing.Sequence[str | int | None], name: str) -> Column"));
  nb::class_<TextTable>(module, "TextTable", "Responses in columns.")
      .def("__init__",
           [](TextTable* self, const TextTable::Columns& columns) { new (self) TextTable(ValueOrThrow(TextTable::Create(columns))); },
           nb::arg("columns"))
      .def("__len__", &TextTable::rows);
}

}  // namespace stemma::python
