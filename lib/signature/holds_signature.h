// Whether a file is a signature, an embedding signature, or something that responses are read from.
#ifndef STEMMA_LIB_SIGNATURE_HOLDS_SIGNATURE_H_
#define STEMMA_LIB_SIGNATURE_HOLDS_SIGNATURE_H_

#include <string>

#include "lib/base/mapped_file.h"
#include "stemma/embedding_signature.h"
#include "stemma/signature.h"

namespace stemma::signature {

inline bool HoldsSignature(const std::string& path) {
  if (path == "-") return false;
  const auto file = base::MappedFile::Open(path);
  // What cannot be mapped, such as a pipe, is for the reader of responses to judge.
  return file.ok() && Signature::IsSignature(file->bytes());
}

inline bool HoldsEmbeddingSignature(const std::string& path) {
  if (path == "-") return false;
  const auto file = base::MappedFile::Open(path);
  return file.ok() && EmbeddingSignature::IsEmbeddingSignature(file->bytes());
}

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_HOLDS_SIGNATURE_H_
