#include "stemma/sign.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/pool.h"
#include "lib/base/status_macros.h"
#include "lib/signature/embedding_signer.h"
#include "lib/signature/holds_signature.h"
#include "lib/signature/response_batch.h"

namespace stemma {
namespace {

// Answers that one thread takes at a time.
constexpr std::size_t kAnswersPerTask = 32;

class Signer {
 public:
  Signer(const Vocabulary& vocabulary, int threads)
      : vocabulary_(vocabulary),
        threads_(threads),
        analyzers_([&vocabulary] { return std::make_unique<AnswerAnalyzer>(vocabulary); }) {}

  absl::Status Add(const Response& response) {
    batch_.Add(response);
    return batch_.IsFull() ? Flush() : absl::OkStatus();
  }

  absl::Status Flush() {
    const std::vector<signature::ResponseBatch::Item>& batch = batch_.items();
    std::vector<AnswerFeatures> features(batch.size());
    const std::size_t tasks = (batch.size() + kAnswersPerTask - 1) / kAnswersPerTask;
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(tasks, threads_, [&](std::size_t task) {
      std::unique_ptr<AnswerAnalyzer> analyzer = analyzers_.Take();
      const std::size_t first = task * kAnswersPerTask;
      for (std::size_t k = first; k < std::min(first + kAnswersPerTask, batch.size()); ++k) {
        features[k] = analyzer->Analyze(batch[k].prompt, batch[k].sample, batch[k].answer);
      }
      analyzers_.Return(std::move(analyzer));
      return absl::OkStatus();
    }));
    for (std::size_t k = 0; k < batch.size(); ++k) {
      const auto builder = builders_.try_emplace(batch[k].model, vocabulary_).first;
      STEMMA_RETURN_IF_ERROR(builder->second.Add(std::move(features[k])));
    }
    batch_.Clear();
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Signature>> Finish(const MetadataTable& metadata) {
    STEMMA_RETURN_IF_ERROR(Flush());
    const std::vector<std::pair<const std::string&, const SignatureBuilder&>> builders(builders_.begin(), builders_.end());
    std::vector<Signature> signatures(builders.size());
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(builders.size(), threads_, [&](std::size_t k) {
      STEMMA_ASSIGN_OR_RETURN(signatures[k], builders[k].second.Build(metadata.Find(builders[k].first)));
      return absl::OkStatus();
    }));
    return signatures;
  }

 private:
  const Vocabulary& vocabulary_;
  int threads_;
  base::Pool<AnswerAnalyzer> analyzers_;  // what they remember of tokens is worth keeping
  signature::ResponseBatch batch_;
  std::map<std::string, SignatureBuilder> builders_;
};

// Null where no embeddings are asked for.
absl::StatusOr<std::unique_ptr<signature::EmbeddingSigner>> MakeEmbeddingSigner(const SignOptions& options) {
  if (!options.embed) return nullptr;
  const auto& [embedder, embedding] = *options.embed;
  STEMMA_ASSIGN_OR_RETURN(EmbeddingReducer reducer, EmbeddingReducer::Create(embedder.id(), embedder.dims(), embedding));
  return std::make_unique<signature::EmbeddingSigner>(embedder, std::move(reducer), options.threads);
}

// `read` hands all responses to the visitor.
template <typename Read>
absl::StatusOr<SignedInputs> SignAll(const Vocabulary& vocabulary, const SignOptions& options, const Read& read) {
  SignedInputs out;
  Signer signer(vocabulary, options.threads);
  STEMMA_ASSIGN_OR_RETURN(const std::unique_ptr<signature::EmbeddingSigner> embedding_signer, MakeEmbeddingSigner(options));
  STEMMA_ASSIGN_OR_RETURN(out.responses, read([&](const Response& response) {
                            if (embedding_signer != nullptr) STEMMA_RETURN_IF_ERROR(embedding_signer->Add(response));
                            return signer.Add(response);
                          }));
  STEMMA_ASSIGN_OR_RETURN(out.signatures, signer.Finish(options.metadata));
  if (embedding_signer != nullptr) {
    STEMMA_ASSIGN_OR_RETURN(out.embeddings, embedding_signer->Finish(options.metadata));
  }
  return out;
}

absl::Status AddSignatures(SignedInputs& inputs, std::vector<Signature> signatures) {
  for (Signature& signature : signatures) inputs.signatures.push_back(std::move(signature));
  const auto name = [](const Signature& signature) { return std::string_view(signature.metadata().model); };
  std::ranges::sort(inputs.signatures, {}, name);
  const auto twice = std::ranges::adjacent_find(inputs.signatures, {}, name);
  if (twice == inputs.signatures.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("model %s comes from two of the inputs", name(*twice)));
}

}  // namespace

absl::StatusOr<SignedInputs> SignResponses(std::span<const std::string> paths, const Vocabulary& vocabulary,
                                           const SignOptions& options) {
  return SignAll(vocabulary, options, [&](const ResponseSet::Visitor& visit) {
    return ResponseSet::Read(paths, options.read, visit);
  });
}

absl::StatusOr<SignedInputs> SignRecords(std::string_view name, const RecordSource& next, const Vocabulary& vocabulary,
                                         const SignOptions& options) {
  return SignAll(vocabulary, options, [&](const ResponseSet::Visitor& visit) {
    return ResponseSet::ReadRecords(name, next, options.read, visit);
  });
}

absl::StatusOr<SignedInputs> ReadOrSign(std::span<const std::string> paths, const Vocabulary& vocabulary,
                                        const SignOptions& options) {
  std::vector<std::string> response_paths;
  std::vector<Signature> signatures;
  for (const std::string& path : paths) {
    if (!signature::HoldsSignature(path)) {
      response_paths.push_back(path);
      continue;
    }
    STEMMA_ASSIGN_OR_RETURN(Signature signature, Signature::Read(path));
    const std::string& model = signature.metadata().model;
    if (options.metadata.Contains(model)) signature.set_metadata(options.metadata.Find(model));
    signatures.push_back(std::move(signature));
  }
  SignedInputs out;
  if (!response_paths.empty()) {
    STEMMA_ASSIGN_OR_RETURN(out, SignResponses(response_paths, vocabulary, options));
  }
  STEMMA_RETURN_IF_ERROR(AddSignatures(out, std::move(signatures)));
  return out;
}

}  // namespace stemma
