// Tables and series of any library that speaks Arrow's PyCapsule interface, taken without a copy of their text.
//
// Shape: a stream of arrays, each a chunk; of structures (a table) or of one type (a series).
// Errors: kInvalidArgument where the producer fails, or hands over what is neither.
// Source: Apache Arrow, "The Arrow PyCapsule interface".
#ifndef STEMMA_PYTHON_ARROW_STREAM_H_
#define STEMMA_PYTHON_ARROW_STREAM_H_

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "python/src/arrow_abi.h"

namespace stemma::python {

// Owns what was handed over. Immutable once it is read.
class ArrowData {
 public:
  ArrowData() = default;
  ArrowData(const ArrowData&) = delete;
  ArrowData& operator=(const ArrowData&) = delete;
  ~ArrowData();

  const ArrowSchema& schema() const { return schema_; }
  const std::vector<ArrowArray>& chunks() const { return chunks_; }
  bool is_table() const;

  // All chunks of a stream. Takes it over.
  absl::Status Read(ArrowArrayStream& stream);
  // One array. Takes both over.
  void Take(ArrowSchema& schema, ArrowArray& array);

 private:
  ArrowSchema schema_ = {};
  std::vector<ArrowArray> chunks_;
};

// `object` has __arrow_c_stream__ or __arrow_c_array__.
std::shared_ptr<const ArrowData> ReadArrow(const nanobind::object& object);

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_ARROW_STREAM_H_
