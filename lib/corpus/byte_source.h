// A file or pipe as the bytes that its compressed content stands for.
//
// Errors: those of opening and reading; of `Decompressor`, with the file and the offset among the stored bytes;
// kDataLoss where a compressed stream is cut off.
#ifndef STEMMA_LIB_CORPUS_BYTE_SOURCE_H_
#define STEMMA_LIB_CORPUS_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/file_descriptor.h"
#include "lib/base/hash.h"
#include "lib/corpus/decompressor.h"

namespace stemma::corpus {

inline constexpr std::string_view kStandardInput = "-";

// What messages call a path.
std::string_view DisplayName(std::string_view path);

// Bytes of a regular file; 0 for pipes and standard input.
absl::StatusOr<std::uint64_t> StoredSize(const std::string& path);

class ByteSource {
 public:
  // Reads `chunk_bytes` (>= 1) at a time.
  static absl::StatusOr<ByteSource> Open(const std::string& path, std::size_t chunk_bytes);

  // Returns the bytes written to the front of `out`, which is not empty; 0 at the end only.
  absl::StatusOr<std::size_t> Read(std::span<char> out);

  InputCompression compression() const { return compression_; }
  std::uint64_t stored_bytes() const { return stored_bytes_; }  // read so far
  Hash128 digest() const { return hasher_.Finish(); }           // of the stored bytes read so far

 private:
  ByteSource(std::string name, base::FileDescriptor file, std::size_t chunk_bytes);

  absl::Status Refill();
  absl::Status Located(const absl::Status& status) const;

  std::string name_;
  base::FileDescriptor file_;
  std::vector<char> stored_;
  std::size_t chunk_bytes_;
  std::string_view pending_;  // stored bytes not yet decompressed
  bool at_end_ = false;
  std::uint64_t stored_bytes_ = 0;
  base::Hasher128 hasher_;
  InputCompression compression_ = InputCompression::kNone;
  std::unique_ptr<Decompressor> decompressor_;
};

}  // namespace stemma::corpus

#endif  // STEMMA_LIB_CORPUS_BYTE_SOURCE_H_
