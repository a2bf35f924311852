#include "python/src/arrow_stream.h"

#include <cstring>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "python/src/errors.h"
#include "python/src/interruptible.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

// Moves a structure out of a capsule: who takes one over leaves it marked as released.
template <typename Structure>
Structure TakeFrom(const nb::object& capsule, const char* name) {
  auto* const held = static_cast<Structure*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (held == nullptr) throw nb::python_error();
  if (held->release == nullptr) {
    throw StatusError(absl::InvalidArgumentError(absl::StrFormat("the capsule \"%s\" was taken before", name)));
  }
  Structure taken = *held;
  held->release = nullptr;
  return taken;
}

absl::Status FromStream(ArrowArrayStream& stream, int code) {
  if (code == 0) return absl::OkStatus();
  const char* const said = stream.get_last_error(&stream);
  return absl::InvalidArgumentError(
      absl::StrFormat("the Arrow stream ended with an error: %s", said != nullptr ? said : std::strerror(code)));
}

// Given back also where the reading never began.
struct OwnedStream {
  explicit OwnedStream(ArrowArrayStream taken) : stream(taken) {}
  OwnedStream(const OwnedStream&) = delete;
  OwnedStream& operator=(const OwnedStream&) = delete;
  ~OwnedStream() {
    if (stream.release != nullptr) stream.release(&stream);
  }

  ArrowArrayStream stream;
};

}  // namespace

ArrowData::~ArrowData() {
  for (ArrowArray& chunk : chunks_) {
    if (chunk.release != nullptr) chunk.release(&chunk);
  }
  if (schema_.release != nullptr) schema_.release(&schema_);
}

bool ArrowData::is_table() const { return std::string_view(schema_.format) == "+s"; }

absl::Status ArrowData::Read(ArrowArrayStream& stream) {
  STEMMA_RETURN_IF_ERROR(FromStream(stream, stream.get_schema(&stream, &schema_)));
  while (true) {
    ArrowArray chunk = {};
    STEMMA_RETURN_IF_ERROR(FromStream(stream, stream.get_next(&stream, &chunk)));
    if (chunk.release == nullptr) return absl::OkStatus();
    chunks_.push_back(chunk);
  }
}

void ArrowData::Take(ArrowSchema& schema, ArrowArray& array) {
  schema_ = schema;
  chunks_.push_back(array);
}

std::shared_ptr<const ArrowData> ReadArrow(const nb::object& object) {
  auto data = std::make_shared<ArrowData>();
  if (!nb::hasattr(object, "__arrow_c_stream__")) {
    const nb::tuple pair = nb::cast<nb::tuple>(object.attr("__arrow_c_array__")());
    auto schema = TakeFrom<ArrowSchema>(pair[0], "arrow_schema");
    auto array = TakeFrom<ArrowArray>(pair[1], "arrow_array");
    data->Take(schema, array);
    return data;
  }
  const nb::object capsule = object.attr("__arrow_c_stream__")();
  const auto owned = std::make_shared<OwnedStream>(TakeFrom<ArrowArrayStream>(capsule, "arrow_array_stream"));
  // A table that is computed as it is read may take long.
  return Interruptible<std::shared_ptr<const ArrowData>>(
      nb::none(), [data, owned](const Progress&) -> absl::StatusOr<std::shared_ptr<const ArrowData>> {
        STEMMA_RETURN_IF_ERROR(data->Read(owned->stream));
        return std::shared_ptr<const ArrowData>(data);
      });
}

}  // namespace stemma::python
