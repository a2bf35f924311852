#include "lib/corpus/decompressor.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace stemma::corpus {
namespace {

class PlainBytes final : public Decompressor {
 public:
  absl::StatusOr<std::size_t> Step(std::string_view& in, std::span<char> out) override {
    const std::size_t size = std::min(in.size(), out.size());
    if (size > 0) std::memcpy(out.data(), in.data(), size);
    in.remove_prefix(size);
    return size;
  }
  bool AtBoundary() const override { return true; }
};

// RFC 1952, section 2.2: a file is a series of members; tools pad the last one with zeros.
class GzipStream final : public Decompressor {
 public:
  GzipStream() : ready_(inflateInit2(&stream_, kGzipOnly + MAX_WBITS) == Z_OK) {}
  ~GzipStream() override { inflateEnd(&stream_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  absl::StatusOr<std::size_t> Step(std::string_view& in, std::span<char> out) override {
    if (!ready_) return absl::ResourceExhaustedError("no memory for the gzip decoder");
    if (between_members_) {
      if (auto status = BeginMember(in); !status.ok()) return status;
      if (between_members_) return 0;
    }
    const std::size_t in_size = std::min(in.size(), kMaxStep);
    const std::size_t out_size = std::min(out.size(), kMaxStep);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // zlib does not write to it
    stream_.avail_in = static_cast<uInt>(in_size);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out_size);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    in.remove_prefix(in_size - stream_.avail_in);
    if (result == Z_STREAM_END) {
      between_members_ = true;
    } else if (result == Z_MEM_ERROR) {
      return absl::ResourceExhaustedError("no memory for the gzip decoder");
    } else if (result != Z_OK && result != Z_BUF_ERROR) {  // Z_BUF_ERROR only says: more input
      return absl::DataLossError(
          absl::StrCat("corrupt gzip data: ", stream_.msg != nullptr ? stream_.msg : "unreadable"));
    }
    return out_size - stream_.avail_out;
  }

  bool AtBoundary() const override { return between_members_; }

 private:
  static constexpr int kGzipOnly = 16;  // added to the window bits: zlib.h
  static constexpr std::size_t kMaxStep = std::numeric_limits<uInt>::max();

  absl::Status BeginMember(std::string_view& in) {
    while (!in.empty() && in.front() == '\0') {
      padded_ = true;
      in.remove_prefix(1);
    }
    if (in.empty()) return absl::OkStatus();
    if (padded_ || in.front() != '\x1f') {
      return absl::DataLossError("bytes that are not gzip follow the last gzip member");
    }
    inflateReset(&stream_);
    between_members_ = false;
    return absl::OkStatus();
  }

  z_stream stream_{};
  bool ready_;
  bool between_members_ = false;
  bool padded_ = false;
};

// RFC 8878, section 3: a series of frames, skippable ones among them.
class ZstdStream final : public Decompressor {
 public:
  ZstdStream() : context_(ZSTD_createDCtx()) {}
  ~ZstdStream() override { ZSTD_freeDCtx(context_); }
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;

  absl::StatusOr<std::size_t> Step(std::string_view& in, std::span<char> out) override {
    if (context_ == nullptr) return absl::ResourceExhaustedError("no memory for the Zstandard decoder");
    if (in.empty() && at_boundary_) return 0;
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(context_, &output, &input);
    in.remove_prefix(input.pos);
    if (ZSTD_isError(result) != 0) {
      const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
      if (code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_memory_allocation) {
        return absl::ResourceExhaustedError(absl::StrCat("Zstandard: ", ZSTD_getErrorName(result)));
      }
      return absl::DataLossError(absl::StrCat("corrupt Zstandard data: ", ZSTD_getErrorName(result)));
    }
    at_boundary_ = result == 0;
    return output.pos;
  }

  bool AtBoundary() const override { return at_boundary_; }

 private:
  ZSTD_DCtx* context_;
  bool at_boundary_ = false;
};

}  // namespace

InputCompression RecogniseCompression(std::string_view first_bytes) {
  constexpr std::string_view kGzipMagic = "\x1f\x8b";
  constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";
  constexpr std::string_view kSkippableMagic = "\x2a\x4d\x18";  // after a byte 0x50..0x5f
  if (first_bytes.starts_with(kGzipMagic)) return InputCompression::kGzip;
  if (first_bytes.starts_with(kZstdMagic)) return InputCompression::kZstd;
  if (!first_bytes.empty() && (static_cast<unsigned char>(first_bytes[0]) & 0xF0U) == 0x50U &&
      first_bytes.substr(1).starts_with(kSkippableMagic)) {
    return InputCompression::kZstd;
  }
  return InputCompression::kNone;
}

std::unique_ptr<Decompressor> MakeDecompressor(InputCompression compression) {
  switch (compression) {
    case InputCompression::kGzip:
      return std::make_unique<GzipStream>();
    case InputCompression::kZstd:
      return std::make_unique<ZstdStream>();
    case InputCompression::kNone:
      break;
  }
  return std::make_unique<PlainBytes>();
}

}  // namespace stemma::corpus
