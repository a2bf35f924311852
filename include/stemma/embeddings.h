// Vectors of responses, whoever made them: one row a response, float32 or float64, row by row in memory.
//
// Shape: [responses, dims], C-contiguous. NumPy: `np.ascontiguousarray(a)`, or a .npy file. Eigen, for a matrix `m` that is
// declared RowMajor: `View(std::span(m.data(), m.size()), {.responses = m.rows(), .dims = m.cols(), .row_stride =
// m.rowStride(), .column_stride = m.colStride()}, id)`; one that lies column by column, as Eigen's do by default, is refused.
// Errors: kInvalidArgument naming row, column and value: NaN, infinity, a row of zeros (it has no direction), a shape that
// is empty or not that of the values, gaps or another order in memory; those of .npy files.
// Complexity: one pass over the values to check them. `Read` keeps them as they stand in the file.
#ifndef STEMMA_EMBEDDINGS_H_
#define STEMMA_EMBEDDINGS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/hash.h"

namespace stemma {

// Which embedder made a set of vectors.
struct EmbedderId {
  std::string name;
  Hash128 digest;  // of the embedder's weights and rules

  friend bool operator==(const EmbedderId&, const EmbedderId&) = default;
};

// How an array lies in memory.
struct EmbeddingLayout {
  std::size_t responses = 0;
  std::size_t dims = 0;
  // Elements from a row to the next, and from a column to the next; 0 for those of an array without gaps, row by row.
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t column_stride = 0;
};

class Embeddings {
 public:
  static constexpr std::size_t kMaxDims = std::size_t{1} << 16;

  // The values must outlive the object.
  static absl::StatusOr<Embeddings> View(std::span<const float> values, const EmbeddingLayout& layout, EmbedderId embedder);
  static absl::StatusOr<Embeddings> View(std::span<const double> values, const EmbeddingLayout& layout, EmbedderId embedder);

  // A .npy file, also compressed with gzip or Zstandard, as a whole in memory.
  static absl::StatusOr<Embeddings> Read(const std::string& path, EmbedderId embedder);

  std::size_t responses() const { return responses_; }
  std::size_t dims() const { return dims_; }
  const EmbedderId& embedder() const { return embedder_; }

  // Precondition: `out` has `dims()` elements.
  void Row(std::size_t response, std::span<double> out) const;

 private:
  using Values = std::variant<std::span<const float>, std::span<const double>>;

  Embeddings(Values values, std::size_t responses, std::size_t dims, EmbedderId embedder)
      : values_(values), responses_(responses), dims_(dims), embedder_(std::move(embedder)) {}

  template <typename T>
  static absl::StatusOr<Embeddings> Checked(std::span<const T> values, const EmbeddingLayout& layout, EmbedderId embedder);

  Values values_;
  std::shared_ptr<const void> owner_;  // of values that were read
  std::size_t responses_;
  std::size_t dims_;
  EmbedderId embedder_;
};

// Whether a vector may stand for a response. `name` is what messages call it, as "row 7".
absl::Status CheckEmbedding(std::span<const float> vector, const std::string& name);
absl::Status CheckEmbedding(std::span<const double> vector, const std::string& name);

}  // namespace stemma

#endif  // STEMMA_EMBEDDINGS_H_
