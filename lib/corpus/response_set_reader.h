// The one pass over all input files, or records in memory, behind `ResponseSet`.
#ifndef STEMMA_LIB_CORPUS_RESPONSE_SET_READER_H_
#define STEMMA_LIB_CORPUS_RESPONSE_SET_READER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/corpus/record_parser.h"
#include "lib/corpus/record_stream.h"
#include "lib/corpus/response_index.h"
#include "lib/text/reasoning.h"
#include "stemma/response_set.h"

namespace stemma {

class ResponseSetReader {
 public:
  // Large enough that a system call costs nothing beside parsing, small enough for the second-level cache.
  static constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

  // Tests choose other sizes of chunk; the result never depends on it.
  ResponseSetReader(const ReadOptions& options, const ResponseSet::Visitor& visit,
                    std::size_t chunk_bytes = kChunkBytes)
      : options_(options), visit_(visit), chunk_bytes_(chunk_bytes) {}

  // One of these is to be called, once.
  absl::StatusOr<ResponseSet> Read(std::span<const std::string> paths);
  absl::StatusOr<ResponseSet> ReadRecords(std::string_view name, const RecordSource& next);

 private:
  absl::Status CheckName() const;
  absl::Status CheckArguments(std::span<const std::string> paths);
  absl::Status ReadFile(const std::string& path);
  absl::Status ReadStream(corpus::RecordStream& stream);
  absl::Status TakeAll(const RecordSource& next);
  absl::StatusOr<ResponseSet> Finish();
  absl::Status ReportProgress(std::uint64_t bytes_of_file) const;

  std::string_view ModelOf(const corpus::ParsedRecord& record) const;
  static Response ToResponse(const corpus::ParsedRecord& record, text::ReasoningSplit& storage);

  // Where a record stands, in words.
  std::string Locate(const std::string& path, std::uint64_t line, std::uint64_t byte) const;
  // Errors: of the visitor. Anything wrong with the record is put into `problem`.
  absl::Status Take(const corpus::ParsedRecord& record, const corpus::Place& place, std::string& problem);
  absl::Status NoteBad(std::uint64_t line, std::uint64_t byte, std::string reason);
  absl::Status CheckUsable() const;

  InputFile& file() { return set_.inputs_.back(); }

  const ReadOptions& options_;
  const ResponseSet::Visitor& visit_;
  std::size_t chunk_bytes_;
  ResponseSet set_;
  corpus::ResponseIndex index_;
  corpus::RecordParser parser_;
  std::string model_of_file_;
  bool in_memory_ = false;
  std::uint64_t total_bytes_ = 0;   // 0 where not known
  std::uint64_t bytes_before_ = 0;  // of the files before this one
};

}  // namespace stemma

#endif  // STEMMA_LIB_CORPUS_RESPONSE_SET_READER_H_
