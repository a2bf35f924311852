#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/embedding_signature.h"

namespace stemma {
namespace {

struct Part {
  const EmbeddingSignature* signature;
  std::size_t row;

  const Hash128& prompt() const { return signature->rows()[row].prompt; }
};

absl::Status CheckParts(const EmbeddingSignature& first, const EmbeddingSignature& other) {
  const std::string& model = first.metadata().model;
  if (other.metadata().model != model) {
    return absl::InvalidArgumentError(absl::StrFormat("parts of different models: %s and %s", model, other.metadata().model));
  }
  if (!(other.metadata() == first.metadata())) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: the parts' metadata differ", model));
  }
  return CheckComparable(first.space(), other.space());
}

}  // namespace

absl::StatusOr<EmbeddingSignature> EmbeddingSignature::Merge(std::span<const EmbeddingSignature> parts) {
  if (parts.empty()) return absl::InvalidArgumentError("merging needs at least one embedding signature, got none");
  EmbeddingSignature merged;
  merged.metadata_ = parts.front().metadata_;
  merged.space_ = parts.front().space_;
  merged.moments_.resize(parts.front().moments_.size(), 0);
  std::vector<Part> rows;
  for (const EmbeddingSignature& part : parts) {
    STEMMA_RETURN_IF_ERROR(CheckParts(parts.front(), part));
    for (std::size_t row = 0; row < part.rows_.size(); ++row) rows.push_back({&part, row});
    for (std::size_t k = 0; k < part.moments_.size(); ++k) merged.moments_[k] += part.moments_[k];
  }
  std::ranges::sort(rows, {}, &Part::prompt);
  for (std::size_t k = 0; k < rows.size();) {
    const Hash128 prompt = rows[k].prompt();
    std::vector<std::uint32_t> samples;
    std::vector<std::int64_t> sum(merged.space_.dims, 0);
    for (; k < rows.size() && rows[k].prompt() == prompt; ++k) {
      const auto& [part, row] = rows[k];
      const auto of_part = part->Samples(row);
      samples.insert(samples.end(), of_part.begin(), of_part.end());
      for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += part->Sum(row)[d];
    }
    std::ranges::sort(samples);
    const auto twice = std::ranges::adjacent_find(samples);
    if (twice != samples.end()) {
      return absl::InvalidArgumentError(absl::StrFormat("%s: sample %d of prompt %s is in two of the parts",
                                                        merged.metadata_.model, *twice, ToHex(prompt)));
    }
    if (samples.size() > kMaxSamples) {
      return absl::InvalidArgumentError(absl::StrFormat("%s: prompt %s has %d samples; allowed are at most %d",
                                                        merged.metadata_.model, ToHex(prompt), samples.size(), kMaxSamples));
    }
    const std::vector<std::int32_t> narrow(sum.begin(), sum.end());
    merged.AppendRow(prompt, samples, narrow);
  }
  merged.UpdateDigest();
  return merged;
}

}  // namespace stemma
