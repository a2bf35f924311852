// Long calls that Ctrl-C ends: the work has a thread of its own, while the caller's listens for signals and hands progress
// on. The interpreter's lock is held for that alone.
//
// What reports progress stops at the next report. What does not is left to end by itself, its result thrown away, and the
// interpreter waits for it before it exits. So work must own all that it touches, and no Python object without its lock.
#ifndef STEMMA_PYTHON_INTERRUPTIBLE_H_
#define STEMMA_PYTHON_INTERRUPTIBLE_H_

#include <nanobind/nanobind.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "python/src/errors.h"
#include "stemma/progress.h"

namespace stemma::python {

// `report`: called as report(stage, done, total) by the calling thread; or None.
// Errors: whatever a signal's handler or `report` raises.
void RunInterruptibly(std::function<void(const Progress&)> work, const nanobind::object& report);

// The same of work that returns absl::StatusOr<T>: its value, or its error as an exception.
template <typename T, typename Work>
T Interruptible(const nanobind::object& report, Work work) {
  const auto result = std::make_shared<std::optional<absl::StatusOr<T>>>();
  RunInterruptibly([result, work = std::move(work)](const Progress& progress) { *result = work(progress); }, report);
  return ValueOrThrow(*std::move(*result));
}

// Lets the interpreter wait, before it exits, for what was left to end by itself.
void WaitAtExit();

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_INTERRUPTIBLE_H_
