#include "lib/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"

#ifdef STEMMA_THREADS_TBB
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#endif

namespace stemma::base {
namespace {

absl::Status CallBody(const std::function<absl::Status(std::size_t)>& body, std::size_t index) {
  try {
    return body(index);
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("out of memory");
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrFormat("exception in a parallel loop: %s", error.what()));
  } catch (...) {
    return absl::InternalError("exception in a parallel loop");
  }
}

// What the threads of one loop share. Indices are handed out in rising order, so that all below one that failed have
// been handed out too, and the smallest failing index is found whatever the threads' pace.
class Loop {
 public:
  Loop(std::size_t count, const std::function<absl::Status(std::size_t)>& body) : count_(count), body_(body) {}

  void Work() {
    for (;;) {
      const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
      if (index >= count_ || index > failed_.load(std::memory_order_relaxed)) return;
      absl::Status status = CallBody(body_, index);
      if (!status.ok()) Fail(index, std::move(status));
    }
  }

  absl::Status TakeStatus() { return std::move(status_); }

 private:
  void Fail(std::size_t index, absl::Status status) {
    const std::scoped_lock lock(mutex_);
    if (index >= failed_.load(std::memory_order_relaxed)) return;
    failed_.store(index, std::memory_order_relaxed);
    status_ = std::move(status);
  }

  const std::size_t count_;
  const std::function<absl::Status(std::size_t)>& body_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> failed_ = std::numeric_limits<std::size_t>::max();
  std::mutex mutex_;
  absl::Status status_;
};

#ifdef STEMMA_THREADS_TBB

// TBB gives no more than this, and prints a warning where an arena wants more.
std::size_t MostThreads() { return tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism); }

void WorkOnThreads(Loop& loop, std::size_t threads) {
  tbb::task_arena arena(static_cast<int>(threads));
  arena.execute([&] {
    tbb::task_group group;
    for (std::size_t k = 1; k < threads; ++k) group.run([&loop] { loop.Work(); });
    loop.Work();
    group.wait();
  });
}

#else

// More than any machine gains from; a typing error shall not start a million.
std::size_t MostThreads() { return 1024; }

void WorkOnThreads(Loop& loop, std::size_t threads) {
  std::vector<std::jthread> helpers;
  helpers.reserve(threads - 1);
  try {
    for (std::size_t k = 1; k < threads; ++k) helpers.emplace_back([&loop] { loop.Work(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: those that it gave do the work.
  }
  loop.Work();
}

#endif

}  // namespace

absl::Status ParallelFor(std::size_t count, int threads, const std::function<absl::Status(std::size_t)>& body) {
  const std::size_t wanted = threads > 0 ? static_cast<std::size_t>(threads) : std::thread::hardware_concurrency();
  const std::size_t used = std::max<std::size_t>(std::min({wanted, count, MostThreads()}), 1);
  Loop loop(count, body);
  if (used == 1) {
    loop.Work();
    return loop.TakeStatus();
  }
  try {
    WorkOnThreads(loop, used);
  } catch (const std::exception& error) {
    return absl::ResourceExhaustedError(absl::StrFormat("cannot start threads: %s", error.what()));
  }
  return loop.TakeStatus();
}

}  // namespace stemma::base
