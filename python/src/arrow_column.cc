#include "python/src/arrow_column.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"

namespace stemma::python {
namespace {

enum class Layout : std::uint8_t { kNothing, kUtf8, kLargeUtf8, kStringView, kInteger, kOther };

Layout LayoutOf(const ArrowSchema& schema) {
  const std::string_view format = schema.format;
  if (format == "n") return Layout::kNothing;
  if (format == "u") return Layout::kUtf8;
  if (format == "U") return Layout::kLargeUtf8;
  if (format == "vu") return Layout::kStringView;
  return format.size() == 1 && std::string_view("cCsSiIlL").find(format[0]) != std::string_view::npos ? Layout::kInteger
                                                                                                         : Layout::kOther;
}

template <typename T>
T ValueAt(const void* buffer, std::int64_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(buffer) + static_cast<std::size_t>(at) * sizeof(T), sizeof(T));
  return value;
}

bool IsMissing(const ArrowArray& array, std::int64_t at) {
  if (array.n_buffers == 0 || array.buffers[0] == nullptr) return false;
  return ((static_cast<const std::uint8_t*>(array.buffers[0])[at / 8] >> (at % 8)) & 1U) == 0;
}

template <typename Offset>
std::string_view TextBetweenOffsets(const ArrowArray& array, std::int64_t at) {
  const auto begin = static_cast<std::size_t>(ValueAt<Offset>(array.buffers[1], at));
  const auto end = static_cast<std::size_t>(ValueAt<Offset>(array.buffers[1], at + 1));
  return {static_cast<const char*>(array.buffers[2]) + begin, end - begin};
}

// Sixteen bytes a text: its length, and the text itself where it has room, else where it stands.
std::string_view TextOfView(const ArrowArray& array, std::int64_t at) {
  constexpr std::size_t kViewBytes = 16;
  constexpr std::size_t kInlineBytes = 12;
  const char* const view = static_cast<const char*>(array.buffers[1]) + static_cast<std::size_t>(at) * kViewBytes;
  const auto size = static_cast<std::size_t>(ValueAt<std::int32_t>(view, 0));
  if (size <= kInlineBytes) return {view + 4, size};
  const auto buffer = static_cast<std::size_t>(ValueAt<std::int32_t>(view, 2));
  const auto offset = static_cast<std::size_t>(ValueAt<std::int32_t>(view, 3));
  return {static_cast<const char*>(array.buffers[2 + buffer]) + offset, size};
}

std::string_view TextAt(const ArrowArray& array, Layout layout, std::int64_t at) {
  if (layout == Layout::kNothing || IsMissing(array, at)) return {};
  if (layout == Layout::kUtf8) return TextBetweenOffsets<std::int32_t>(array, at);
  if (layout == Layout::kLargeUtf8) return TextBetweenOffsets<std::int64_t>(array, at);
  return TextOfView(array, at);
}

// Beyond 63 bits: the largest number, which no field allows either.
std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::uint64_t{INT64_MAX}));
}

std::int64_t IntegerAt(const ArrowArray& array, char format, std::int64_t at) {
  const void* const values = array.buffers[1];
  switch (format) {
    case 'c':
      return ValueAt<std::int8_t>(values, at);
    case 'C':
      return ValueAt<std::uint8_t>(values, at);
    case 's':
      return ValueAt<std::int16_t>(values, at);
    case 'S':
      return ValueAt<std::uint16_t>(values, at);
    case 'i':
      return ValueAt<std::int32_t>(values, at);
    case 'I':
      return ValueAt<std::uint32_t>(values, at);
    case 'l':
      return ValueAt<std::int64_t>(values, at);
    default:
      return Signed(ValueAt<std::uint64_t>(values, at));
  }
}

class ArrowColumn : public Column {
 public:
  ArrowColumn(std::shared_ptr<const ArrowData> data, const ArrowSchema& schema, Layout layout)
      : data_(std::move(data)), schema_(schema), layout_(layout) {}

  // `first`: the place in the array of its first row.
  void Append(const ArrowArray& array, std::int64_t first, std::int64_t rows) {
    if (rows == 0) return;
    chunks_.push_back({&array, first, size_});
    size_ += static_cast<std::size_t>(rows);
  }

  ColumnKind kind() const override {
    if (layout_ == Layout::kNothing) return ColumnKind::kNothing;
    return layout_ == Layout::kInteger ? ColumnKind::kInteger : ColumnKind::kText;
  }

  std::size_t size() const override { return size_; }

  std::string_view Text(std::size_t row) const override {
    const auto [array, at] = Find(row);
    if (schema_.dictionary == nullptr) return TextAt(*array, layout_, at);
    if (IsMissing(*array, at)) return {};
    const ArrowArray& entries = *array->dictionary;
    return TextAt(entries, layout_, entries.offset + IntegerAt(*array, schema_.format[0], at));
  }

  std::optional<std::int64_t> Integer(std::size_t row) const override {
    const auto [array, at] = Find(row);
    if (IsMissing(*array, at)) return std::nullopt;
    return IntegerAt(*array, schema_.format[0], at);
  }

 private:
  struct Chunk {
    const ArrowArray* array;
    std::int64_t first;
    std::size_t first_row;
  };

  std::pair<const ArrowArray*, std::int64_t> Find(std::size_t row) const {
    const auto after = std::ranges::upper_bound(chunks_, row, {}, &Chunk::first_row);
    const Chunk& chunk = *std::prev(after);
    return {chunk.array, chunk.first + static_cast<std::int64_t>(row - chunk.first_row)};
  }

  std::shared_ptr<const ArrowData> data_;
  const ArrowSchema& schema_;
  Layout layout_;
  std::vector<Chunk> chunks_;
  std::size_t size_ = 0;
};

absl::StatusOr<std::size_t> IndexOf(const ArrowData& data, std::string_view name) {
  const std::vector<std::string> names = ColumnNames(data);
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  return absl::InvalidArgumentError(absl::StrFormat("the table has no column `%s`", name));
}

absl::StatusOr<Layout> KnownLayout(const ArrowSchema& schema, std::string_view name) {
  const Layout layout = LayoutOf(schema.dictionary != nullptr ? *schema.dictionary : schema);
  const bool known = layout != Layout::kOther && (layout != Layout::kInteger || schema.dictionary == nullptr);
  if (known) return layout;
  return absl::InvalidArgumentError(absl::StrFormat(
      "column `%s` must hold text or integers, got the Arrow format \"%s\"", name,
      schema.dictionary != nullptr ? schema.dictionary->format : schema.format));
}

}  // namespace

std::vector<std::string> ColumnNames(const ArrowData& data) {
  std::vector<std::string> names;
  if (!data.is_table()) return names;
  for (std::int64_t k = 0; k < data.schema().n_children; ++k) {
    const char* const name = data.schema().children[k]->name;
    names.emplace_back(name != nullptr ? name : "");
  }
  return names;
}

absl::StatusOr<std::shared_ptr<const Column>> ColumnOf(std::shared_ptr<const ArrowData> data, std::string_view name) {
  const bool of_table = data->is_table();
  std::size_t index = 0;
  if (of_table) {
    STEMMA_ASSIGN_OR_RETURN(index, IndexOf(*data, name));
  }
  const ArrowSchema& schema = of_table ? *data->schema().children[index] : data->schema();
  STEMMA_ASSIGN_OR_RETURN(const Layout layout, KnownLayout(schema, of_table ? name : "series"));
  auto column = std::make_shared<ArrowColumn>(data, schema, layout);
  for (const ArrowArray& chunk : data->chunks()) {
    const ArrowArray& array = of_table ? *chunk.children[index] : chunk;
    // A table's own offset counts rows of its columns.
    column->Append(array, array.offset + (of_table ? chunk.offset : 0), chunk.length);
  }
  return column;
}

}  // namespace stemma::python
