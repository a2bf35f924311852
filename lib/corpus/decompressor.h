// Streams of compressed bytes, one piece at a time.
//
// Errors: kDataLoss (corrupt), kResourceExhausted (memory, a window over Zstandard's default limit of 128 MiB).
#ifndef STEMMA_LIB_CORPUS_DECOMPRESSOR_H_
#define STEMMA_LIB_CORPUS_DECOMPRESSOR_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "stemma/response_set.h"

namespace stemma::corpus {

class Decompressor {
 public:
  virtual ~Decompressor() = default;

  // Takes from the front of `in`, writes to the front of `out`. Returns the bytes written; 0 asks for more input.
  virtual absl::StatusOr<std::size_t> Step(std::string_view& in, std::span<char> out) = 0;

  // True where the input may end: after a whole gzip member or Zstandard frame.
  virtual bool AtBoundary() const = 0;
};

// Bytes that `RecogniseCompression` looks at.
inline constexpr std::size_t kMagicBytes = 4;

InputCompression RecogniseCompression(std::string_view first_bytes);

std::unique_ptr<Decompressor> MakeDecompressor(InputCompression compression);

}  // namespace stemma::corpus

#endif  // STEMMA_LIB_CORPUS_DECOMPRESSOR_H_
