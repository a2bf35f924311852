#include "stemma/embeddings.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "lib/signature/npy.h"

namespace stemma {
namespace {

template <typename T>
absl::Status CheckVector(std::span<const T> vector, const std::string& name) {
  bool zero = true;
  for (std::size_t column = 0; column < vector.size(); ++column) {
    if (!std::isfinite(vector[column])) {
      return absl::InvalidArgumentError(absl::StrFormat("%s, column %d: %g; an embedding's numbers must be finite", name,
                                                        column, vector[column]));
    }
    zero = zero && vector[column] == 0;
  }
  if (!zero) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s: all %d numbers are 0; an embedding must have a direction (leave the response out)", name, vector.size()));
}

absl::Status CheckShape(std::uint64_t responses, std::uint64_t dims) {
  if (responses > 0 && dims > 0 && dims <= Embeddings::kMaxDims) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("embeddings must have at least 1 response and 1 to %d dimensions, got shape [%d, %d]",
                      Embeddings::kMaxDims, responses, dims));
}

absl::Status CheckLayout(std::size_t values, const EmbeddingLayout& layout) {
  STEMMA_RETURN_IF_ERROR(CheckShape(layout.responses, layout.dims));
  const auto row_stride = layout.row_stride == 0 ? static_cast<std::ptrdiff_t>(layout.dims) : layout.row_stride;
  const auto column_stride = layout.column_stride == 0 ? 1 : layout.column_stride;
  // Strides along an axis of one element say nothing.
  const bool rows_follow = layout.responses == 1 || row_stride == static_cast<std::ptrdiff_t>(layout.dims);
  const bool columns_follow = layout.dims == 1 || column_stride == 1;
  if (!rows_follow || !columns_follow) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "embeddings must be C-contiguous: %d elements from row to row and 1 from column to column, got %d and %d",
        layout.dims, row_stride, column_stride));
  }
  if (layout.responses > std::numeric_limits<std::size_t>::max() / layout.dims || values != layout.responses * layout.dims) {
    return absl::InvalidArgumentError(absl::StrFormat("shape [%d, %d] needs %d values, got %d", layout.responses,
                                                      layout.dims, layout.responses * layout.dims, values));
  }
  return absl::OkStatus();
}

// All rows as they stand in the file.
template <typename T>
absl::StatusOr<std::shared_ptr<const std::vector<T>>> ReadRows(signature::NpyReader& reader) {
  const auto rows = std::make_shared<std::vector<T>>();
  const auto columns = static_cast<std::size_t>(reader.header().columns);
  for (std::uint64_t row = 0; row < reader.header().rows; ++row) {
    STEMMA_ASSIGN_OR_RETURN(const std::string_view bytes, reader.NextRow());
    base::ByteReader numbers(bytes);
    for (std::size_t column = 0; column < columns; ++column) {
      T& value = rows->emplace_back();
      if constexpr (std::is_same_v<T, float>) {
        numbers.ReadF32(value);
      } else {
        numbers.ReadF64(value);
      }
    }
  }
  STEMMA_RETURN_IF_ERROR(reader.Finish());
  return rows;
}

}  // namespace

absl::Status CheckEmbedding(std::span<const float> vector, const std::string& name) { return CheckVector(vector, name); }
absl::Status CheckEmbedding(std::span<const double> vector, const std::string& name) { return CheckVector(vector, name); }

template <typename T>
absl::StatusOr<Embeddings> Embeddings::Checked(std::span<const T> values, const EmbeddingLayout& layout,
                                               EmbedderId embedder) {
  STEMMA_RETURN_IF_ERROR(CheckLayout(values.size(), layout));
  for (std::size_t row = 0; row < layout.responses; ++row) {
    STEMMA_RETURN_IF_ERROR(CheckVector(values.subspan(row * layout.dims, layout.dims), absl::StrFormat("row %d", row)));
  }
  return Embeddings(values, layout.responses, layout.dims, std::move(embedder));
}

absl::StatusOr<Embeddings> Embeddings::View(std::span<const float> values, const EmbeddingLayout& layout,
                                            EmbedderId embedder) {
  return Checked(values, layout, std::move(embedder));
}

absl::StatusOr<Embeddings> Embeddings::View(std::span<const double> values, const EmbeddingLayout& layout,
                                            EmbedderId embedder) {
  return Checked(values, layout, std::move(embedder));
}

absl::StatusOr<Embeddings> Embeddings::Read(const std::string& path, EmbedderId embedder) {
  STEMMA_ASSIGN_OR_RETURN(signature::NpyReader reader, signature::NpyReader::Open(path));
  const auto& header = reader.header();
  const EmbeddingLayout layout = {.responses = static_cast<std::size_t>(header.rows),
                                  .dims = static_cast<std::size_t>(header.columns)};
  const auto own = [&]<typename T>(const std::shared_ptr<const std::vector<T>>& rows) -> absl::StatusOr<Embeddings> {
    absl::StatusOr<Embeddings> embeddings = View(std::span<const T>(*rows), layout, std::move(embedder));
    if (!embeddings.ok()) {
      return absl::InvalidArgumentError(absl::StrFormat("%s: %s", reader.name(), embeddings.status().message()));
    }
    embeddings->owner_ = rows;
    return embeddings;
  };
  if (header.type == signature::NpyType::kFloat32) {
    STEMMA_ASSIGN_OR_RETURN(const auto rows, ReadRows<float>(reader));
    return own(rows);
  }
  STEMMA_ASSIGN_OR_RETURN(const auto rows, ReadRows<double>(reader));
  return own(rows);
}

void Embeddings::Row(std::size_t response, std::span<double> out) const {
  std::visit(
      [&](const auto& values) {
        const auto row = values.subspan(response * dims_, dims_);
        std::ranges::transform(row, out.begin(), [](auto value) { return static_cast<double>(value); });
      },
      values_);
}

}  // namespace stemma
