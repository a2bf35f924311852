// The oracles against numbers worked out by hand: what they are compared with cannot vouch for them.
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/oracle/centring.h"
#include "tests/oracle/cosines.h"
#include "tests/oracle/ngrams.h"
#include "tests/oracle/panel_style.h"
#include "tests/oracle/rivals.h"
#include "tests/oracle/style_features.h"
#include "tests/oracle/style_space.h"

namespace stemma::oracle {
namespace {

TEST(OracleNgrams, AreTheWindowsOfASequence) {
  EXPECT_EQ(NgramSet({"a", "b", "a", "b"}, 2, 3), (std::set<Gram>{{"a", "b"}, {"b", "a"}, {"a", "b", "a"}, {"b", "a", "b"}}));
  EXPECT_TRUE(NgramSet({"a"}, 2, 4).empty());
}

// Groups X (two models), Y, Z, and a degenerate model that must not count: G = 3.
World HandMade() {
  World world;
  world.models = {{"X"}, {"X"}, {"Y"}, {"Z"}, {"D", true}};
  world.answers.resize(5);
  world.answers[0][0].grams = {{1, 1}, {2, 1}};
  world.answers[1][0].grams = {{1, 1}};
  world.answers[2][0].grams = {{1, 1}, {3, 1}};
  world.answers[3][0].grams = {{3, 2}};
  world.answers[3][0].samples = 2;
  world.answers[4][0].grams = {{2, 1}, {3, 1}};
  return world;
}

TEST(OracleCosines, WeighByGroups) {
  const World world = HandMade();
  EXPECT_EQ(CountedGroups(world), 3U);
  EXPECT_DOUBLE_EQ(Weight(world, 0, 1), std::log(4.0 / 2));  // X and Y, X once
  EXPECT_DOUBLE_EQ(Weight(world, 0, 2), std::log(4.0));      // X; the degenerate model does not count
  EXPECT_DOUBLE_EQ(Weight(world, 0, 9), std::log(4.0));      // nobody
  const double common = std::log(2.0) * std::log(2.0);
  const double rare = std::log(4.0) * std::log(4.0);
  EXPECT_DOUBLE_EQ(CosineAt(world, 0, world.answers[0].at(0), world.answers[2].at(0)).value,
                   common / std::sqrt((common + rare) * (common + common)));
  // Counts: (2) against (1, 1) in the directions 3 and 1.
  EXPECT_DOUBLE_EQ(CosineAt(world, 0, world.answers[3].at(0), world.answers[2].at(0)).value, std::sqrt(0.5));
  EXPECT_EQ(CosineAt(world, 0, world.answers[1].at(0), world.answers[3].at(0)).value, 0);
}

// Of two answers one is the other model's answer and one has nothing in common with it: half of a cosine of 1. More of
// the same answers change nothing.
TEST(OracleCosines, AreMeansOverAnswers) {
  World world;
  world.models = {{"X"}, {"Y"}, {"Z"}};
  world.answers.resize(3);
  world.answers[0][0].grams = {{1, 1}, {2, 1}};
  world.answers[0][0].samples = 2;
  world.answers[1][0].grams = {{1, 1}};
  world.answers[2][0].grams = {{2, 1}};
  EXPECT_DOUBLE_EQ(CosineAt(world, 0, world.answers[0].at(0), world.answers[1].at(0)).value, 0.5);
  world.answers[0][0] = {.samples = 6, .grams = {{1, 3}, {2, 3}}, .texts = {}};
  EXPECT_DOUBLE_EQ(CosineAt(world, 0, world.answers[0].at(0), world.answers[1].at(0)).value, 0.5);
}

TEST(OracleCosines, LeaveOutCopiesWhereTenPromptsRemain) {
  World world;
  world.models = {{"X"}, {"Y"}, {"Z"}};
  world.answers.resize(3);
  for (std::size_t p = 0; p < 11; ++p) {
    world.answers[0][p].grams = {{1, 1}};
    world.answers[1][p].grams = {{p == 0 ? 1U : 2U, 1}};
  }
  world.answers[0][0].texts = world.answers[1][0].texts = {77};
  Similarity all = Compare(world, SharedPrompts(world), world.answers[0], world.answers[1]);
  EXPECT_EQ(all.prompts, 10U);
  EXPECT_EQ(all.copies, 1U);
  EXPECT_EQ(all.value, 0);
  world.answers[0].erase(10);
  all = Compare(world, SharedPrompts(world), world.answers[0], world.answers[1]);
  EXPECT_EQ(all.prompts, 10U);  // nine and the copy
  EXPECT_DOUBLE_EQ(all.value, 0.1);
}

TEST(OracleCentring, GivesTheScoreWorkedOutByHand) {
  const std::vector<Standing> models = {{"X"}, {"Y"}, {"Z"}, {"X"}};
  const std::vector<Row> matrix = {{{}, .2, .4, .9}, {.2, {}, .6, .4}, {.4, .6, {}, .2}, {.9, .4, .2, {}}};
  // m(0) = m(3) = .3; m(1) = (.3 + .6) / 2 = .45; m(2) = (.3 + .6) / 2 = .45. m = (.3 + .3 + .6) / 3 = .4.
  // Numerators: (0,1) -.15, (0,2) .05, (3,1) .05, (3,2) -.15, each with weight 1/2; (1,2) .1 with weight 1.
  // Mean (-.075 + .025 + .025 - .075 + .1) / 3 = 0; mean square (2 * .5 * .0225 + 2 * .5 * .0025 + .01) / 3 = .035 / 3.
  const Row row = {.5, .3, .3, .7};
  // m(c) = (.6 + .3 + .3) / 3 = .4 for a stranger.
  const Centred stranger = Centre(row, matrix, models, "none", std::nullopt);
  EXPECT_NEAR(stranger.deviation, std::sqrt(.035 / 3), 1e-12);
  EXPECT_NEAR(*stranger.scores[0], (.5 - .4 - .3 + .4) / std::sqrt(.035 / 3), 1e-12);
  EXPECT_NEAR(*stranger.scores[1], (.3 - .4 - .45 + .4) / std::sqrt(.035 / 3), 1e-12);
  // Of group X: m(c) = .3.
  EXPECT_NEAR(*Centre(row, matrix, models, "X", std::nullopt).scores[3], (.7 - .3 - .3 + .4) / std::sqrt(.035 / 3), 1e-12);
}

TEST(OracleStyleFeatures, AreWordsBehindWhatOpensASentence) {
  const std::set<Opening> expected = {
      {true, {"so"}},   {true, {"so", "."}},     {true, {"so", ".", "<N>"}},     // the answer's start
      {true, {"<L->"}}, {true, {"<L->", "it"}},  {true, {"<L->", "it", "is"}},  // behind the line end; none is at it
      {true, {"it"}},   {true, {"it", "is"}},    {true, {"it", "is", ":"}},     // behind the list marker
      {false, {"a"}}};                                                           // behind the colon
  EXPECT_EQ(Openings({"so", ".", "<N>", "<L->", "it", "is", ":", "a"}), expected);
  EXPECT_TRUE(Openings({}).empty());
  EXPECT_TRUE(Openings({"<P>"}).empty());
}

TEST(OracleStyleSpace, MapsAndScalesByHand) {
  // Two sets of one and two inputs; differences of roots: 1, -1, 2.
  const std::vector<LongMatrix> sets = {{{3, 0}}, {{1}, {-1.5L}}};
  const Scaled projected = Project(sets, {4, 0, 9}, {1, 1, 1});
  EXPECT_EQ(projected.unit, (LongVector{0.6L, 0, -0.8L}));  // (3, 0, -4), of length 5
  EXPECT_EQ(projected.length, 5);
  EXPECT_EQ(Embed({{1, 0}, {0, 1}, {0, 0}}, {1, 0.5L, 7}, {0.25L, 0.5L, 7}).unit, (LongVector{1, 0}));
  EXPECT_EQ(Embed({{1}, {1}}, {0, 0}, {1, 1}).unit, (LongVector{0}));
}

// Groups X (two models) and Y; the degenerate model must not count. Feature 0 at prompt 0: X has it in 1 of 2 samples
// and in 1 of 1, Y not: (.25 + .5) / 2 = .375 at weights .5, .5 and 1.
TEST(OraclePanelStyle, ExpectsMeansOverGroups) {
  StyleWorld world;
  world.models = {{"X"}, {"X"}, {"Y"}, {"D", true}};
  world.answers.resize(4);
  world.features = 1;
  world.sets = {{{1}}};
  world.last = {{1}};
  world.answers[0][0] = {2, 8, {{0, 1}}};
  world.answers[1][0] = {1, 4, {{0, 1}}};
  world.answers[2][0] = {1, 64, {}};
  world.answers[3][0] = {1, 4, {{0, 1}}};
  EXPECT_NEAR(static_cast<double>(ExpectedAtPrompt(world, 0)[0]), 0.375, 1e-15);
  // All X are 4 tokens long, Y is 64: at half-octave 4 a weight of 1 and .75, at 12 a weight of 1 and 0; and of all, 2
  // and .75, another 0.002.
  const std::vector<LongVector> at_lengths = ExpectedAtLengths(world, {0});
  EXPECT_NEAR(static_cast<double>(at_lengths[4][0]), (0.75 + 0.004 * 0.375) / 1.004, 1e-15);
  EXPECT_NEAR(static_cast<double>(at_lengths[12][0]), 0.004 * 0.375 / 1.004, 1e-15);
  EXPECT_NEAR(static_cast<double>(at_lengths[7][0]), 0.375, 1e-15);
  // X's first is above what is expected at the prompt, Y below; the mean of the projections (1, 1, -1, and nothing for
  // the degenerate one) is 0.
  const StyleExpectations expectations = Expect(world, {0}, MatchedBy::kPrompt);
  EXPECT_EQ(static_cast<double>(expectations.mean[0]), 0);
  EXPECT_EQ(static_cast<double>(PointOf(world, expectations, world.answers[0], {0})[0]), 1);
  EXPECT_EQ(static_cast<double>(PointOf(world, expectations, world.answers[2], {0})[0]), -1);
  EXPECT_EQ(static_cast<double>(PointOf(world, expectations, world.answers[2], {})[0]), 0);
}

TEST(OracleRivals, AreOfOtherOrganisations) {
  const std::vector<std::optional<double>> scores = {3, 2, std::nullopt, 5, 1};
  const std::vector<std::string> organisations = {"a", "b", "c", "d", "a"};
  EXPECT_EQ(BestRival(scores, organisations, {true, true, true, true, true}, "d", 1), 3);
  EXPECT_EQ(BestRival(scores, organisations, {true, true, true, true, true}, "d", 0), 2);
  EXPECT_EQ(BestRival(scores, organisations, {false, true, true, true, true}, "d", 1), 1);
  EXPECT_EQ(BestRival(scores, organisations, {true, true, true, false, true}, "b", 4), 0);  // none is left
}

}  // namespace
}  // namespace stemma::oracle
