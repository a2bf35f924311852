#include "lib/corpus/response_set_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/hash.h"
#include "lib/base/status_macros.h"
#include "lib/corpus/byte_source.h"
#include "lib/corpus/model_name.h"
#include "lib/corpus/record_check.h"
#include "lib/text/white_space.h"

namespace stemma {

namespace {

// As far as a place counts lines.
constexpr std::uint64_t kMaxLine = std::numeric_limits<std::uint32_t>::max();

}  // namespace

using corpus::DisplayName;
using corpus::ParsedRecord;
using corpus::Place;
using corpus::ResponseIndex;

absl::StatusOr<ResponseSet> ResponseSetReader::Read(std::span<const std::string> paths) {
  STEMMA_RETURN_IF_ERROR(CheckArguments(paths));
  for (const std::string& path : paths) STEMMA_RETURN_IF_ERROR(ReadFile(path));
  return Finish();
}

absl::StatusOr<ResponseSet> ResponseSetReader::ReadRecords(std::string_view name, const RecordSource& next) {
  STEMMA_RETURN_IF_ERROR(CheckName());
  in_memory_ = true;
  set_.inputs_.emplace_back().path = std::string(name);
  index_.BeginFile();
  STEMMA_RETURN_IF_ERROR(TakeAll(next));
  if (file().records + file().bad_records > 0) return Finish();
  return absl::InvalidArgumentError(absl::StrFormat("%s: there is no record", name));
}

absl::StatusOr<ResponseSet> ResponseSetReader::Finish() {
  set_.models_ = index_.Finish();
  STEMMA_RETURN_IF_ERROR(CheckUsable());
  return std::move(set_);
}

absl::Status ResponseSetReader::CheckName() const {
  if (corpus::ToUtf8(options_.name) == options_.name) return absl::OkStatus();
  return absl::InvalidArgumentError("the name given to the model is not UTF-8");
}

// All files are looked at before the first is read, so that a mistyped name does not end a long reading.
absl::Status ResponseSetReader::CheckArguments(std::span<const std::string> paths) {
  STEMMA_RETURN_IF_ERROR(CheckName());
  if (paths.empty()) return absl::InvalidArgumentError("no input file; at least one is needed");
  if (std::ranges::count(paths, corpus::kStandardInput) > 1) {
    return absl::InvalidArgumentError("standard input (\"-\") is given twice; it can be read once");
  }
  bool all_known = true;
  for (const std::string& path : paths) {
    STEMMA_ASSIGN_OR_RETURN(const std::uint64_t size, corpus::StoredSize(path));
    all_known = all_known && size > 0;
    total_bytes_ += size;
  }
  if (!all_known) total_bytes_ = 0;
  return absl::OkStatus();
}

absl::Status ResponseSetReader::ReportProgress(std::uint64_t bytes_of_file) const {
  if (!options_.progress || options_.progress({"reading", bytes_before_ + bytes_of_file, total_bytes_})) {
    return absl::OkStatus();
  }
  return absl::CancelledError(absl::StrFormat("stopped while reading %s", DisplayName(set_.inputs_.back().path)));
}

absl::Status ResponseSetReader::ReadFile(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(corpus::ByteSource source, corpus::ByteSource::Open(path, chunk_bytes_));
  InputFile& input = set_.inputs_.emplace_back();
  input.path = path;
  input.compression = source.compression();
  model_of_file_ = corpus::ModelNameOf(path);
  index_.BeginFile();
  corpus::RecordStream stream(source, std::string(DisplayName(path)),
                              {.max_record_bytes = options_.max_record_bytes,
                               .chunk_bytes = chunk_bytes_,
                               .after_chunk = [&] { return ReportProgress(source.stored_bytes()); }});
  STEMMA_RETURN_IF_ERROR(ReadStream(stream));
  input.bytes = source.stored_bytes();
  input.decompressed_bytes = stream.decompressed_bytes();
  input.digest = source.digest();
  bytes_before_ += input.bytes;
  if (input.records + input.bad_records > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s: %s", DisplayName(path),
                                                    input.decompressed_bytes == 0 ? "the file is empty"
                                                    : stream.is_array()           ? "the array has no element"
                                                                                  : "nothing but white space"));
}

absl::Status ResponseSetReader::ReadStream(corpus::RecordStream& stream) {
  corpus::Record record;
  ParsedRecord parsed;
  while (true) {
    STEMMA_ASSIGN_OR_RETURN(const bool more, stream.Next(record));
    if (!more) return absl::OkStatus();
    if (!record.problem.empty()) {
      STEMMA_RETURN_IF_ERROR(NoteBad(record.line, record.byte, std::move(record.problem)));
      continue;
    }
    if (auto problem = parser_.Parse(record.text, parsed)) {
      const std::string_view before = record.text.substr(0, problem->at);
      const bool cut_off = !stream.is_array() && problem->at == record.text.size();
      if (cut_off) problem->reason += "; a record of JSON Lines must stand on one line";
      STEMMA_RETURN_IF_ERROR(NoteBad(record.line + static_cast<std::uint64_t>(std::ranges::count(before, '\n')),
                                     record.byte + problem->at, std::move(problem->reason)));
      continue;
    }
    const Place place{static_cast<std::uint32_t>(set_.inputs_.size() - 1),
                      static_cast<std::uint32_t>(std::min(record.line, kMaxLine)), record.byte};
    std::string problem;
    STEMMA_RETURN_IF_ERROR(Take(parsed, place, problem));
    if (!problem.empty()) STEMMA_RETURN_IF_ERROR(NoteBad(record.line, record.byte, std::move(problem)));
  }
}

absl::Status ResponseSetReader::TakeAll(const RecordSource& next) {
  corpus::RecordDigest digest;
  std::uint64_t reported = 0;
  for (std::uint64_t number = 1;; ++number) {
    ParsedRecord record;
    record.format = InputFormat::kMemory;
    STEMMA_ASSIGN_OR_RETURN(const bool more, next(record));
    if (!more) break;
    file().bytes += digest.Add(record);
    std::string problem = corpus::FindRecordProblem(record);
    if (problem.empty()) {
      const Place place{0, static_cast<std::uint32_t>(std::min(number, kMaxLine)), 0};
      STEMMA_RETURN_IF_ERROR(Take(record, place, problem));
    }
    if (!problem.empty()) STEMMA_RETURN_IF_ERROR(NoteBad(number, 0, std::move(problem)));
    if (file().bytes - reported < chunk_bytes_) continue;
    reported = file().bytes;
    STEMMA_RETURN_IF_ERROR(ReportProgress(reported));
  }
  file().decompressed_bytes = file().bytes;
  file().digest = digest.Finish();
  return ReportProgress(file().bytes);
}

std::string_view ResponseSetReader::ModelOf(const ParsedRecord& record) const {
  if (!options_.name.empty()) return options_.name;
  return record.model.empty() || options_.name_by_file ? std::string_view(model_of_file_) : record.model;
}

// `storage` holds what views of the response may point into.
Response ResponseSetReader::ToResponse(const ParsedRecord& record, text::ReasoningSplit& storage) {
  Response response;
  response.prompt = record.prompt;
  const bool has_text = !text::StripWhiteSpace(record.prompt).empty();
  response.prompt_key = has_text ? PromptKey(record.prompt) : PromptIdKey(record.prompt_id);
  response.system = record.system;
  response.language = record.language;
  response.answer = text::StripWhiteSpace(record.response);
  response.reasoning = text::StripWhiteSpace(record.reasoning);
  auto split = text::SplitReasoning(response.answer);
  if (!split) return response;
  storage.answer = std::move(split->answer);
  storage.reasoning = std::string(response.reasoning);
  if (!storage.reasoning.empty() && !split->reasoning.empty()) storage.reasoning += "\n\n";
  storage.reasoning += split->reasoning;
  response.answer = storage.answer;
  response.reasoning = storage.reasoning;
  return response;
}

absl::Status ResponseSetReader::Take(const ParsedRecord& record, const Place& place, std::string& problem) {
  const std::string_view model_name = ModelOf(record);
  if (model_name.empty()) {
    problem = absl::StrFormat("no `model` in the record, and %s has no name to take instead: give one",
                              DisplayName(set_.inputs_.back().path));
    return absl::OkStatus();
  }
  text::ReasoningSplit storage;
  Response response = ToResponse(record, storage);
  const std::uint32_t model = index_.ModelId(model_name);
  response.model = index_.ModelName(model);
  // Records that state their sample are counted too, so that a number means the same with and without the field.
  response.sample = record.sample.value_or(index_.CountOccurrence(model, response.prompt_key));

  const bool has_text = !text::StripWhiteSpace(record.prompt).empty();
  const std::string_view id_beside_text = has_text ? record.prompt_id : std::string_view();
  Place earlier;
  const auto outcome = index_.Add(model, response.prompt_key, id_beside_text, base::Hash64(response.answer), place,
                                  response.sample, earlier);
  if (outcome == ResponseIndex::Outcome::kConflict) {
    problem = absl::StrFormat(
        "another answer of model `%s` to the same prompt as sample %d stands at %s; tell samples apart by `sample`",
        model_name, response.sample, Locate(set_.inputs_[earlier.file].path, earlier.line, earlier.byte));
    return absl::OkStatus();
  }
  InputFile& input = file();
  if (input.records++ == 0) input.format = record.format;
  if (input.format != record.format) input.format = InputFormat::kMixed;

  ModelSummary& summary = index_.Summary(model);
  if (outcome == ResponseIndex::Outcome::kDuplicate) {
    ++summary.duplicates_dropped;
    return absl::OkStatus();
  }
  summary.with_reasoning += response.reasoning.empty() ? 0 : 1;
  if (response.answer.empty()) {
    ++summary.empty_answers;
    return absl::OkStatus();
  }
  return visit_ ? visit_(response) : absl::OkStatus();
}

std::string ResponseSetReader::Locate(const std::string& path, std::uint64_t line, std::uint64_t byte) const {
  if (in_memory_) return absl::StrFormat("record %d of %s", line, path);
  return absl::StrFormat("%s:%d: byte %d", DisplayName(path), line, byte);
}

absl::Status ResponseSetReader::NoteBad(std::uint64_t line, std::uint64_t byte, std::string reason) {
  InputFile& input = file();
  if (!options_.skip_bad) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: %s", Locate(input.path, line, byte), reason));
  }
  ++input.bad_records;
  if (set_.bad_records_.size() < ResponseSet::kMaxBadRecords) {
    set_.bad_records_.push_back({input.path, line, byte, std::move(reason)});
  }
  return absl::OkStatus();
}

absl::Status ResponseSetReader::CheckUsable() const {
  if (set_.responses() > 0) return absl::OkStatus();
  std::uint64_t empty = 0;
  for (const ModelSummary& model : set_.models_) empty += model.empty_answers;
  std::string message = absl::StrFormat("no usable response in %d file(s): %d empty answer(s), %d malformed record(s)",
                                        set_.inputs_.size(), empty, set_.bad_record_count());
  if (!set_.bad_records_.empty()) {
    const BadRecord& first = set_.bad_records_.front();
    message += absl::StrFormat("; the first: %s: %s", Locate(first.file, first.line, first.byte), first.reason);
  }
  return absl::InvalidArgumentError(message);
}

}  // namespace stemma
