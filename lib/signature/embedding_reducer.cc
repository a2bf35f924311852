#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "stemma/embedding_signature.h"

namespace stemma {
namespace {

// Part of the format: the digits of the circle number, 0x3.243F6A8885A308D.
constexpr std::uint64_t kSignSeed = 0x243F6A8885A308D3ULL;

// A stream of draws for each input dimension: fewer stored dimensions are the first of more.
std::vector<double> DrawSigns(std::size_t input_dims, std::size_t dims) {
  std::vector<double> signs;
  signs.reserve(input_dims * dims);
  for (std::size_t input = 0; input < input_dims; ++input) {
    base::Random random(kSignSeed, input);
    std::uint32_t draw = 0;
    for (std::size_t d = 0; d < dims; ++d) {
      draw = d % 32 == 0 ? random.Next32() : draw >> 1;
      signs.push_back((draw & 1U) == 0 ? 1.0 : -1.0);
    }
  }
  return signs;
}

// Plain sums in the order of the dimensions: what they lose is far below a unit.
void AddUnderSigns(std::span<const double> vector, std::span<const double> signs, std::vector<double>& out) {
  for (std::size_t input = 0; input < vector.size(); ++input) {
    const std::span<const double> row = signs.subspan(input * out.size(), out.size());
    for (std::size_t d = 0; d < out.size(); ++d) out[d] += row[d] * vector[input];
  }
}

// Divided by a power of two, which is exact, so that no square is too large or too small.
template <typename T>
std::vector<double> Scaled(std::span<const T> vector) {
  double largest = 0;
  for (const T value : vector) largest = std::max(largest, std::fabs(static_cast<double>(value)));
  std::vector<double> scaled;
  scaled.reserve(vector.size());
  for (const T value : vector) scaled.push_back(std::ldexp(static_cast<double>(value), -std::ilogb(largest)));
  return scaled;
}

bool RoundToUnits(std::span<const double> vector, unsigned fraction_bits, std::vector<std::int32_t>& out) {
  double square = 0;
  for (const double value : vector) square += value * value;
  if (!(square > 0)) return false;
  const double units = static_cast<double>(std::uint64_t{1} << fraction_bits) / std::sqrt(square);
  out.clear();
  for (const double value : vector) out.push_back(static_cast<std::int32_t>(std::lround(value * units)));
  return true;
}

}  // namespace

absl::StatusOr<EmbeddingReducer> EmbeddingReducer::Create(EmbedderId embedder, std::size_t input_dims,
                                                          const EmbeddingOptions& options) {
  if (input_dims < 1 || input_dims > Embeddings::kMaxDims) {
    return absl::InvalidArgumentError(
        absl::StrFormat("an embedder's dimensions must be in [1, %d], got %d", Embeddings::kMaxDims, input_dims));
  }
  if (options.dims < 1 || options.dims > EmbeddingOptions::kMaxDims) {
    return absl::InvalidArgumentError(
        absl::StrFormat("stored dimensions must be in [1, %d], got %d", EmbeddingOptions::kMaxDims, options.dims));
  }
  if (options.fraction_bits < EmbeddingOptions::kMinFractionBits ||
      options.fraction_bits > EmbeddingOptions::kMaxFractionBits) {
    return absl::InvalidArgumentError(absl::StrFormat("fraction bits must be in [%d, %d], got %d",
                                                      EmbeddingOptions::kMinFractionBits,
                                                      EmbeddingOptions::kMaxFractionBits, options.fraction_bits));
  }
  EmbeddingReducer reducer;
  reducer.space_ = {.embedder = std::move(embedder),
                    .input_dims = input_dims,
                    .dims = std::min(input_dims, options.dims),
                    .reduction = options.reduction,
                    .fraction_bits = options.fraction_bits};
  // All of the dimensions, as they are, need no signs: equal vectors then are equal under either reduction.
  if (input_dims <= options.dims) reducer.space_.reduction = EmbeddingReduction::kLeading;
  if (reducer.space_.reduction == EmbeddingReduction::kSigns) {
    reducer.signs_ = std::make_shared<const std::vector<double>>(DrawSigns(input_dims, options.dims));
  }
  return reducer;
}

template <typename T>
absl::Status EmbeddingReducer::ReduceAny(std::span<const T> vector, const std::string& name,
                                         std::vector<std::int32_t>& out) const {
  if (vector.size() != space_.input_dims) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: a vector of %d numbers; those of %s have %d", name,
                                                      vector.size(), space_.embedder.name, space_.input_dims));
  }
  STEMMA_RETURN_IF_ERROR(CheckEmbedding(vector, name));
  std::vector<double> reduced;
  if (signs_ != nullptr) {
    reduced.assign(space_.dims, 0);
    AddUnderSigns(Scaled(vector), *signs_, reduced);
  } else {
    const std::span<const T> leading = vector.first(space_.dims);
    const bool zero = std::ranges::all_of(leading, [](T value) { return value == 0; });
    reduced = zero ? std::vector<double>(space_.dims, 0) : Scaled(leading);
  }
  if (RoundToUnits(reduced, space_.fraction_bits, out)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: nothing is left of the vector in the %d dimensions that are kept (%s)", name, space_.dims,
                      ToString(space_.reduction)));
}

absl::Status EmbeddingReducer::Reduce(std::span<const float> vector, const std::string& name,
                                      std::vector<std::int32_t>& out) const {
  return ReduceAny(vector, name, out);
}

absl::Status EmbeddingReducer::Reduce(std::span<const double> vector, const std::string& name,
                                      std::vector<std::int32_t>& out) const {
  return ReduceAny(vector, name, out);
}

}  // namespace stemma
