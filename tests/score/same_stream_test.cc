// Betting against sameness: its level under optional stopping, and that it ends where there is a difference.
#include "stemma/same_stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "lib/base/random.h"
#include "tests/score/made_samples.h"

namespace stemma {
namespace {

using test::MadeModel;
using test::MakePrompts;

const SameOptions kOptions = {.threads = 1};

bool EndsDifferent(std::size_t prompts, std::size_t of_a, std::size_t of_b, std::uint64_t seed) {
  base::Random random(21, seed);
  const auto made = MakePrompts(prompts, of_a, of_b, {}, {}, random);
  const auto result = StreamSamples(made, kOptions);
  EXPECT_TRUE(result.ok());
  return result.ok() && result->verdict == SameVerdict::kDifferent;
}

// Looked at after every prompt and stopped as soon as it may be, it must find a difference between two samples of one
// model in at most alpha = .05 of all runs: of 10,000, more than 627 have a probability of less than 1e-8.
TEST(SameStream, KeepsItsLevelUnderOptionalStopping) {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) found += EndsDifferent(40, 1, 1, seed);
  EXPECT_LE(found, 627);
  EXPECT_GE(found, 1);
}

TEST(SameStream, StopsWhereItIsToldTo) {
  base::Random random(24);
  const auto prompts = MakePrompts(20, 1, 1, {}, {}, random);
  const SameOptions options = {.progress = [](const ProgressEvent& event) { return event.done < 7; }};
  EXPECT_EQ(StreamSamples(prompts, options).status(), absl::CancelledError("stopped while taking prompts"));
}

// Likewise with several samples a side: of 1,000, more than 93 have a probability of less than 1e-8.
TEST(SameStream, KeepsItsLevelWithUnequalSamples) {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) found += EndsDifferent(30, 3, 2, 100'000 + seed);
  EXPECT_LE(found, 93);
}

TEST(SameStream, StopsWhereTheyDiffer) {
  base::Random random(22);
  const auto prompts = MakePrompts(200, 1, 1, {}, {.shift = 0.4}, random);
  const auto result = StreamSamples(prompts, kOptions);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->verdict, SameVerdict::kDifferent);
  EXPECT_LT(result->n_prompts, 100);
  EXPECT_EQ(result->samples_a, result->n_prompts);
  EXPECT_LE(result->p_value, 0.05);
}

// With every prompt the wealth's mean over all dealings of that prompt is what it was: here over both.
TEST(SameStream, IsFairAtEveryPrompt) {
  base::Random random(23);
  const auto prompts = MakePrompts(12, 1, 1, {}, {.shift = 0.3}, random);
  SameStream stream;
  double before = 1;
  for (const SharedPrompt& prompt : prompts) {
    double mean = 0;
    for (const bool swapped : {true, false}) {
      SameStream other;
      for (const SharedPrompt& earlier : prompts) {
        if (earlier.prompt == prompt.prompt) break;
        ASSERT_TRUE(other.Add(earlier).ok());
      }
      SharedPrompt last = prompt;
      if (swapped) std::swap(last.a, last.b);
      ASSERT_TRUE(other.Add(last).ok());
      mean += std::pow(10, other.e_value_log10()) / 2;
    }
    EXPECT_NEAR(mean, before, 1e-9 * before);
    ASSERT_TRUE(stream.Add(prompt).ok());
    before = std::pow(10, stream.e_value_log10());
  }
}

TEST(SameStream, LearnsNothingFromCopies) {
  base::Random random(24);
  auto prompts = MakePrompts(50, 1, 1, {}, {}, random);
  for (SharedPrompt& prompt : prompts) prompt.b = prompt.a;
  const auto result = StreamSamples(prompts, kOptions);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->verdict, SameVerdict::kInconclusive);
  EXPECT_NEAR(result->e_value_log10, 0, 1e-12);
  EXPECT_EQ(result->copies.prompts, 50);
}

TEST(SameStream, RefusesASideWithoutAnAnswer) {
  SameStream stream;
  EXPECT_EQ(stream.Add({}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(StreamSamples({}).status().message(), "A and B must share at least 1 prompt, got 0");
}

}  // namespace
}  // namespace stemma
