// Bytes to records: the lines of JSON Lines, or the elements of one JSON array.
//
// Shape: an array where the first byte that is not white space is '[', else lines. A byte order mark is passed over.
// Complexity: each byte is looked at once; memory holds one record and one chunk.
#ifndef STEMMA_LIB_CORPUS_RECORD_STREAM_H_
#define STEMMA_LIB_CORPUS_RECORD_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/corpus/byte_source.h"

namespace stemma::corpus {

// Readable bytes that follow a record's text: what the JSON parser may look at.
inline constexpr std::size_t kRecordPadding = 64;

// Valid until the next call of `Next`.
struct Record {
  std::string_view text;
  std::uint64_t line = 1;
  std::uint64_t byte = 0;
  std::string problem;  // not empty: what is wrong with the frame here; `text` is empty then
};

struct RecordStreamOptions {
  std::size_t max_record_bytes = 0;
  std::size_t chunk_bytes = 0;
  std::function<absl::Status()> after_chunk;  // its error ends the reading
};

class RecordStream {
 public:
  // `source` must outlive the stream; `name` stands in messages.
  RecordStream(ByteSource& source, std::string name, RecordStreamOptions options);

  // Returns false at the end. After a record with a problem, the stream goes on where it can.
  // Errors: of the source; kResourceExhausted (record too long); kInvalidArgument (a format that is not text).
  absl::StatusOr<bool> Next(Record& record);

  bool is_array() const { return frame_ == Frame::kArray; }
  std::uint64_t decompressed_bytes() const { return offset_ + available(); }

 private:
  enum class Frame { kUnknown, kLines, kArray };
  enum class Expect { kFirst, kElement, kComma, kNothing };  // in an array; kFirst: an element or the end

  std::size_t available() const { return end_ - begin_; }
  char at(std::size_t k) const { return buffer_[begin_ + k]; }
  std::string_view View(std::size_t from, std::size_t to) const { return {buffer_.data() + begin_ + from, to - from}; }

  absl::StatusOr<bool> Fill();
  absl::StatusOr<bool> Available(std::size_t size);
  void Drop(std::size_t size, bool may_hold_line_ends);
  void Consume(std::size_t size) { Drop(size, true); }
  absl::StatusOr<bool> SkipSpace();
  absl::Status CheckSize(std::size_t size) const;
  absl::Status Recognise();

  absl::StatusOr<bool> NextLine(Record& record);
  absl::StatusOr<bool> NextElement(Record& record);
  absl::StatusOr<bool> ReadElement(Record& record);
  absl::StatusOr<bool> FinishArray(Record& record);
  absl::StatusOr<bool> HandOut(Record& record, std::size_t size);
  bool Problem(Record& record, std::string reason) const;

  ByteSource& source_;
  std::string name_;
  RecordStreamOptions options_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;  // of `begin_` in the decompressed text
  std::uint64_t line_ = 1;    // that `begin_` is on
  std::size_t handed_out_ = 0;
  bool at_end_ = false;
  Frame frame_ = Frame::kUnknown;
  Expect expect_ = Expect::kFirst;
};

}  // namespace stemma::corpus

#endif  // STEMMA_LIB_CORPUS_RECORD_STREAM_H_
