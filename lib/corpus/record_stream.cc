#include "lib/corpus/record_stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"

namespace stemma::corpus {
namespace {

constexpr bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string Quoted(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F ? absl::StrFormat("'%c'", c) : absl::StrFormat("byte 0x%02x", byte);
}

struct ForeignFormat {
  std::string_view magic;
  std::string_view name;
};

// What people hand over by mistake, told by its first bytes.
constexpr auto kForeignFormats = std::to_array<ForeignFormat>({
    {"\xFF\xFE", "UTF-16 text"},
    {"\xFE\xFF", "UTF-16 text"},
    {"PK\x03\x04", "a zip archive"},
    {"PAR1", "a Parquet file"},
    {"BZh", "a bzip2 file"},
    {"\xFD\x37zXZ", "an xz file"},
    {"\x89STM", "a file of stemma's own, not responses"},
});
constexpr std::size_t kLongestMagic = 5;

// A backslash escapes the quote at `quote` if an odd number of them stands before it; none stands before `from`.
bool IsEscaped(std::string_view text, std::size_t from, std::size_t quote) {
  std::size_t first = quote;
  while (first > from && text[first - 1] == '\\') --first;
  return (quote - first) % 2 == 1;
}

}  // namespace

RecordStream::RecordStream(ByteSource& source, std::string name, RecordStreamOptions options)
    : source_(source),
      name_(std::move(name)),
      options_(std::move(options)),
      buffer_(2 * options_.chunk_bytes + kRecordPadding) {}

absl::StatusOr<bool> RecordStream::Next(Record& record) {
  Drop(std::exchange(handed_out_, 0), frame_ == Frame::kArray);
  record = Record();
  if (frame_ == Frame::kUnknown) STEMMA_RETURN_IF_ERROR(Recognise());
  return frame_ == Frame::kArray ? NextElement(record) : NextLine(record);
}

// Appends a chunk. Returns false at the end of the source.
absl::StatusOr<bool> RecordStream::Fill() {
  if (at_end_) return false;
  if (buffer_.size() - kRecordPadding - end_ < options_.chunk_bytes) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, available());
    end_ = available();
    begin_ = 0;
    if (buffer_.size() - kRecordPadding - end_ < options_.chunk_bytes) buffer_.resize(2 * buffer_.size());
  }
  STEMMA_ASSIGN_OR_RETURN(const std::size_t size, source_.Read({buffer_.data() + end_, options_.chunk_bytes}));
  end_ += size;
  at_end_ = size == 0;
  if (options_.after_chunk) STEMMA_RETURN_IF_ERROR(options_.after_chunk());
  return !at_end_;
}

// Fills until `size` bytes are there. Returns false where the source ends before.
absl::StatusOr<bool> RecordStream::Available(std::size_t size) {
  while (available() < size) {
    STEMMA_ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) return false;
  }
  return true;
}

void RecordStream::Drop(std::size_t size, bool may_hold_line_ends) {
  const std::string_view gone = View(0, size);
  if (may_hold_line_ends) line_ += static_cast<std::uint64_t>(std::count(gone.begin(), gone.end(), '\n'));
  begin_ += size;
  offset_ += size;
}

// Returns false at the end of the source.
absl::StatusOr<bool> RecordStream::SkipSpace() {
  while (true) {
    STEMMA_ASSIGN_OR_RETURN(const bool more, Available(1));
    if (!more) return false;
    std::size_t size = 0;
    while (size < available() && IsSpace(at(size))) ++size;
    Consume(size);
    if (available() > 0) return true;
  }
}

absl::Status RecordStream::CheckSize(std::size_t size) const {
  if (size <= options_.max_record_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrFormat("%s:%d: byte %d: the record is longer than max_record_bytes = %d",
                                                      name_, line_, offset_, options_.max_record_bytes));
}

absl::Status RecordStream::Recognise() {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (auto more = Available(kLongestMagic); !more.ok()) return more.status();
  const std::string_view first = View(0, std::min(available(), kLongestMagic));
  for (const ForeignFormat& format : kForeignFormats) {
    if (!first.starts_with(format.magic)) continue;
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s:1: byte 0: this is %s; allowed are JSON Lines or a JSON array in UTF-8, plain, gzip or Zstandard", name_,
        format.name));
  }
  if (first.starts_with(kByteOrderMark)) Consume(kByteOrderMark.size());
  STEMMA_ASSIGN_OR_RETURN(const bool more, SkipSpace());
  frame_ = more && at(0) == '[' ? Frame::kArray : Frame::kLines;
  if (is_array()) Consume(1);
  return absl::OkStatus();
}

absl::StatusOr<bool> RecordStream::NextLine(Record& record) {
  STEMMA_ASSIGN_OR_RETURN(bool more, SkipSpace());  // blank lines too
  if (!more) return false;
  std::size_t size = 0;
  const void* newline = nullptr;
  while (more && newline == nullptr) {
    newline = std::memchr(&buffer_[begin_ + size], '\n', available() - size);
    if (newline != nullptr) break;
    size = available();
    STEMMA_RETURN_IF_ERROR(CheckSize(size));
    STEMMA_ASSIGN_OR_RETURN(more, Fill());
  }
  if (newline != nullptr) size = static_cast<std::size_t>(static_cast<const char*>(newline) - &buffer_[begin_]);
  return HandOut(record, size);
}

absl::StatusOr<bool> RecordStream::HandOut(Record& record, std::size_t size) {
  handed_out_ = size;
  while (IsSpace(at(size - 1))) --size;  // stops: a record begins with no space
  STEMMA_RETURN_IF_ERROR(CheckSize(size));
  record.text = View(0, size);
  record.line = line_;
  record.byte = offset_;
  return true;
}

bool RecordStream::Problem(Record& record, std::string reason) const {
  record.line = line_;
  record.byte = offset_;
  record.problem = std::move(reason);
  return true;
}

absl::StatusOr<bool> RecordStream::NextElement(Record& record) {
  if (expect_ == Expect::kNothing) return false;
  STEMMA_ASSIGN_OR_RETURN(const bool more, SkipSpace());
  if (!more) {
    expect_ = Expect::kNothing;
    return Problem(record, "the array is cut off: expected ',' or ']', found the end of the file");
  }
  const char c = at(0);
  if (expect_ == Expect::kComma) {
    if (c == ',') {
      Consume(1);
      expect_ = Expect::kElement;
      return NextElement(record);
    }
    if (c != ']') {
      expect_ = Expect::kElement;
      return Problem(record, absl::StrCat("expected ',' or ']' after an element of the array, found ", Quoted(c)));
    }
  } else if (c == ',') {
    expect_ = Expect::kElement;
    handed_out_ = 1;
    return Problem(record, "expected an element of the array, found ','");
  } else if (c == ']' && expect_ == Expect::kElement) {
    expect_ = Expect::kFirst;
    return Problem(record, "expected an element of the array after ',', found ']'");
  }
  return c == ']' ? FinishArray(record) : ReadElement(record);
}

absl::StatusOr<bool> RecordStream::FinishArray(Record& record) {
  Consume(1);
  expect_ = Expect::kNothing;
  STEMMA_ASSIGN_OR_RETURN(const bool more, SkipSpace());
  if (!more) return false;
  Problem(record, absl::StrCat("expected the end of the file after the array's ']', found ", Quoted(at(0))));
  // The digest is of the whole file.
  do {
    Consume(available());
    STEMMA_ASSIGN_OR_RETURN(const bool filled, Fill());
    if (!filled) return true;
  } while (true);
}

// An object or array up to its closing bracket, anything else up to ',' or ']': the parser looks closer.
absl::StatusOr<bool> RecordStream::ReadElement(Record& record) {
  std::size_t size = 0;
  std::size_t depth = 0;
  std::size_t string_begin = 0;  // 0: outside strings
  while (true) {
    if (size == available()) {
      STEMMA_RETURN_IF_ERROR(CheckSize(size));
      STEMMA_ASSIGN_OR_RETURN(const bool more, Fill());
      if (more) continue;
      const std::string begin = absl::StrFormat("line %d, byte %d", line_, offset_);
      Consume(available());
      expect_ = Expect::kNothing;
      return Problem(record, absl::StrCat("the array is cut off inside the record that begins at ", begin));
    }
    if (string_begin > 0) {
      const void* quote = std::memchr(&buffer_[begin_ + size], '"', available() - size);
      if (quote == nullptr) {
        size = available();
        continue;
      }
      size = static_cast<std::size_t>(static_cast<const char*>(quote) - &buffer_[begin_]);
      if (!IsEscaped(View(0, available()), string_begin, size)) string_begin = 0;
      ++size;
      continue;
    }
    const char c = at(size);
    if (depth == 0 && (c == ',' || c == ']')) break;
    ++size;
    if (c == '"') {
      string_begin = size;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth > 0 && --depth == 0) {
      break;
    }
  }
  expect_ = Expect::kComma;
  return HandOut(record, size);
}

}  // namespace stemma::corpus
