#include "stemma/sign.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "c/boundary.h"
#include "c/handles.h"
#include "c/options.h"
#include "c/response_lines.h"

namespace stemma::c {
namespace {

constexpr char kResponses[] = "responses";  // what messages call responses in memory

absl::StatusOr<stemma_sign_options> ReadSignOptions(const stemma_sign_options* given) {
  constexpr std::size_t kFirstSize = offsetof(stemma_sign_options, threads) + sizeof(stemma_sign_options::threads);
  STEMMA_ASSIGN_OR_RETURN(const stemma_sign_options options, ReadOptions(given, kFirstSize, "stemma_sign_options"));
  if (options.metadata_count > 0) STEMMA_RETURN_IF_ERROR(NotNull(options.metadata_paths, "options->metadata_paths"));
  for (std::size_t k = 0; k < options.metadata_count; ++k) {
    STEMMA_RETURN_IF_ERROR(NotNull(options.metadata_paths[k], absl::StrFormat("options->metadata_paths[%d]", k)));
  }
  return options;
}

Progress ToProgress(const stemma_sign_options& options) {
  if (options.progress == nullptr) return {};
  return [call = options.progress, context = options.progress_context](const ProgressEvent& event) {
    const std::string stage(event.stage);
    return call(context, stage.c_str(), event.done, event.total) == 0;
  };
}

absl::StatusOr<SignOptions> ToSignOptions(const stemma_sign_options& options) {
  SignOptions out;
  if (options.model != nullptr) out.read.name = options.model;
  out.read.skip_bad = options.skip_bad != 0;
  if (options.max_record_bytes != 0) out.read.max_record_bytes = options.max_record_bytes;
  out.read.progress = ToProgress(options);
  out.threads = options.threads;
  for (std::size_t k = 0; k < options.metadata_count; ++k) {
    STEMMA_RETURN_IF_ERROR(out.metadata.AddFile(options.metadata_paths[k]));
  }
  return out;
}

absl::StatusOr<stemma_signature> Sign(const stemma_vocabulary& vocabulary, const std::string& path,
                                      const stemma_sign_options& options) {
  STEMMA_ASSIGN_OR_RETURN(const SignOptions sign_options, ToSignOptions(options));
  STEMMA_ASSIGN_OR_RETURN(SignedInputs inputs, SignResponses({&path, 1}, vocabulary.value, sign_options));
  if (inputs.signatures.size() != 1) {
    std::string names;
    for (const Signature& signature : inputs.signatures) names += " " + signature.metadata().model;
    return absl::InvalidArgumentError(
        absl::StrFormat("%s must hold the responses of one model, got %d:%s", path, inputs.signatures.size(), names));
  }
  return stemma_signature{std::move(inputs.signatures.front()), std::move(inputs.responses)};
}

absl::StatusOr<stemma_signature> SignInMemory(const stemma_vocabulary& vocabulary,
                                              std::span<const stemma_response> responses,
                                              const stemma_sign_options& options) {
  if (options.model == nullptr || *options.model == '\0') {
    return absl::InvalidArgumentError("options->model must name the model whose responses are in memory");
  }
  if (responses.empty()) return absl::InvalidArgumentError("count must be at least 1, got 0");
  STEMMA_ASSIGN_OR_RETURN(const MemoryFile lines, WriteLines(responses, kResponses));
  absl::StatusOr<stemma_signature> signature = Sign(vocabulary, lines.path(), options);
  if (signature.ok()) return signature;
  return absl::Status(signature.status().code(),
                      absl::StrReplaceAll(signature.status().message(), {{lines.path(), kResponses}}));
}

}  // namespace
}  // namespace stemma::c

using stemma::c::MakeHandle;
using stemma::c::NotNull;

stemma_status stemma_sign_file(const stemma_vocabulary* vocabulary, const char* path,
                               const stemma_sign_options* options, stemma_signature** signature) {
  return MakeHandle(signature, "signature", [&]() -> absl::StatusOr<stemma_signature> {
    STEMMA_RETURN_IF_ERROR(NotNull(vocabulary, "vocabulary"));
    STEMMA_RETURN_IF_ERROR(NotNull(path, "path"));
    STEMMA_ASSIGN_OR_RETURN(const stemma_sign_options known, stemma::c::ReadSignOptions(options));
    return stemma::c::Sign(*vocabulary, path, known);
  });
}

stemma_status stemma_sign_responses(const stemma_vocabulary* vocabulary, const stemma_response* responses, size_t count,
                                    const stemma_sign_options* options, stemma_signature** signature) {
  return MakeHandle(signature, "signature", [&]() -> absl::StatusOr<stemma_signature> {
    STEMMA_RETURN_IF_ERROR(NotNull(vocabulary, "vocabulary"));
    STEMMA_RETURN_IF_ERROR(NotNull(responses, "responses"));
    STEMMA_ASSIGN_OR_RETURN(const stemma_sign_options known, stemma::c::ReadSignOptions(options));
    return stemma::c::SignInMemory(*vocabulary, {responses, count}, known);
  });
}
