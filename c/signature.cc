#include "stemma/signature.h"

#include <string>
#include <string_view>
#include <utility>

#include "c/boundary.h"
#include "c/handles.h"

using stemma::c::Guard;
using stemma::c::MakeBytes;
using stemma::c::MakeHandle;
using stemma::c::NotNull;

stemma_status stemma_signature_read(const char* path, stemma_signature** signature) {
  return MakeHandle(signature, "signature", [&]() -> absl::StatusOr<stemma_signature> {
    STEMMA_RETURN_IF_ERROR(NotNull(path, "path"));
    STEMMA_ASSIGN_OR_RETURN(stemma::Signature value, stemma::Signature::Read(path));
    return stemma_signature{std::move(value), {}};
  });
}

stemma_status stemma_signature_parse(const void* bytes, size_t size, stemma_signature** signature) {
  return MakeHandle(signature, "signature", [&]() -> absl::StatusOr<stemma_signature> {
    STEMMA_RETURN_IF_ERROR(NotNull(bytes, "bytes"));
    const std::string_view view(static_cast<const char*>(bytes), size);
    STEMMA_ASSIGN_OR_RETURN(stemma::Signature value, stemma::Signature::Parse(view, "signature in memory"));
    return stemma_signature{std::move(value), {}};
  });
}

stemma_status stemma_signature_write(const stemma_signature* signature, const char* path) {
  return Guard([&]() -> absl::Status {
    STEMMA_RETURN_IF_ERROR(NotNull(signature, "signature"));
    STEMMA_RETURN_IF_ERROR(NotNull(path, "path"));
    return signature->value.Write(path);
  });
}

stemma_status stemma_signature_bytes(const stemma_signature* signature, char** bytes, size_t* size) {
  return MakeBytes(bytes, "bytes", size, [&]() -> absl::StatusOr<std::string> {
    STEMMA_RETURN_IF_ERROR(NotNull(signature, "signature"));
    // Without it nobody could tell where the bytes end.
    STEMMA_RETURN_IF_ERROR(NotNull(size, "size"));
    return signature->value.Serialize();
  });
}

const char* stemma_signature_model(const stemma_signature* signature) {
  return signature == nullptr ? nullptr : signature->value.metadata().model.c_str();
}

void stemma_signature_free(stemma_signature* signature) { delete signature; }
