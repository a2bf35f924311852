#include "stemma/sign_embeddings.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"

namespace stemma {
namespace {

// Enough to keep the threads busy between two waits for the reader.
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
// Answers that one thread takes at a time.
constexpr std::size_t kAnswersPerTask = 64;

// What is left of an embedder's vector in the dimensions that are kept, may be nothing.
bool HasDirection(std::span<const float> vector, const EmbeddingSpace& space) {
  const std::size_t kept = space.reduction == EmbeddingReduction::kLeading ? space.dims : vector.size();
  return std::ranges::any_of(vector.first(kept), [](float value) { return value != 0; });
}

class EmbeddingSigner {
 public:
  EmbeddingSigner(const Embedder& embedder, EmbeddingReducer reducer, int threads)
      : embedder_(embedder), reducer_(std::move(reducer)), threads_(threads) {}

  absl::Status Add(const Response& response) {
    batch_.push_back({std::string(response.model), response.prompt_key, response.sample, std::string(response.answer)});
    batch_bytes_ += response.answer.size();
    return batch_bytes_ >= kBatchBytes ? Flush() : absl::OkStatus();
  }

  absl::Status Flush() {
    const std::size_t dims = embedder_.dims();
    std::vector<float> vectors(batch_.size() * dims);
    const std::size_t tasks = (batch_.size() + kAnswersPerTask - 1) / kAnswersPerTask;
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(tasks, threads_, [&](std::size_t task) {
      TextEmbedder texts = Take();
      const std::size_t first = task * kAnswersPerTask;
      for (std::size_t k = first; k < std::min(first + kAnswersPerTask, batch_.size()); ++k) {
        texts.Embed(batch_[k].answer, std::span(vectors).subspan(k * dims, dims));
      }
      Return(std::move(texts));
      return absl::OkStatus();
    }));
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

  // What a thread remembered of words waits for the next one.
  TextEmbedder Take() {
    const std::scoped_lock lock(mutex_);
    if (idle_.empty()) return TextEmbedder(embedder_);
    TextEmbedder texts = std::move(idle_.back());
    idle_.pop_back();
    return texts;
  }

  void Return(TextEmbedder texts) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(texts));
  }

  const Embedder& embedder_;
  EmbeddingReducer reducer_;
  int threads_;
  std::mutex mutex_;
  std::vector<TextEmbedder> idle_;
  std::vector<Pending> batch_;
  std::size_t batch_bytes_ = 0;
  std::map<std::string, EmbeddingSignatureBuilder> builders_;
  std::uint64_t left_out_ = 0;
};

}  // namespace

absl::StatusOr<SignedEmbeddings> SignEmbeddings(std::span<const std::string> paths, const Embedder& embedder,
                                                const SignEmbeddingsOptions& options) {
  STEMMA_ASSIGN_OR_RETURN(EmbeddingReducer reducer,
                          EmbeddingReducer::Create(embedder.id(), embedder.dims(), options.embedding));
  EmbeddingSigner signer(embedder, std::move(reducer), options.threads);
  SignedEmbeddings out;
  STEMMA_ASSIGN_OR_RETURN(out.responses, ResponseSet::Read(paths, options.read, [&](const Response& response) {
                            return signer.Add(response);
                          }));
  STEMMA_ASSIGN_OR_RETURN(out.signatures, signer.Finish(options.metadata));
  out.left_out = signer.left_out();
  return out;
}

}  // namespace stemma
