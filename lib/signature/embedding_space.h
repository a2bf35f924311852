// An embedding space as it stands in files: which vectors may be compared.
#ifndef STEMMA_LIB_SIGNATURE_EMBEDDING_SPACE_H_
#define STEMMA_LIB_SIGNATURE_EMBEDDING_SPACE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "stemma/embedding_signature.h"

namespace stemma::signature {

std::string SerializeSpace(const EmbeddingSpace& space);

// Errors: kDataLoss for bytes that contradict themselves, kUnimplemented for a reduction of later versions.
absl::StatusOr<EmbeddingSpace> ParseSpace(std::string_view bytes, std::string_view source);

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_EMBEDDING_SPACE_H_
