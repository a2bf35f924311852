#include "stemma/prompt_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace stemma {
namespace {

// Two n-grams under one key would be counted as one.
TEST(GramKey, IsABijection) {
  for (const Hash128 prompt : {Hash128{0, 0}, Hash128{1, 0x0123456789ABCDEF}, Hash128{~0ULL, ~0ULL}}) {
    std::vector<bool> seen(kGramKeys, false);
    for (std::uint32_t gram = 0; gram < kGramKeys; ++gram) {
      const std::uint32_t key = GramKey(gram, prompt);
      ASSERT_LT(key, kGramKeys);
      ASSERT_FALSE(seen[key]) << gram;
      seen[key] = true;
    }
  }
}

// Each prompt samples other n-grams, so that what one misses others see. Of 1,000 n-grams, those in the lower half of
// both orders are 250 on average, with a standard deviation of 13.7: six of them are off by chance once in 10^9.
TEST(GramKey, OrdersNgramsOtherwiseAtEachPrompt) {
  int both = 0;
  int first = 0;
  for (std::uint32_t gram = 0; gram < 1000; ++gram) {
    const bool low = GramKey(gram, {3, 0x1111111122222222}) < kGramKeys / 2;
    first += low;
    both += low && GramKey(gram, {4, 0x9999999977777777}) < kGramKeys / 2;
  }
  EXPECT_NEAR(first, 500, 6 * 15.8);
  EXPECT_NEAR(both, 250, 6 * 13.7);
}

// Stored panels hold keys.
TEST(GramKey, StaysWhatItIs) {
  EXPECT_EQ(GramKey(1, {0, 0}), GramKey(1, {77, 0}));  // the lower half of the prompt's key alone counts
  EXPECT_EQ(GramKey(0, {0, 0}), 0U);
  EXPECT_EQ(GramKey(0x123456, {5, 0x0123456789ABCDEF}), 0xFF28ECU);
}

TEST(PromptIndex, SamplesKeysBelowItsThreshold) {
  PromptIndex index;
  index.prompt = {9, 0xABCDEF0123456789};
  index.threshold = kGramKeys / 4;
  std::vector<GramCount> grams;
  for (std::uint32_t gram = 0; gram < 400; ++gram) grams.push_back({gram * 1009, 1 + gram % 3});
  std::vector<GramCount> sample = {{1, 1}};  // replaced
  index.Sample(grams, sample);
  std::vector<GramCount> expected;
  for (const GramCount& gram : grams) {
    const std::uint32_t key = GramKey(gram.gram, index.prompt);
    if (key < index.threshold) expected.push_back({key, gram.samples});
  }
  std::ranges::sort(expected);
  EXPECT_EQ(sample, expected);
  EXPECT_GT(sample.size(), 40U);
  EXPECT_LT(sample.size(), 160U);
  index.threshold = kGramKeys;
  index.Sample(grams, sample);
  EXPECT_EQ(sample.size(), 400U);
  index.threshold = 0;
  index.Sample(grams, sample);
  EXPECT_TRUE(sample.empty());
}

}  // namespace
}  // namespace stemma
