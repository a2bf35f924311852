// Signatures from stored responses, and from files that hold either.
//
// Errors: those of reading (ResponseSet) and of signature files.
// Determinism: the same signatures for any number of threads.
// Complexity: one pass; answers wait in batches of a few megabytes for the threads that fingerprint them.
#ifndef STEMMA_SIGN_H_
#define STEMMA_SIGN_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/embedder.h"
#include "stemma/embedding_signature.h"
#include "stemma/metadata.h"
#include "stemma/response_set.h"
#include "stemma/signature.h"
#include "stemma/vocabulary.h"

namespace stemma {

// Embedding signatures beside the others, of the same pass over the responses.
struct EmbedOptions {
  Embedder embedder;
  EmbeddingOptions embedding = {.reduction = EmbeddingReduction::kLeading};
};

struct SignOptions {
  ReadOptions read;
  MetadataTable metadata;
  std::optional<EmbedOptions> embed;
  int threads = 0;  // 0: as many as the machine has
};

struct SignedInputs {
  ResponseSet responses;              // what was read of files that hold responses
  std::vector<Signature> signatures;  // sorted by model
  std::vector<EmbeddingSignature> embeddings;  // of responses, where they were asked for; sorted by model
};

// One signature a model, over all files.
absl::StatusOr<SignedInputs> SignResponses(std::span<const std::string> paths, const Vocabulary& vocabulary,
                                           const SignOptions& options);

// The same of records in memory.
absl::StatusOr<SignedInputs> SignRecords(std::string_view name, const RecordSource& next, const Vocabulary& vocabulary,
                                         const SignOptions& options);

// Signature files are read, others are taken for responses and signed.
absl::StatusOr<SignedInputs> ReadOrSign(std::span<const std::string> paths, const Vocabulary& vocabulary,
                                        const SignOptions& options);

}  // namespace stemma

#endif  // STEMMA_SIGN_H_
