#include "stemma/response_set.h"

#include <algorithm>

#include "lib/corpus/response_set_reader.h"

namespace stemma {

std::string_view ToString(InputFormat format) {
  switch (format) {
    case InputFormat::kJsonLines:
      return "JSON Lines";
    case InputFormat::kAlpacaEval:
      return "AlpacaEval";
    case InputFormat::kChat:
      return "chat";
    case InputFormat::kMemory:
      return "memory";
    case InputFormat::kMixed:
      break;
  }
  return "mixed";
}

std::string_view ToString(InputCompression compression) {
  switch (compression) {
    case InputCompression::kGzip:
      return "gzip";
    case InputCompression::kZstd:
      return "zstd";
    case InputCompression::kNone:
      break;
  }
  return "none";
}

absl::StatusOr<ResponseSet> ResponseSet::Read(std::span<const std::string> paths, const ReadOptions& options,
                                              const Visitor& visit) {
  return ResponseSetReader(options, visit).Read(paths);
}

absl::StatusOr<ResponseSet> ResponseSet::ReadRecords(std::string_view name, const RecordSource& next,
                                                     const ReadOptions& options, const Visitor& visit) {
  return ResponseSetReader(options, visit).ReadRecords(name, next);
}

const ModelSummary* ResponseSet::FindModel(std::string_view name) const {
  const auto found = std::ranges::lower_bound(models_, name, {}, &ModelSummary::model);
  return found != models_.end() && found->model == name ? &*found : nullptr;
}

std::uint64_t ResponseSet::bad_record_count() const {
  std::uint64_t count = 0;
  for (const InputFile& input : inputs_) count += input.bad_records;
  return count;
}

std::uint64_t ResponseSet::responses() const {
  std::uint64_t count = 0;
  for (const ModelSummary& model : models_) count += model.responses;
  return count;
}

}  // namespace stemma
