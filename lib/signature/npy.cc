#include "lib/signature/npy.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "stemma/embeddings.h"

namespace stemma::signature {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kPreamble = 8;       // magic and version
constexpr std::size_t kAlignment = 64;     // of the numbers, from NumPy 1.14 on
constexpr std::size_t kMaxHeader = 1 << 20;  // a header of two numbers is below 200 bytes
constexpr std::size_t kChunk = std::size_t{1} << 18;

double ReadNumber(std::string_view bytes, NpyType type, std::size_t column) {
  base::ByteReader reader(bytes.substr(column * SizeOf(type), SizeOf(type)));
  double wide = 0;
  float narrow = 0;
  if (type == NpyType::kFloat64) {
    reader.ReadF64(wide);
    return wide;
  }
  reader.ReadF32(narrow);
  return static_cast<double>(narrow);
}

}  // namespace

std::size_t SizeOf(NpyType type) { return type == NpyType::kFloat32 ? sizeof(float) : sizeof(double); }

absl::StatusOr<NpyReader> NpyReader::Open(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(corpus::ByteSource source, corpus::ByteSource::Open(path, kChunk));
  NpyReader reader(std::string(corpus::DisplayName(path)), std::move(source));
  STEMMA_RETURN_IF_ERROR(reader.ReadHeader());
  return reader;
}

absl::StatusOr<std::string_view> NpyReader::Take(std::size_t size) {
  if (end_ - begin_ < size) {
    std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data());
    end_ -= begin_;
    begin_ = 0;
    buffer_.resize(std::max(buffer_.size(), std::max(size, kChunk)));
  }
  while (end_ - begin_ < size) {
    STEMMA_ASSIGN_OR_RETURN(const std::size_t read, source_.Read(std::span(buffer_).subspan(end_)));
    if (read == 0) break;
    end_ += read;
  }
  const std::string_view taken(buffer_.data() + begin_, std::min(size, end_ - begin_));
  begin_ += taken.size();
  offset_ += taken.size();
  return taken;
}

absl::StatusOr<std::string_view> NpyReader::TakeOfHeader(std::size_t size) {
  STEMMA_ASSIGN_OR_RETURN(const std::string_view bytes, Take(size));
  if (bytes.size() == size) return bytes;
  return absl::DataLossError(absl::StrFormat("%s: cut off at byte %d, in the header", name_, offset_));
}

absl::Status NpyReader::ReadHeader() {
  STEMMA_ASSIGN_OR_RETURN(const std::string_view preamble, Take(kPreamble));
  if (!preamble.starts_with(kMagic)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: byte 0: not a .npy file (it would begin with \\x93NUMPY)", name_));
  }
  if (preamble.size() < kPreamble) {
    return absl::DataLossError(absl::StrFormat("%s: cut off at byte %d, in the header", name_, offset_));
  }
  const auto major = static_cast<unsigned char>(preamble[6]);
  const auto minor = static_cast<unsigned char>(preamble[7]);
  if (major < 1 || major > 3 || minor != 0) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: byte 6: format version %d.%d; allowed are 1.0, 2.0 and 3.0", name_, major, minor));
  }
  STEMMA_ASSIGN_OR_RETURN(const std::string_view size_bytes, TakeOfHeader(major == 1 ? 2 : 4));
  base::ByteReader reader(size_bytes);
  std::uint16_t short_size = 0;
  std::uint32_t size = 0;
  if (major == 1) {
    reader.ReadU16(short_size);
    size = short_size;
  } else {
    reader.ReadU32(size);
  }
  if (size > kMaxHeader) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: byte 8: a header of %d bytes; allowed are at most %d", name_, size, kMaxHeader));
  }
  const std::uint64_t start = offset_;
  STEMMA_ASSIGN_OR_RETURN(const std::string_view text, TakeOfHeader(size));
  STEMMA_ASSIGN_OR_RETURN(header_, ParseNpyDictionary(text, start, name_));
  if (header_.rows > 0 && header_.columns > 0 && header_.columns <= Embeddings::kMaxDims) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: byte %d: shape (%d, %d); allowed are at least 1 response and 1 to %d dimensions", name_, start,
                      header_.rows, header_.columns, Embeddings::kMaxDims));
}

absl::StatusOr<std::string_view> NpyReader::NextRow() {
  const std::size_t size = static_cast<std::size_t>(header_.columns) * SizeOf(header_.type);
  STEMMA_ASSIGN_OR_RETURN(const std::string_view bytes, Take(size));
  if (bytes.size() < size) {
    return absl::DataLossError(
        absl::StrFormat("%s: cut off at byte %d, in row %d of %d", name_, offset_, rows_read_, header_.rows));
  }
  ++rows_read_;
  return bytes;
}

absl::Status NpyReader::NextRow(std::span<double> out) {
  STEMMA_ASSIGN_OR_RETURN(const std::string_view bytes, NextRow());
  for (std::size_t column = 0; column < out.size(); ++column) out[column] = ReadNumber(bytes, header_.type, column);
  return absl::OkStatus();
}

absl::Status NpyReader::Finish() {
  const std::uint64_t end = offset_;
  STEMMA_ASSIGN_OR_RETURN(const std::string_view more, Take(1));
  if (more.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: byte %d: more bytes than the %d rows of the header take", name_, end, header_.rows));
}

std::string SerializeNpyHeader(const NpyHeader& header) {
  std::string text = absl::StrFormat("{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }",
                                     header.type == NpyType::kFloat32 ? "<f4" : "<f8", header.rows, header.columns);
  const std::size_t before = kPreamble + sizeof(std::uint16_t);
  const std::size_t size = (before + text.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  text.resize(size - before - 1, ' ');
  text += '\n';
  std::string out(kMagic);
  base::AppendU8(out, 1);
  base::AppendU8(out, 0);
  base::AppendU16(out, static_cast<std::uint16_t>(text.size()));
  return out + text;
}

std::string SerializeNpy(std::span<const float> values, std::size_t columns) {
  std::string out = SerializeNpyHeader({NpyType::kFloat32, values.size() / columns, columns});
  for (const float value : values) base::AppendF32(out, value);
  return out;
}

std::string SerializeNpy(std::span<const double> values, std::size_t columns) {
  std::string out = SerializeNpyHeader({NpyType::kFloat64, values.size() / columns, columns});
  for (const double value : values) base::AppendF64(out, value);
  return out;
}

}  // namespace stemma::signature
