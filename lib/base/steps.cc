#include "lib/base/steps.h"

#include "absl/strings/str_format.h"

namespace stemma::base {

absl::Status Steps::Next() {
  const std::uint64_t done = done_++;
  if (progress_ && std::this_thread::get_id() == caller_ && !progress_({stage_, done, total_})) cancelled_ = true;
  return cancelled_ ? absl::CancelledError(absl::StrFormat("stopped while %s", stage_)) : absl::OkStatus();
}

}  // namespace stemma::base
