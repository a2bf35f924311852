// Options of callers that were compiled with an older or a newer stemma/c.h.
#ifndef STEMMA_C_OPTIONS_H_
#define STEMMA_C_OPTIONS_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"

namespace stemma::c {

// What `given` sets, and 0 elsewhere; 0 everywhere where it is null. `Options` begin with their size, which was
// `first_size` when the structure was first published. `type` names them in messages.
// Errors: kInvalidArgument for a size that no version had, or options set that this version does not know.
template <typename Options>
absl::StatusOr<Options> ReadOptions(const Options* given, std::size_t first_size, std::string_view type) {
  Options options{};
  if (given == nullptr) return options;
  const std::size_t size = given->size;
  if (size < first_size) {
    return absl::InvalidArgumentError(
        absl::StrFormat("options->size must be sizeof(%s), at least %d, got %d", type, first_size, size));
  }
  const auto* const bytes = reinterpret_cast<const char*>(given);
  const auto is_set = [](char byte) { return byte != 0; };
  if (size > sizeof(Options) && std::any_of(bytes + sizeof(Options), bytes + size, is_set)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s of %d bytes sets options that this version, whose options have %d, does not know", type,
                        size, sizeof(Options)));
  }
  std::memcpy(&options, given, std::min(size, sizeof(Options)));
  return options;
}

}  // namespace stemma::c

#endif  // STEMMA_C_OPTIONS_H_
