// How long work tells its caller where it stands, and how the caller stops it.
#ifndef STEMMA_PROGRESS_H_
#define STEMMA_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <string_view>

namespace stemma {

struct ProgressEvent {
  std::string_view stage;   // e.g. "reading"; valid during the call only
  std::uint64_t done = 0;   // in the stage's own unit
  std::uint64_t total = 0;  // 0 where it is not known beforehand
};

// Returns false to cancel: the running call then ends with `kCancelled`. May be empty.
// Called from the thread that made the call, never concurrently.
using Progress = std::function<bool(const ProgressEvent&)>;

}  // namespace stemma

#endif  // STEMMA_PROGRESS_H_
