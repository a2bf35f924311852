// Where C calls in: nothing thrown gets past, and each failure leaves a message on its thread.
#ifndef STEMMA_C_BOUNDARY_H_
#define STEMMA_C_BOUNDARY_H_

#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/status_macros.h"
#include "stemma/c.h"

namespace stemma::c {

// Keeps the message for stemma_last_error(), unless the status is that of success.
stemma_status Finish(const absl::Status& status) noexcept;
const char* LastError() noexcept;

// kInvalidArgument that names the parameter, where it is null.
absl::Status NotNull(const void* pointer, std::string_view parameter);

// `run` returns an absl::Status.
template <typename Run>
stemma_status Guard(Run run) noexcept {
  try {
    return Finish(run());
  } catch (const std::bad_alloc&) {
    return Finish(absl::ResourceExhaustedError("out of memory"));
  } catch (const std::exception& error) {
    return Finish(absl::InternalError(error.what()));
  } catch (...) {
    return Finish(absl::InternalError("an exception of unknown type"));
  }
}

// `make` returns an absl::StatusOr<Handle>, which moves to the heap; `*out` is null where it fails.
template <typename Handle, typename Make>
stemma_status MakeHandle(Handle** out, std::string_view parameter, Make make) noexcept {
  return Guard([&]() -> absl::Status {
    STEMMA_RETURN_IF_ERROR(NotNull(out, parameter));
    *out = nullptr;
    STEMMA_ASSIGN_OR_RETURN(Handle handle, make());
    *out = new Handle(std::move(handle));
    return absl::OkStatus();
  });
}

// A copy that stemma_string_free frees, with a 0 behind its bytes. `size` may be null.
absl::Status CopyOut(std::string_view bytes, char** out, std::size_t* size);

// `make` returns an absl::StatusOr<std::string>; `*out` is null and `*size` 0 where it fails.
template <typename Make>
stemma_status MakeBytes(char** out, std::string_view parameter, std::size_t* size, Make make) noexcept {
  return Guard([&]() -> absl::Status {
    if (size != nullptr) *size = 0;
    STEMMA_RETURN_IF_ERROR(NotNull(out, parameter));
    *out = nullptr;
    STEMMA_ASSIGN_OR_RETURN(const std::string bytes, make());
    return CopyOut(bytes, out, size);
  });
}

}  // namespace stemma::c

#endif  // STEMMA_C_BOUNDARY_H_
