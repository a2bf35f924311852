#include "c/response_lines.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/corpus/model_name.h"

namespace stemma::c {
namespace {

constexpr std::size_t kFlushBytes = std::size_t{1} << 20;

absl::Status AddText(nlohmann::json& record, const char* field, const char* text, std::size_t index) {
  if (text == nullptr) {
    return absl::InvalidArgumentError(absl::StrFormat("responses[%d].%s must not be NULL", index, field));
  }
  if (corpus::ToUtf8(text) != text) {
    return absl::InvalidArgumentError(absl::StrFormat("responses[%d].%s is not UTF-8", index, field));
  }
  record[field] = text;
  return absl::OkStatus();
}

absl::StatusOr<std::string> LineOf(const stemma_response& response, std::size_t index) {
  nlohmann::json record;
  STEMMA_RETURN_IF_ERROR(AddText(record, "prompt", response.prompt, index));
  STEMMA_RETURN_IF_ERROR(AddText(record, "response", response.response, index));
  if (response.reasoning != nullptr) STEMMA_RETURN_IF_ERROR(AddText(record, "reasoning", response.reasoning, index));
  if (response.sample < -1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("responses[%d].sample must be -1 or a number from 0, got %d", index, response.sample));
  }
  if (response.sample >= 0) record["sample"] = response.sample;
  return record.dump() + '\n';
}

}  // namespace

absl::StatusOr<MemoryFile> WriteLines(std::span<const stemma_response> responses, const char* name) {
  STEMMA_ASSIGN_OR_RETURN(MemoryFile file, MemoryFile::Create(name));
  std::string pending;
  for (std::size_t k = 0; k < responses.size(); ++k) {
    STEMMA_ASSIGN_OR_RETURN(const std::string line, LineOf(responses[k], k));
    pending += line;
    if (pending.size() < kFlushBytes) continue;
    STEMMA_RETURN_IF_ERROR(file.Append(pending));
    pending.clear();
  }
  STEMMA_RETURN_IF_ERROR(file.Append(pending));
  return file;
}

}  // namespace stemma::c
