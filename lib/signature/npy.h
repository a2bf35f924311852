// NumPy's files of arrays (.npy), as far as they hold matrices of floating-point numbers.
//
// Shape: magic "\x93NUMPY", version (1.0, 2.0 or 3.0), size of the header (16 bits, from 2.0 on 32), the header: a Python
// dictionary of `descr`, `fortran_order` and `shape`; then the numbers. Read are '<f4' and '<f8', two dimensions, C order,
// plain or compressed with gzip or Zstandard.
// Errors: kInvalidArgument naming file, byte and what was allowed; kDataLoss for a file that is cut off; those of opening
// and decompressing.
// Complexity: one row at a time; memory for a buffer and for a row.
// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays", and the description of numpy.lib.format
// (versions 2.0 and 3.0).
#ifndef STEMMA_LIB_SIGNATURE_NPY_H_
#define STEMMA_LIB_SIGNATURE_NPY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/corpus/byte_source.h"

namespace stemma::signature {

enum class NpyType : std::uint8_t { kFloat32, kFloat64 };

struct NpyHeader {
  NpyType type = NpyType::kFloat32;
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
};

// Reads the dictionary. `offset`: of its first byte in the file.
absl::StatusOr<NpyHeader> ParseNpyDictionary(std::string_view text, std::uint64_t offset, std::string_view source);

class NpyReader {
 public:
  static absl::StatusOr<NpyReader> Open(const std::string& path);

  const NpyHeader& header() const { return header_; }
  const std::string& name() const { return name_; }

  // The next row's bytes, little-endian; they live until the next call. Must not be called more than `rows` times.
  absl::StatusOr<std::string_view> NextRow();
  // The same as numbers. Precondition: `out` has `columns` elements.
  absl::Status NextRow(std::span<double> out);
  // Behind the last row: an error where bytes are left.
  absl::Status Finish();

 private:
  NpyReader(std::string name, corpus::ByteSource source) : name_(std::move(name)), source_(std::move(source)) {}

  // As many bytes as there are, at most `size`.
  absl::StatusOr<std::string_view> Take(std::size_t size);
  absl::StatusOr<std::string_view> TakeOfHeader(std::size_t size);
  absl::Status ReadHeader();

  std::string name_;
  corpus::ByteSource source_;
  NpyHeader header_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what the buffer holds
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;  // in the file, of `begin_`
  std::uint64_t rows_read_ = 0;
};

std::size_t SizeOf(NpyType type);

// The bytes before the rows of a file that holds such a matrix: version 1.0, numbers at a multiple of 64 bytes.
std::string SerializeNpyHeader(const NpyHeader& header);
// A whole file.
std::string SerializeNpy(std::span<const float> values, std::size_t columns);
std::string SerializeNpy(std::span<const double> values, std::size_t columns);

}  // namespace stemma::signature

#endif  // STEMMA_LIB_SIGNATURE_NPY_H_
