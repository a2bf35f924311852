// The embeddings of one model's stored responses, compactly: a vector a prompt, and totals of the model.
//
// Shape: one row a prompt: how many samples there are, which, and the sum of their vectors; the mean of all samples, and the
// second moments of the first `kCovarianceDims` dimensions. 805 prompts of one sample in 64 dimensions take some 80 kB.
// Units: each sample's vector is reduced to `dims` dimensions, brought to unit length and rounded to whole units of
// u = 2^-`fraction_bits`; sums are whole numbers of units.
// Reduction, where the embedder's vectors have more dimensions: `kLeading` keeps the first ones and suits embedders whose
// dimensions are ordered by variance, as the built-in one's are; a cosine then is the one of these dimensions. `kSigns`
// supposes nothing of an embedder: each stored dimension sums all of the embedder's under random signs, the same for all
// signatures. A cosine c of two vectors is then off by about (1 - c^2) / sqrt(dims): .125 at 64 dimensions for c = 0.
// Error of a cosine by rounding: a standard deviation of at most u / sqrt(6), .0008 at 9 bits whatever the dimensions, and
// never more than u sqrt(dims), .016 at 64 dimensions. A mean over prompts is off by less.
// Errors: kInvalidArgument naming prompt and sample (not finite, zero, wrong size, added twice); kFailedPrecondition, one
// each, for signatures of other embedders, reductions, dimensions or units; those of the file container.
// Determinism: integers from the rounding of a sample on: equal vectors give equal bytes in any order and grouping.
// Complexity: memory of 4 bytes a stored dimension and prompt, whatever the number of samples; `kSigns` takes
// `input_dims` * `dims` additions a sample.
// Source: random signs: Achlioptas 2003, "Database-friendly random projections", Theorem 1.1; the error of a projected
// cosine: Li, Hastie and Church 2006, "Very sparse random projections", section 2.
#ifndef STEMMA_EMBEDDING_SIGNATURE_H_
#define STEMMA_EMBEDDING_SIGNATURE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/embeddings.h"
#include "stemma/hash.h"
#include "stemma/metadata.h"

namespace stemma {

enum class EmbeddingReduction : std::uint32_t { kLeading = 1, kSigns = 2 };

// "leading dimensions", "random signs".
std::string_view ToString(EmbeddingReduction reduction);

struct EmbeddingOptions {
  static constexpr std::size_t kMaxDims = 1024;
  static constexpr unsigned kMinFractionBits = 3;
  static constexpr unsigned kMaxFractionBits = 14;

  std::size_t dims = 64;  // kept; all where the embedder has no more
  EmbeddingReduction reduction = EmbeddingReduction::kSigns;
  unsigned fraction_bits = 9;
};

// What two signatures must have in common to be compared.
struct EmbeddingSpace {
  EmbedderId embedder;
  std::size_t input_dims = 0;  // of the embedder's vectors
  std::size_t dims = 0;        // stored
  EmbeddingReduction reduction = EmbeddingReduction::kLeading;
  unsigned fraction_bits = 0;

  // The value of a unit.
  double unit() const { return 1.0 / static_cast<double>(std::uint64_t{1} << fraction_bits); }

  friend bool operator==(const EmbeddingSpace&, const EmbeddingSpace&) = default;
};

// kFailedPrecondition for what differs first, naming both values.
absl::Status CheckComparable(const EmbeddingSpace& a, const EmbeddingSpace& b);

// One sample's vector as whole units.
class EmbeddingReducer {
 public:
  // Errors: kInvalidArgument for sizes and bits out of range.
  static absl::StatusOr<EmbeddingReducer> Create(EmbedderId embedder, std::size_t input_dims,
                                                 const EmbeddingOptions& options);

  const EmbeddingSpace& space() const { return space_; }
  // Replaces `out`. `name` is what messages call the vector.
  absl::Status Reduce(std::span<const float> vector, const std::string& name, std::vector<std::int32_t>& out) const;
  absl::Status Reduce(std::span<const double> vector, const std::string& name, std::vector<std::int32_t>& out) const;

 private:
  EmbeddingReducer() = default;

  template <typename T>
  absl::Status ReduceAny(std::span<const T> vector, const std::string& name, std::vector<std::int32_t>& out) const;

  EmbeddingSpace space_;
  std::shared_ptr<const std::vector<double>> signs_;  // by input dimension, stored dimension: 1 or -1
};

struct EmbeddingRow {
  Hash128 prompt;
  std::uint32_t samples = 0;
  std::uint64_t first_sample = 0;  // among all rows' samples
};

class EmbeddingSignature {
 public:
  // Of the leading stored dimensions: those of more variance, or random ones like all others.
  static constexpr std::size_t kCovarianceDims = 32;
  static constexpr std::uint32_t kMaxSamples = 65535;  // of a prompt

  // Recognises a signature by content. `source` names the bytes in messages.
  static absl::StatusOr<EmbeddingSignature> Parse(std::string_view bytes, std::string_view source);
  static absl::StatusOr<EmbeddingSignature> Read(const std::string& path);
  static bool IsEmbeddingSignature(std::string_view bytes);

  // That of a whole from those of disjoint parts of one model's responses, byte for byte.
  // Errors: kInvalidArgument for no part, different metadata, or a sample that two parts hold; those of CheckComparable.
  static absl::StatusOr<EmbeddingSignature> Merge(std::span<const EmbeddingSignature> parts);

  std::string Serialize() const;
  absl::Status Write(const std::string& path) const;

  const ModelMetadata& metadata() const { return metadata_; }
  void set_metadata(ModelMetadata metadata) { metadata_ = std::move(metadata); }
  const EmbeddingSpace& space() const { return space_; }
  // Of everything but the metadata.
  const Hash128& digest() const { return digest_; }

  // Sorted by prompt key.
  std::span<const EmbeddingRow> rows() const { return rows_; }
  std::optional<std::size_t> Find(const Hash128& prompt) const;
  // Sorted.
  std::span<const std::uint32_t> Samples(std::size_t row) const;
  // The sum of the samples' vectors, in units.
  std::span<const std::int32_t> Sum(std::size_t row) const;
  // The mean of the samples' vectors. Precondition: `out` has `space().dims` elements.
  void Mean(std::size_t row, std::span<double> out) const;

  std::uint64_t responses() const { return samples_.size(); }

  // Of all samples, each weighing the same.
  std::vector<double> TotalMean() const;
  std::size_t covariance_dims() const;
  // Of all samples around their mean, divided by their number; row by row.
  std::vector<double> Covariance() const;

 private:
  friend class EmbeddingSignatureBuilder;

  void AppendRow(const Hash128& prompt, std::span<const std::uint32_t> samples, std::span<const std::int32_t> sum);
  std::string Content(std::string_view section) const;
  void UpdateDigest();

  ModelMetadata metadata_;
  EmbeddingSpace space_;
  Hash128 digest_;
  std::vector<EmbeddingRow> rows_;
  std::vector<std::uint32_t> samples_;
  std::vector<std::int32_t> sums_;
  std::vector<std::int64_t> moments_;  // sums of products of two dimensions, the upper triangle row by row
};

// Collects one model's vectors.
class EmbeddingSignatureBuilder {
 public:
  explicit EmbeddingSignatureBuilder(EmbeddingReducer reducer);

  absl::Status Add(const Hash128& prompt, std::uint32_t sample, std::span<const float> vector);
  absl::Status Add(const Hash128& prompt, std::uint32_t sample, std::span<const double> vector);

  // Errors: kInvalidArgument where nothing was added.
  absl::StatusOr<EmbeddingSignature> Build(ModelMetadata metadata) const;

 private:
  struct Row {
    std::vector<std::uint32_t> samples;  // sorted
    std::vector<std::int32_t> sum;
  };

  template <typename T>
  absl::Status AddAny(const Hash128& prompt, std::uint32_t sample, std::span<const T> vector);

  EmbeddingReducer reducer_;
  std::map<Hash128, Row> rows_;
  std::vector<std::int64_t> moments_;
  std::vector<std::int32_t> units_;  // of the vector that is added
};

}  // namespace stemma

#endif  // STEMMA_EMBEDDING_SIGNATURE_H_
