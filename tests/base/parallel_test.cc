#include "lib/base/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace stemma::base {
namespace {

constexpr int kThreadCounts[] = {-1, 0, 1, 2, 3, 8, 64};

void Sleep(int microseconds) { std::this_thread::sleep_for(std::chrono::microseconds(microseconds)); }

TEST(ParallelFor, VisitsEachIndexOnce) {
  for (const int threads : kThreadCounts) {
    for (const std::size_t count : {0U, 1U, 2U, 7U, 1000U}) {
      std::vector<int> visits(count, 0);
      const absl::Status status = ParallelFor(count, threads, [&](std::size_t index) {
        ++visits[index];
        return absl::OkStatus();
      });
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_EQ(std::ranges::count(visits, 1), static_cast<std::ptrdiff_t>(count)) << threads << " threads";
    }
  }
}

TEST(ParallelFor, ReturnsTheErrorOfTheSmallestIndex) {
  for (const int threads : kThreadCounts) {
    for (int repetition = 0; repetition < 20; ++repetition) {
      const absl::Status status = ParallelFor(200, threads, [](std::size_t index) {
        if (index < 50) return absl::OkStatus();
        if (index == 50) Sleep(300);  // so that later ones fail first
        return absl::InvalidArgumentError(std::to_string(index));
      });
      EXPECT_EQ(status, absl::InvalidArgumentError("50")) << threads << " threads";
    }
  }
}

TEST(ParallelFor, RunsAllIterationsBeforeAnError) {
  for (const int threads : kThreadCounts) {
    std::vector<int> visits(100, 0);
    const absl::Status status = ParallelFor(visits.size(), threads, [&](std::size_t index) {
      Sleep(index % 3 == 0 ? 100 : 0);
      ++visits[index];
      return index == 70 ? absl::CancelledError("stop") : absl::OkStatus();
    });
    EXPECT_EQ(status, absl::CancelledError("stop"));
    EXPECT_EQ(std::count(visits.begin(), visits.begin() + 71, 1), 71) << threads << " threads";
  }
}

TEST(ParallelFor, StopsSoonAfterAnError) {
  for (const int threads : {1, 2, 8}) {
    std::atomic<std::size_t> calls = 0;
    const absl::Status status = ParallelFor(1'000'000, threads, [&](std::size_t) {
      ++calls;
      Sleep(10);
      return absl::InternalError("at once");
    });
    EXPECT_FALSE(status.ok());
    EXPECT_LE(calls, static_cast<std::size_t>(threads)) << "each thread fails once at most";
  }
}

TEST(ParallelFor, TurnsExceptionsIntoErrors) {
  for (const int threads : kThreadCounts) {
    const auto run = [&](auto body) {
      return ParallelFor(10, threads, [&](std::size_t index) {
        if (index == 4) body();
        return absl::OkStatus();
      });
    };
    EXPECT_EQ(run([] { throw std::runtime_error("the reason"); }),
              absl::InternalError("exception in a parallel loop: the reason"));
    EXPECT_EQ(run([] { throw std::bad_alloc(); }).code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(run([] { throw 1; }).code(), absl::StatusCode::kInternal);
  }
}

TEST(ParallelFor, UsesNoMoreThreadsThanAsked) {
  for (const int threads : {1, 2, 3}) {
    std::mutex mutex;
    std::set<std::thread::id> seen;
    const absl::Status status = ParallelFor(50, threads, [&](std::size_t) {
      Sleep(100);
      const std::scoped_lock lock(mutex);
      seen.insert(std::this_thread::get_id());
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok());
    EXPECT_LE(seen.size(), static_cast<std::size_t>(threads));
  }
}

TEST(ParallelFor, WorksOnTwoThreadsAtOnce) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP() << "the machine has one processor";
  // Each iteration waits for the other to begin: on one thread the first would wait for ever, so it gives up.
  std::atomic<int> begun = 0;
  const absl::Status status = ParallelFor(2, 2, [&](std::size_t) {
    ++begun;
    for (int k = 0; k < 100'000 && begun < 2; ++k) Sleep(100);
    return begun == 2 ? absl::OkStatus() : absl::DeadlineExceededError("the other iteration did not begin");
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST(ParallelFor, OneThreadIsTheCallersAndGoesInOrder) {
  std::vector<std::size_t> order;
  const std::thread::id caller = std::this_thread::get_id();
  const absl::Status status = ParallelFor(100, 1, [&](std::size_t index) {
    order.push_back(index);
    return std::this_thread::get_id() == caller ? absl::OkStatus() : absl::InternalError("another thread");
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(ParallelFor, LoopsMayBeNested) {
  std::vector<std::vector<int>> visits(8, std::vector<int>(8, 0));
  const absl::Status status = ParallelFor(8, 4, [&](std::size_t row) {
    return ParallelFor(8, 4, [&visits, row](std::size_t column) {
      ++visits[row][column];
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(visits, std::vector<std::vector<int>>(8, std::vector<int>(8, 1)));
}

}  // namespace
}  // namespace stemma::base
