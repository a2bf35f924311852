// The steps of a stage that several threads work on, reported by the thread that made the call, which alone may.
//
// Errors: kCancelled, for every thread, once `progress` has said stop.
#ifndef STEMMA_LIB_BASE_STEPS_H_
#define STEMMA_LIB_BASE_STEPS_H_

#include <atomic>
#include <cstdint>
#include <string_view>
#include <thread>

#include "absl/status/status.h"
#include "stemma/progress.h"

namespace stemma::base {

class Steps {
 public:
  // `progress` and `stage` must outlive the object. Made by the thread that made the call.
  Steps(const Progress& progress, std::string_view stage, std::uint64_t total)
      : progress_(progress), stage_(stage), total_(total) {}

  // Before each step, by the thread that does it.
  absl::Status Next();

 private:
  const Progress& progress_;
  std::string_view stage_;
  std::uint64_t total_;
  std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_STEPS_H_
