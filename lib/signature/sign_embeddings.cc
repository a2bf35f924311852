#include "stemma/sign_embeddings.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/signature/batch_embedder.h"

namespace stemma {
namespace {

// What is left of an embedder's vector in the dimensions that are kept, may be nothing.
bool HasDirection(std::span<const float> vector, const EmbeddingSpace& space) {
  const std::size_t kept = space.reduction == EmbeddingReduction::kLeading ? space.dims : vector.size();
  return std::ranges::any_of(vector.first(kept), [](float value) { return value != 0; });
}

class EmbeddingSigner {
 public:
  EmbeddingSigner(const Embedder& embedder, EmbeddingReducer reducer, int threads)
      : embedder_(embedder, threads), reducer_(std::move(reducer)) {}

  absl::Status Add(const Response& response) {
    batch_.push_back({std::string(response.model), response.prompt_key, response.sample, std::string(response.answer)});
    batch_bytes_ += response.answer.size();
    return batch_bytes_ >= signature::BatchEmbedder::kBatchBytes ? Flush() : absl::OkStatus();
  }

  absl::Status Flush() {
    STEMMA_ASSIGN_OR_RETURN(const std::vector<float> vectors,
                            embedder_.Embed(batch_, [](const Pending& pending) { return std::string_view(pending.answer); }));
    const std::size_t dims = reducer_.space().input_dims;
    for (std::size_t k = 0; k < batch_.size(); ++k) {
      STEMMA_RETURN_IF_ERROR(Keep(batch_[k], std::span(vectors).subspan(k * dims, dims)));
    }
    batch_.clear();
    batch_bytes_ = 0;
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<EmbeddingSignature>> Finish(const MetadataTable& metadata) {
    STEMMA_RETURN_IF_ERROR(Flush());
    if (builders_.empty()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("none of %d responses has a token that the embedder knows", left_out_));
    }
    std::vector<EmbeddingSignature> signatures;
    for (const auto& [model, builder] : builders_) {
      STEMMA_ASSIGN_OR_RETURN(EmbeddingSignature signature, builder.Build(metadata.Find(model)));
      signatures.push_back(std::move(signature));
    }
    return signatures;
  }

  std::uint64_t left_out() const { return left_out_; }

 private:
  struct Pending {
    std::string model;
    Hash128 prompt;
    std::uint32_t sample;
    std::string answer;
  };

  absl::Status Keep(const Pending& pending, std::span<const float> vector) {
    if (!HasDirection(vector, reducer_.space())) {
      ++left_out_;
      return absl::OkStatus();
    }
    return builders_.try_emplace(pending.model, reducer_).first->second.Add(pending.prompt, pending.sample, vector);
  }

  signature::BatchEmbedder embedder_;
  EmbeddingReducer reducer_;
  std::vector<Pending> batch_;
  std::size_t batch_bytes_ = 0;
  std::map<std::string, EmbeddingSignatureBuilder> builders_;
  std::uint64_t left_out_ = 0;
};

// `read` hands all responses to the visitor.
template <typename Read>
absl::StatusOr<SignedEmbeddings> SignAll(const Embedder& embedder, const SignEmbeddingsOptions& options, const Read& read) {
  STEMMA_ASSIGN_OR_RETURN(EmbeddingReducer reducer,
                          EmbeddingReducer::Create(embedder.id(), embedder.dims(), options.embedding));
  EmbeddingSigner signer(embedder, std::move(reducer), options.threads);
  SignedEmbeddings out;
  STEMMA_ASSIGN_OR_RETURN(out.responses, read([&](const Response& response) { return signer.Add(response); }));
  STEMMA_ASSIGN_OR_RETURN(out.signatures, signer.Finish(options.metadata));
  out.left_out = signer.left_out();
  return out;
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
