// Embedding signatures of several models whose vectors come in any order.
#ifndef STEMMA_LIB_SIGNATURE_EMBEDDING_BUILDERS_H_
#define STEMMA_LIB_SIGNATURE_EMBEDDING_BUILDERS_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/status_macros.h"
#include "stemma/embedding_signature.h"
#include "stemma/hash.h"
#include "stemma/metadata.h"

namespace stemma::signature {

class EmbeddingBuilders {
 public:
  explicit EmbeddingBuilders(EmbeddingReducer reducer) : reducer_(std::move(reducer)) {}

  const EmbeddingSpace& space() const { return reducer_.space(); }

  // Of float or double.
  template <typename T>
  absl::Status Add(const std::string& model, const Hash128& prompt, std::uint32_t sample, std::span<const T> vector) {
    return builders_.try_emplace(model, reducer_).first->second.Add(prompt, sample, vector);
  }

  // Sorted by model; none where nothing was added.
  absl::StatusOr<std::vector<EmbeddingSignature>> Build(const MetadataTable& metadata) const {
    std::vector<EmbeddingSignature> signatures;
    for (const auto& [model, builder] : builders_) {
      STEMMA_ASSIGN_OR_RETURN(signatures.emplace_back(), builder.Build(metadata.Find(model)));
    }
    return signatures;
  }

 private:
  EmbeddingReducer reducer_;
  std::map<std::string, EmbeddingSignatureBuilder> builders_;
};

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_EMBEDDING_BUILDERS_H_
