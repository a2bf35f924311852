#include "lib/signature/embedding_space.h"

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"

namespace stemma {

std::string_view ToString(EmbeddingReduction reduction) {
  switch (reduction) {
    case EmbeddingReduction::kLeading:
      return "leading dimensions";
    case EmbeddingReduction::kSigns:
      return "random signs";
  }
  return "unknown";
}

absl::Status CheckComparable(const EmbeddingSpace& a, const EmbeddingSpace& b) {
  if (a.embedder.name != b.embedder.name) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "vectors of different embedders cannot be compared: %s and %s", a.embedder.name, b.embedder.name));
  }
  if (a.embedder.digest != b.embedder.digest) {
    return absl::FailedPreconditionError(
        absl::StrFormat("vectors of different versions of the embedder %s cannot be compared: %s and %s", a.embedder.name,
                        ToHex(a.embedder.digest), ToHex(b.embedder.digest)));
  }
  if (a.input_dims != b.input_dims) {
    return absl::FailedPreconditionError(
        absl::StrFormat("embeddings of %d and of %d dimensions cannot be compared", a.input_dims, b.input_dims));
  }
  if (a.reduction != b.reduction) {
    return absl::FailedPreconditionError(absl::StrFormat("embeddings reduced in different ways cannot be compared: %s and %s",
                                                         ToString(a.reduction), ToString(b.reduction)));
  }
  if (a.dims != b.dims) {
    return absl::FailedPreconditionError(
        absl::StrFormat("embeddings stored in %d and in %d dimensions cannot be compared", a.dims, b.dims));
  }
  if (a.fraction_bits != b.fraction_bits) {
    return absl::FailedPreconditionError(absl::StrFormat("embeddings rounded to %d and to %d bits cannot be compared",
                                                         a.fraction_bits, b.fraction_bits));
  }
  return absl::OkStatus();
}

namespace signature {

std::string SerializeSpace(const EmbeddingSpace& space) {
  std::string out;
  base::AppendU64(out, space.embedder.digest.high);
  base::AppendU64(out, space.embedder.digest.low);
  base::AppendU32(out, static_cast<std::uint32_t>(space.input_dims));
  base::AppendU32(out, static_cast<std::uint32_t>(space.dims));
  base::AppendU32(out, static_cast<std::uint32_t>(space.reduction));
  base::AppendU32(out, space.fraction_bits);
  base::AppendString(out, space.embedder.name);
  return out;
}

absl::StatusOr<EmbeddingSpace> ParseSpace(std::string_view bytes, std::string_view source) {
  base::ByteReader reader(bytes);
  EmbeddingSpace space;
  std::uint32_t input_dims = 0, dims = 0, reduction = 0, fraction_bits = 0;
  const bool whole = reader.ReadU64(space.embedder.digest.high) && reader.ReadU64(space.embedder.digest.low) &&
                     reader.ReadU32(input_dims) && reader.ReadU32(dims) && reader.ReadU32(reduction) &&
                     reader.ReadU32(fraction_bits) && reader.ReadString(space.embedder.name) && reader.done();
  if (!whole || dims < 1 || dims > input_dims || dims > EmbeddingOptions::kMaxDims || input_dims > Embeddings::kMaxDims ||
      fraction_bits < EmbeddingOptions::kMinFractionBits || fraction_bits > EmbeddingOptions::kMaxFractionBits) {
    return absl::DataLossError(absl::StrFormat("%s: the section of the embedding space contradicts itself", source));
  }
  if (reduction != static_cast<std::uint32_t>(EmbeddingReduction::kLeading) &&
      reduction != static_cast<std::uint32_t>(EmbeddingReduction::kSigns)) {
    return absl::UnimplementedError(
        absl::StrFormat("%s: vectors reduced in way %d; this program knows ways 1 and 2", source, reduction));
  }
  space.input_dims = input_dims;
  space.dims = dims;
  space.reduction = static_cast<EmbeddingReduction>(reduction);
  space.fraction_bits = fraction_bits;
  return space;
}

}  // namespace signature
}  // namespace stemma
