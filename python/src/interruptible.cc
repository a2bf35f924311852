#include "python/src/interruptible.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace stemma::python {
namespace {

namespace nb = nanobind;

// Between two looks at signals; with the grace, well below the 200 ms within which Ctrl-C must be obeyed.
constexpr std::chrono::milliseconds kListen{40};
// For work that stops when it is told to.
constexpr std::chrono::milliseconds kGrace{80};

class Job {
 public:
  // By the working thread.
  void Work(const std::function<void(const Progress&)>& work) {
    std::exception_ptr error;
    try {
      work([this](const ProgressEvent& event) { return Note(event); });
    } catch (...) {
      error = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    error_ = error;
    done_ = true;
    changed_.notify_all();
  }

  // By the calling thread, without the interpreter's lock. True where the work is done.
  bool Wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return done_; });
  }

  void Cancel() { cancelled_ = true; }

  // Calls `report` where there is news.
  void Report(const nb::object& report) {
    std::string stage;
    std::uint64_t done = 0, total = 0;
    {
      const std::scoped_lock lock(mutex_);
      if (!news_) return;
      news_ = false;
      stage = stage_;
      done = units_done_;
      total = units_total_;
    }
    if (!report.is_none()) report(nb::str(stage.data(), stage.size()), done, total);
  }

  const std::exception_ptr& error() const { return error_; }

 private:
  bool Note(const ProgressEvent& event) {
    const std::scoped_lock lock(mutex_);
    news_ = true;
    stage_ = event.stage;
    units_done_ = event.done;
    units_total_ = event.total;
    return !cancelled_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> cancelled_ = false;
  bool done_ = false;
  std::exception_ptr error_;
  bool news_ = false;
  std::string stage_;
  std::uint64_t units_done_ = 0;
  std::uint64_t units_total_ = 0;
};

// Never destroyed: threads may outlive what the program destroys at its end.
std::vector<std::thread>& LeftToEnd() {
  static auto* const threads = new std::vector<std::thread>();
  return *threads;
}

bool WaitUnlocked(Job& job, std::chrono::milliseconds time) {
  const nb::gil_scoped_release unlocked;
  return job.Wait(time);
}

void Stop(Job& job, std::thread thread) {
  job.Cancel();
  if (WaitUnlocked(job, kGrace)) {
    const nb::gil_scoped_release unlocked;
    thread.join();
  } else {
    LeftToEnd().push_back(std::move(thread));
  }
}

void JoinAll() {
  for (std::thread& thread : LeftToEnd()) {
    const nb::gil_scoped_release unlocked;
    thread.join();
  }
  LeftToEnd().clear();
}

}  // namespace

void RunInterruptibly(std::function<void(const Progress&)> work, const nb::object& report) {
  const auto job = std::make_shared<Job>();
  std::thread thread([job, work = std::move(work)]() mutable {
    // What the work owns goes before its thread does.
    const std::function<void(const Progress&)> mine = std::move(work);
    job->Work(mine);
  });
  try {
    while (!WaitUnlocked(*job, kListen)) {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      job->Report(report);
    }
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    job->Report(report);
  } catch (...) {
    Stop(*job, std::move(thread));
    throw;
  }
  {
    const nb::gil_scoped_release unlocked;
    thread.join();
  }
  if (job->error()) std::rethrow_exception(job->error());
}

void WaitAtExit() { nb::module_::import_("atexit").attr("register")(nb::cpp_function(JoinAll)); }

}  // namespace stemma::python
