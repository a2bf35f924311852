#include "stemma/sign_embeddings.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/signature/embedding_signer.h"

namespace stemma {
namespace {

// `read` hands all responses to the visitor.
template <typename Read>
absl::StatusOr<SignedEmbeddings> SignAll(const Embedder& embedder, const SignEmbeddingsOptions& options, const Read& read) {
  STEMMA_ASSIGN_OR_RETURN(EmbeddingReducer reducer,
                          EmbeddingReducer::Create(embedder.id(), embedder.dims(), options.embedding));
  signature::EmbeddingSigner signer(embedder, std::move(reducer), options.threads);
  SignedEmbeddings out;
  STEMMA_ASSIGN_OR_RETURN(out.responses, read([&](const Response& response) { return signer.Add(response); }));
  STEMMA_ASSIGN_OR_RETURN(out.signatures, signer.Finish(options.metadata));
  out.left_out = signer.left_out();
  if (!out.signatures.empty()) return out;
  return absl::InvalidArgumentError(
      absl::StrFormat("none of %d responses has a token that the embedder knows", out.left_out));
}

}  // namespace

absl::StatusOr<SignedEmbeddings> SignEmbeddings(std::span<const std::string> paths, const Embedder& embedder,
                                                const SignEmbeddingsOptions& options) {
  return SignAll(embedder, options, [&](const ResponseSet::Visitor& visit) {
    return ResponseSet::Read(paths, options.read, visit);
  });
}

absl::StatusOr<SignedEmbeddings> SignEmbeddings(std::string_view name, const RecordSource& next, const Embedder& embedder,
                                                const SignEmbeddingsOptions& options) {
  return SignAll(embedder, options, [&](const ResponseSet::Visitor& visit) {
    return ResponseSet::ReadRecords(name, next, options.read, visit);
  });
}

}  // namespace stemma
