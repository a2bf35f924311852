// The test of sameness: its level, what it can see with one sample a side, and when it may say "same".
#include "stemma/same_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "lib/base/random.h"
#include "lib/score/dealings.h"
#include "tests/score/made_samples.h"

namespace stemma {
namespace {

using test::MadeModel;
using test::MakePrompts;

SameResult Compare(const std::vector<SharedPrompt>& prompts, const SameOptions& options = {.threads = 1}) {
  const auto result = CompareSamples(prompts, options);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? *result : SameResult{};
}

// With 19 random dealings p <= .05 says that the observed one is the largest of 20. How often that happens under H0:
// binomial with at most .05, so more than 282 of 4,000 have a probability of less than 1e-8.
std::size_t FoundOf4000(std::size_t of_a, std::size_t of_b, const MadeModel& model) {
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
    base::Random random(7, seed);
    const auto prompts = MakePrompts(8, of_a, of_b, model, model, random);
    found += Compare(prompts, {.draws = 19, .max_exact = 1, .seed = seed, .threads = 1}).p_value <= 0.05;
  }
  return found;
}

TEST(SameModel, KeepsItsLevelWithOneSampleASide) {
  const std::size_t found = FoundOf4000(1, 1, {.embedded = 4});
  EXPECT_LE(found, 282);
  EXPECT_GE(found, 80);  // or it would never find anything
}

TEST(SameModel, StopsWhereItIsToldTo) {
  base::Random random(3);
  const auto prompts = MakePrompts(8, 2, 2, {}, {}, random);
  std::size_t asked = 0;
  const SameOptions options = {.threads = 1, .progress = [&](const ProgressEvent&) { return ++asked != 5; }};
  EXPECT_EQ(CompareSamples(prompts, options).status(), absl::CancelledError("stopped while dealing answers anew"));
  EXPECT_EQ(asked, 5U);
}

TEST(SameModel, KeepsItsLevelWithUnequalSamples) {
  const std::size_t found = FoundOf4000(3, 2, {.embedded = 4});
  EXPECT_LE(found, 282);
  EXPECT_GE(found, 80);
}

// The trap of one sample a side: two answers to a prompt always differ, and their distance is the same whichever is
// called A's. Only what differs alike at several prompts may count.
TEST(SameModel, SeesACommonDirectionAndNoMereDistance) {
  base::Random random(1);
  const MadeModel plain, shifted{.shift = 0.4};
  const SameResult different = Compare(MakePrompts(60, 1, 1, plain, shifted, random));
  EXPECT_EQ(different.verdict, SameVerdict::kDifferent);
  EXPECT_EQ(different.p_value, 1e-4);
  EXPECT_GT(different.statistics.front().effect.lower, 0);
  const SameResult alike = Compare(MakePrompts(60, 1, 1, plain, plain, random));
  EXPECT_EQ(alike.verdict, SameVerdict::kInconclusive);
  EXPECT_EQ(alike.reason, SameReason::kOneSampleOfA);
  EXPECT_GT(alike.p_value, 0.05);
}

// All prompts, whose answers hold no n-gram twice, in every way to swap labels: as simple as can be.
double SwapEverything(const std::vector<SharedPrompt>& prompts) {
  constexpr std::size_t kGrams = 40;
  std::vector<std::vector<double>> differences;
  std::vector<std::size_t> holders(kGrams);
  for (const SharedPrompt& prompt : prompts) {
    for (const std::uint32_t gram : prompt.a[0].grams) ++holders[gram];
    for (const std::uint32_t gram : prompt.b[0].grams) ++holders[gram];
  }
  for (const SharedPrompt& prompt : prompts) {
    std::vector<double> difference(kGrams);
    for (const std::uint32_t gram : prompt.a[0].grams) difference[gram] += 1;
    for (const std::uint32_t gram : prompt.b[0].grams) difference[gram] -= 1;
    double squares = 0;
    for (std::size_t gram = 0; gram < kGrams; ++gram) {
      if (holders[gram] < 3 || holders[gram] == 2 * prompts.size()) difference[gram] = 0;
      squares += difference[gram] * difference[gram];
    }
    for (double& value : difference) value /= std::sqrt(std::max(squares, 1e-300));
    differences.push_back(difference);
  }
  std::vector<double> sums;
  for (std::size_t signs = 0; signs < std::size_t{1} << prompts.size(); ++signs) {
    double sum = 0;
    for (std::size_t p = 0; p < prompts.size(); ++p) {
      for (std::size_t q = 0; q < prompts.size(); ++q) {
        if (p == q) continue;
        const double sign = ((signs >> p ^ signs >> q) & 1) != 0 ? -1 : 1;
        for (std::size_t gram = 0; gram < kGrams; ++gram) sum += sign * differences[p][gram] * differences[q][gram];
      }
    }
    sums.push_back(sum);
  }
  const auto reach = std::ranges::count_if(sums, [&](double sum) { return sum >= sums[0] - 1e-9; });
  return static_cast<double>(reach) / static_cast<double>(sums.size());
}

TEST(SameModel, LooksAtAllDealingsOfFewPrompts) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    base::Random random(2, seed);
    const auto prompts = MakePrompts(7, 1, 1, {}, {.shift = 0.3}, random);
    const SameResult result = Compare(prompts);
    EXPECT_EQ(result.method, PermutationMethod::kExact);
    EXPECT_EQ(result.dealings, 128);
    EXPECT_DOUBLE_EQ(result.p_value, SwapEverything(prompts)) << seed;
  }
}

TEST(SameModel, SeesWhatOnlyEmbeddingsHold) {
  base::Random random(3);
  const auto prompts = MakePrompts(60, 1, 1, {.embedded = 8}, {.embedded = 8, .embedding_shift = 0.5}, random);
  const SameResult result = Compare(prompts);
  EXPECT_EQ(result.verdict, SameVerdict::kDifferent);
  const auto largest = std::ranges::max_element(result.statistics, {}, &SameStatistic::standardised);
  EXPECT_EQ(largest->kernel, SameKernel::kEmbedding);
}

// A's mode answer comes with probability q, B's is the same one with probability r; all other answers are of their own.
// Likeness to itself is q^2, to the other q r, elsewhere 0: unlikeness 1 - r / q.
std::vector<SharedPrompt> ModePrompts(double q, double r, std::size_t prompts, base::Random& random) {
  std::vector<SharedPrompt> made;
  for (std::uint32_t p = 0; p < prompts; ++p) {
    SharedPrompt& prompt = made.emplace_back();
    prompt.prompt = {random.Next64(), p};
    const auto answer = [&](double probability) {
      const std::uint32_t gram = random.Uniform() < probability ? p : 1000 + random.Next32() % 16'000'000;
      return SampledAnswer{.grams = {gram}, .text_hash = gram};
    };
    for (int k = 0; k < 3; ++k) prompt.a.push_back(answer(q));
    prompt.b.push_back(answer(r));
  }
  return made;
}

TEST(SameModel, SaysSameOnlyWithinTheMargin) {
  base::Random random(4);
  const auto alike = ModePrompts(0.9, 0.9, 400, random);
  EXPECT_EQ(Compare(alike).verdict, SameVerdict::kSameWithinMargin);
  const SameResult narrow = Compare(alike, {.margin = 0.001, .threads = 1});
  EXPECT_EQ(narrow.verdict, SameVerdict::kInconclusive);
  EXPECT_EQ(narrow.reason, SameReason::kNotWithinMargin);
  const SameResult unlike = Compare(ModePrompts(0.9, 0.5, 400, random));
  EXPECT_EQ(unlike.verdict, SameVerdict::kDifferent);
  EXPECT_NEAR(unlike.equivalence.front().unlikeness.value, 1 - 0.5 / 0.9, 0.1);
  EXPECT_FALSE(unlike.within_margin);
}

// B that repeats A's own answers is more like A than A is: no sameness either, or a copied file would pass.
TEST(SameModel, TakesNoCopyForTheSame) {
  base::Random random(5);
  auto prompts = MakePrompts(200, 2, 1, {}, {}, random);
  for (SharedPrompt& prompt : prompts) prompt.b[0] = prompt.a[0];
  const SameResult result = Compare(prompts);
  EXPECT_EQ(result.verdict, SameVerdict::kInconclusive);
  EXPECT_EQ(result.copies.prompts, 200);
  EXPECT_LT(result.equivalence.front().unlikeness.upper, -0.1);
}

// At the border of the margin, "same" may be said with probability alpha at most. Of 2,000, more than 159 times has a
// probability of less than 1e-8. The permutation test is not asked.
TEST(SameModel, ItsEquivalenceTestKeepsItsLevel) {
  std::size_t within = 0;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    base::Random random(6, seed);
    within += Compare(ModePrompts(0.9, 0.81, 60, random), {.draws = 1, .max_exact = 1, .threads = 1}).within_margin;
  }
  EXPECT_LE(within, 159);
}

TEST(SameModel, SaysThatAllAnswersAreTheSame) {
  base::Random random(7);
  auto prompts = MakePrompts(20, 2, 2, {}, {}, random);
  for (SharedPrompt& prompt : prompts) prompt.a[1] = prompt.b[0] = prompt.b[1] = prompt.a[0];
  const SameResult result = Compare(prompts);
  EXPECT_EQ(result.p_value, 1);
  EXPECT_EQ(result.verdict, SameVerdict::kInconclusive);
  EXPECT_EQ(result.reason, SameReason::kAllCopies);
  EXPECT_EQ(result.n_informative, 0);
}

TEST(SameModel, SaysThatFewPromptsCannotReachAlpha) {
  base::Random random(8);
  const SameResult result = Compare(MakePrompts(3, 1, 1, {}, {.shift = 0.7}, random));
  EXPECT_EQ(result.verdict, SameVerdict::kInconclusive);
  EXPECT_EQ(result.reason, SameReason::kAlphaUnreachable);
  EXPECT_GE(result.smallest_p, 0.25);
}

TEST(SameModel, IsTheSameForAnyOrderAndInParallel) {
  base::Random random(9);
  auto prompts = MakePrompts(30, 2, 3, {.embedded = 4}, {.shift = 0.1, .embedded = 4}, random);
  const SameResult first = Compare(prompts);
  std::ranges::reverse(prompts);
  for (SharedPrompt& prompt : prompts) std::ranges::reverse(prompt.b);
  const SameResult second = Compare(prompts, {.threads = 3});
  EXPECT_EQ(first.p_value, second.p_value);
  EXPECT_EQ(first.statistic, second.statistic);
  ASSERT_EQ(first.equivalence.size(), second.equivalence.size());
  EXPECT_EQ(first.equivalence[0].unlikeness.upper, second.equivalence[0].unlikeness.upper);
}

TEST(SameModel, DoesNotCareWhichSideIsCalledA) {
  base::Random random(10);
  auto prompts = MakePrompts(9, 1, 1, {}, {.shift = 0.2}, random);
  const SameResult first = Compare(prompts);
  for (SharedPrompt& prompt : prompts) std::swap(prompt.a, prompt.b);
  EXPECT_DOUBLE_EQ(Compare(prompts).p_value, first.p_value);
}

TEST(SameModel, RefusesWhatItCannotTest) {
  base::Random random(11);
  const auto prompts = MakePrompts(2, 1, 1, {}, {}, random);
  EXPECT_EQ(CompareSamples({}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CompareSamples(prompts, {.alpha = 0}).status().message(), "alpha must be in (0, 0.5), got 0");
  EXPECT_EQ(CompareSamples(prompts, {.margin = 1}).status().message(), "margin must be in (0, 1), got 1");
  EXPECT_EQ(CompareSamples(prompts, {.draws = 0}).status().message(), "draws must be at least 1, got 0");
}

// As keys of containers: g++ 12 warns of comparing vectors of bytes.
std::string AsText(const score::Labels& labels) { return {labels.begin(), labels.end()}; }

TEST(Dealings, ListEachChoiceOnce) {
  const score::Dealings dealings({{2, 4}, {1, 3}, {1, 2}});
  EXPECT_EQ(dealings.Count(), 6 * 3 * 2);
  std::set<std::string> distinct;
  for (std::uint64_t k = 0; k < 36; ++k) {
    const score::Labels labels = dealings.At(k);
    EXPECT_EQ(labels[0] + labels[1] + labels[2] + labels[3], 2);
    EXPECT_EQ(labels[4] + labels[5] + labels[6], 1);
    EXPECT_EQ(labels[7] + labels[8], 1);
    distinct.insert(AsText(labels));
  }
  EXPECT_EQ(distinct.size(), 36);
  EXPECT_EQ(dealings.Observed(), (score::Labels{1, 1, 0, 0, 1, 0, 0, 1, 0}));
}

// Each of six choices comes with probability 1/6: of 6,000 draws, fewer than 838 or more than 1,165 of one have a
// probability of less than 1e-8 each way (5.7 deviations of 28.9).
TEST(Dealings, DrawEachChoiceAsOften) {
  const score::Dealings dealings({{2, 4}});
  std::map<std::string, int> counts;
  for (std::uint64_t k = 0; k < 6'000; ++k) {
    base::Random random(1, k);
    ++counts[AsText(dealings.Draw(random))];
  }
  EXPECT_EQ(counts.size(), 6);
  for (const auto& [labels, count] : counts) {
    EXPECT_GE(count, 838);
    EXPECT_LE(count, 1'165);
  }
}

}  // namespace
}  // namespace stemma
