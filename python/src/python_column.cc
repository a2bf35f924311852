#include "python/src/python_column.h"

#include <nanobind/stl/string.h>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

class Values : public Column {
 public:
  // A tuple of its own, so that nobody takes a string away while it is read.
  explicit Values(nb::tuple held) : held_(std::move(held)), size_(nb::len(held_)) {}
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;
  // Maybe by a thread that does not hold the interpreter's lock.
  ~Values() override {
    const nb::gil_scoped_acquire locked;
    held_.reset();
  }

  absl::Status Collect(const std::string& name) {
    for (std::size_t row = 0; row < size_; ++row) STEMMA_RETURN_IF_ERROR(Collect(nb::handle(held_[row]), row, name));
    return absl::OkStatus();
  }

  ColumnKind kind() const override { return kind_; }
  std::size_t size() const override { return size_; }
  std::string_view Text(std::size_t row) const override { return kind_ == ColumnKind::kText ? texts_[row] : std::string_view(); }
  std::optional<std::int64_t> Integer(std::size_t row) const override {
    return kind_ == ColumnKind::kInteger ? integers_[row] : std::nullopt;
  }

 private:
  absl::Status Collect(nb::handle value, std::size_t row, const std::string& name) {
    if (value.is_none()) return absl::OkStatus();
    const bool is_text = PyUnicode_Check(value.ptr());
    const ColumnKind kind = is_text ? ColumnKind::kText : ColumnKind::kInteger;
    if ((!is_text && !PyLong_Check(value.ptr())) || (kind_ != ColumnKind::kNothing && kind_ != kind)) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "`%s` must be all str or all int (or None), got %s in row %d", name, nb::cast<std::string>(value.type().attr("__name__")), row + 1));
    }
    kind_ = kind;
    return is_text ? AddText(value, row, name) : AddInteger(value, row, name);
  }

  absl::Status AddText(nb::handle value, std::size_t row, const std::string& name) {
    texts_.resize(size_);
    Py_ssize_t bytes = 0;
    const char* const text = PyUnicode_AsUTF8AndSize(value.ptr(), &bytes);
    if (text == nullptr) {
      PyErr_Clear();
      return absl::InvalidArgumentError(absl::StrFormat("`%s` holds lone surrogates in row %d", name, row + 1));
    }
    texts_[row] = {text, static_cast<std::size_t>(bytes)};
    return absl::OkStatus();
  }

  absl::Status AddInteger(nb::handle value, std::size_t row, const std::string& name) {
    integers_.resize(size_);
    const long long integer = PyLong_AsLongLong(value.ptr());
    if (integer == -1 && PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      return absl::InvalidArgumentError(absl::StrFormat("`%s` must fit 64 bits, got more in row %d", name, row + 1));
    }
    integers_[row] = integer;
    return absl::OkStatus();
  }

  nb::tuple held_;
  std::size_t size_;
  ColumnKind kind_ = ColumnKind::kNothing;
  std::vector<std::string_view> texts_;
  std::vector<std::optional<std::int64_t>> integers_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Column>> PythonColumn(const nb::sequence& values, const std::string& name) {
  auto column = std::make_shared<Values>(nb::tuple(values));
  STEMMA_RETURN_IF_ERROR(column->Collect(name));
  return column;
}

}  // namespace stemma::python
