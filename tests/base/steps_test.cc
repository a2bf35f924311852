#include "lib/base/steps.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/parallel.h"

namespace stemma::base {
namespace {

TEST(Steps, ReportsEachStepOfTheCallingThreadBeforeIt) {
  std::vector<std::uint64_t> done;
  const Progress progress = [&](const ProgressEvent& event) {
    EXPECT_EQ(event.stage, "counting");
    EXPECT_EQ(event.total, 3U);
    done.push_back(event.done);
    return true;
  };
  Steps steps(progress, "counting", 3);
  for (int k = 0; k < 3; ++k) EXPECT_TRUE(steps.Next().ok());
  EXPECT_EQ(done, (std::vector<std::uint64_t>{0, 1, 2}));
}

TEST(Steps, OtherThreadsCountAndDoNotReport) {
  const auto caller = std::this_thread::get_id();
  std::uint64_t last = 0;
  const Progress progress = [&](const ProgressEvent& event) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    last = event.done;
    return true;
  };
  Steps steps(progress, "counting", 6);
  std::thread other([&steps] {
    for (int k = 0; k < 5; ++k) EXPECT_TRUE(steps.Next().ok());
  });
  other.join();
  EXPECT_TRUE(steps.Next().ok());
  EXPECT_EQ(last, 5U);
}

TEST(Steps, StopsAllThreadsOnceToldTo) {
  const auto caller = std::this_thread::get_id();
  for (const int threads : {1, 2, 8}) {
    std::atomic<bool> told = false;
    const Progress stop = [&told](const ProgressEvent&) {
      told = true;
      told.notify_all();
      return false;
    };
    Steps steps(stop, "counting", 1'000);
    // The others wait for the caller: without it they may have done all steps before it comes to its first.
    const absl::Status status = ParallelFor(1'000, threads, [&](std::size_t) {
      if (std::this_thread::get_id() != caller) told.wait(false);
      return steps.Next();
    });
    EXPECT_EQ(status, absl::CancelledError("stopped while counting")) << threads << " threads";
    std::thread([&steps] { EXPECT_FALSE(steps.Next().ok()); }).join();
  }
}

TEST(Steps, WithoutProgressNothingStops) {
  const Progress none;
  Steps steps(none, "counting", 1);
  EXPECT_TRUE(steps.Next().ok());
}

}  // namespace
}  // namespace stemma::base
