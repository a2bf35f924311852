#include "lib/score/main_reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace stemma::score {
namespace {

std::vector<std::vector<float>> OneModel(const std::vector<float>& by_prompt) {
  std::vector<std::vector<float>> excesses;
  for (const float value : by_prompt) excesses.push_back({value});
  return excesses;
}

double LikenessOf(const std::vector<float>& by_prompt) {
  return TrimmedLikeness(OneModel(by_prompt)).At(std::vector<double>(by_prompt.size(), 1)).front();
}

TEST(TrimmedLikeness, IsTheMeanOfTheMiddleTwoFifths) {
  EXPECT_NEAR(LikenessOf({9, 0, 3, 1, 8, 2, 5, 4, 7, 6}), 4.5, 1e-12);   // of 3, 4, 5, 6
  EXPECT_NEAR(LikenessOf({0, 0, 1, 8, 8}), (.5 * 0 + 1 * 1 + .5 * 8) / 2, 1e-12);  // prompts count in parts
}

// What a donor of three tenths does to a model's prompts, up or down, stays outside.
TEST(TrimmedLikeness, DoesNotGoWithThreeTenthsOfThePrompts) {
  EXPECT_EQ(LikenessOf({1, 1, 1, 1, 1, 1, 1, 90, 90, 90}), 1);
  EXPECT_EQ(LikenessOf({1, 1, 1, 1, 1, 1, 1, -90, -90, -90}), 1);
}

TEST(TrimmedLikeness, CountsPromptsAsOftenAsTold) {
  const TrimmedLikeness once(OneModel({5, 1, 4, 2, 3, 3, 9, 7, 6, 0, 0, 8}));
  const TrimmedLikeness listed(OneModel({5, 5, 1, 4, 4, 4, 3, 9}));
  EXPECT_NEAR(once.At(std::vector<double>{2, 1, 3, 0, 1, 0, 1, 0, 0, 0, 0, 0}).front(),
              listed.At(std::vector<double>(8, 1)).front(), 1e-12);
}

TEST(TrimmedLikeness, KnowsNothingWithoutPrompts) {
  const TrimmedLikeness likeness({{NAN, 2}, {NAN, 2}});
  const std::vector<double> values = likeness.At(std::vector<double>{1, 1});
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(values[1], 2);
  EXPECT_TRUE(std::isnan(likeness.At(std::vector<double>{0, 0})[1]));
  EXPECT_TRUE(TrimmedLikeness({}).At({}).empty());
}

}  // namespace
}  // namespace stemma::score
