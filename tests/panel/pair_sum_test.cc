#include "stemma/pair_sum.h"

#include <gtest/gtest.h>

namespace stemma {
namespace {

constexpr std::int64_t kHalf = 1 << 29;

TEST(PairSum, IsTheMeanOfWhatWasAdded) {
  PairSum sum;
  EXPECT_FALSE(sum.shared());
  sum.Add(kHalf, false);
  sum.Add(0, false);
  EXPECT_TRUE(sum.shared());
  EXPECT_EQ(sum.used_prompts(), 2U);
  EXPECT_EQ(sum.mean(), 0.25);
}

TEST(PairSum, LeavesCopiesOutWhereTenPromptsRemain) {
  PairSum sum;
  sum.Add(2 * kHalf, true);
  EXPECT_TRUE(sum.shared());
  EXPECT_FALSE(sum.copies_left_out());
  EXPECT_EQ(sum.mean(), 1);
  for (std::uint32_t k = 1; k < PairSum::kMinPromptsBesideCopies; ++k) sum.Add(0, false);
  EXPECT_EQ(sum.used_prompts(), 10U);
  EXPECT_EQ(sum.mean(), 0.1);
  sum.Add(0, false);
  EXPECT_TRUE(sum.copies_left_out());
  EXPECT_EQ(sum.used_prompts(), 10U);
  EXPECT_EQ(sum.mean(), 0);
}

TEST(PairSum, TakesBackWhatWasAdded) {
  PairSum a, b;
  a.Add(3, false);
  a.Add(5, true);
  b.Add(7, false);
  PairSum both = a;
  both += b;
  EXPECT_EQ(both.cosine_sum, 10);
  EXPECT_EQ(both.copy_cosine_sum, 5);
  EXPECT_EQ(both.prompts, 2U);
  EXPECT_EQ(both.copies, 1U);
  both -= a;
  EXPECT_EQ(both, b);
  both -= b;
  EXPECT_EQ(both, PairSum());
}

}  // namespace
}  // namespace stemma
