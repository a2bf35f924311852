// Embedding signatures from stored responses, by the built-in embedder.
//
// The embedder's dimensions are ordered by variance, so that the first ones are kept (`EmbeddingReduction::kLeading`).
// Errors: those of reading (ResponseSet) and of EmbeddingReducer; kInvalidArgument where no response has a known token.
// Determinism: the same signatures for any number of threads and order of responses.
// Complexity: one pass; answers wait in batches of a few megabytes. Memory grows by what the signatures hold, some 500
// bytes a model and prompt in 64 dimensions, not with texts or vectors.
#ifndef STEMMA_SIGN_EMBEDDINGS_H_
#define STEMMA_SIGN_EMBEDDINGS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/embedder.h"
#include "stemma/embedding_signature.h"
#include "stemma/metadata.h"
#include "stemma/response_set.h"

namespace stemma {

struct SignEmbeddingsOptions {
  ReadOptions read;
  MetadataTable metadata;
  EmbeddingOptions embedding = {.reduction = EmbeddingReduction::kLeading};
  int threads = 0;  // 0: as many as the machine has
};

struct SignedEmbeddings {
  ResponseSet responses;
  std::vector<EmbeddingSignature> signatures;  // sorted by model
  std::uint64_t left_out = 0;                  // responses without a known token, which have no vector
};

// One signature a model, over all files.
absl::StatusOr<SignedEmbeddings> SignEmbeddings(std::span<const std::string> paths, const Embedder& embedder,
                                                const SignEmbeddingsOptions& options);

// The same of records in memory.
absl::StatusOr<SignedEmbeddings> SignEmbeddings(std::string_view name, const RecordSource& next, const Embedder& embedder,
                                                const SignEmbeddingsOptions& options);

}  // namespace stemma

#endif  // STEMMA_SIGN_EMBEDDINGS_H_
