// Makes embedding signatures of responses that come one after another, in batches for several threads.
#ifndef STEMMA_LIB_SIGNATURE_EMBEDDING_SIGNER_H_
#define STEMMA_LIB_SIGNATURE_EMBEDDING_SIGNER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/status_macros.h"
#include "lib/signature/batch_embedder.h"
#include "lib/signature/embedding_builders.h"
#include "lib/signature/response_batch.h"
#include "stemma/embedder.h"
#include "stemma/embedding_signature.h"
#include "stemma/metadata.h"
#include "stemma/response.h"

namespace stemma::signature {

class EmbeddingSigner {
 public:
  EmbeddingSigner(const Embedder& embedder, EmbeddingReducer reducer, int threads)
      : embedder_(embedder, threads), builders_(std::move(reducer)) {}

  absl::Status Add(const Response& response) {
    batch_.Add(response);
    return batch_.IsFull() ? Flush() : absl::OkStatus();
  }

  absl::Status Flush() {
    const std::vector<ResponseBatch::Item>& batch = batch_.items();
    STEMMA_ASSIGN_OR_RETURN(const std::vector<float> vectors,
                            embedder_.Embed(batch, [](const ResponseBatch::Item& item) { return std::string_view(item.answer); }));
    const std::size_t dims = builders_.space().input_dims;
    for (std::size_t k = 0; k < batch.size(); ++k) {
      STEMMA_RETURN_IF_ERROR(Keep(batch[k], std::span(vectors).subspan(k * dims, dims)));
    }
    batch_.Clear();
    return absl::OkStatus();
  }

  // Sorted by model; none of models without a response that has a known token.
  absl::StatusOr<std::vector<EmbeddingSignature>> Finish(const MetadataTable& metadata) {
    STEMMA_RETURN_IF_ERROR(Flush());
    return builders_.Build(metadata);
  }

  // Responses without a known token, which have no vector.
  std::uint64_t left_out() const { return left_out_; }

 private:
  // What is left of an embedder's vector in the dimensions that are kept, may be nothing.
  bool HasDirection(std::span<const float> vector) const {
    const EmbeddingSpace& space = builders_.space();
    const std::size_t kept = space.reduction == EmbeddingReduction::kLeading ? space.dims : vector.size();
    return std::ranges::any_of(vector.first(kept), [](float value) { return value != 0; });
  }

  absl::Status Keep(const ResponseBatch::Item& item, std::span<const float> vector) {
    if (!HasDirection(vector)) {
      ++left_out_;
      return absl::OkStatus();
    }
    return builders_.Add(item.model, item.prompt, item.sample, vector);
  }

  BatchEmbedder embedder_;
  EmbeddingBuilders builders_;
  ResponseBatch batch_;
  std::uint64_t left_out_ = 0;
};

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_EMBEDDING_SIGNER_H_
