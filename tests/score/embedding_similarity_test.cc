#include "stemma/embedding_similarity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/random.h"

namespace stemma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Values = std::vector<double>;

Values RandomValues(base::Random& random, std::size_t count) {
  Values values(count);
  for (double& value : values) value = 2 * random.Uniform() - 1;
  return values;
}

// By hand. One prompt, weights 1, 1, 2 and a candidate: the centre is (0 + 2 + 2 * 1) / 4 = 1 in x, (0 + 0 + 2 * 2) / 4 = 1
// in y. Directions are (-1, -1), (1, -1), (0, 1) and the candidate's (2, 0).
TEST(PromptCentredCosines, AreThoseOfDirectionsFromTheWeightedCentre) {
  const Values a = {0, 0}, b = {2, 0}, c = {1, 2}, candidate = {3, 1};
  const auto cosines = PromptCentredCosines(std::vector<Points>{{a, 2}, {b, 2}, {c, 2}, {candidate, 2}}, Values{1, 1, 2, 0});
  ASSERT_TRUE(cosines.ok()) << cosines.status();
  const double half = std::sqrt(0.5);
  const Values expected = {1, 0, -half, -half, 0, 1, -half, half, -half, -half, 1, 0, -half, half, 0, 1};
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR((*cosines)[k], expected[k], 1e-15) << k;
}

// The first prompt lacks the second model, the second prompt has the third on the centre.
TEST(PromptCentredCosines, LeaveOutPromptsWithoutAnAnswerOrADirection) {
  const Values a = {1, 0, 2, 0}, b = {kNaN, kNaN, 0, 0}, c = {-1, 0, 1, 0};
  const auto cosines = PromptCentredCosines(std::vector<Points>{{a, 2}, {b, 2}, {c, 2}}, Values{1, 1, 1});
  ASSERT_TRUE(cosines.ok()) << cosines.status();
  EXPECT_EQ((*cosines)[0 * 3 + 1], -1);
  EXPECT_EQ((*cosines)[0 * 3 + 2], -1);
  EXPECT_TRUE(std::isnan((*cosines)[1 * 3 + 2]));
}

// What all models say to a prompt is no likeness of two of them, nor is how long vectors are.
TEST(PromptCentredCosines, DoNotDependOnWhatAllShareOrOnScale) {
  base::Random random(1);
  std::vector<Values> models, moved;
  const Values shift = RandomValues(random, 20 * 5);
  for (int m = 0; m < 4; ++m) {
    models.push_back(RandomValues(random, 20 * 5));
    moved.push_back(models.back());
    for (std::size_t k = 0; k < shift.size(); ++k) moved.back()[k] = 3 * moved.back()[k] + shift[k];
  }
  const auto of = [](const std::vector<Values>& of_models) {
    std::vector<Points> points;
    for (const Values& model : of_models) points.push_back({model, 5});
    return PromptCentredCosines(points, Values{1, 0.5, 0.5, 1}).value();
  };
  const Values before = of(models), after = of(moved);
  for (std::size_t k = 0; k < before.size(); ++k) EXPECT_NEAR(before[k], after[k], 1e-12);
}

TEST(PromptCentredCosines, RefuseModelsThatDoNotFit) {
  const Values a = {1, 0}, b = {1, 0, 2, 0};
  const auto error = [](const std::vector<Points>& models, const Values& weights) {
    return std::string(PromptCentredCosines(models, weights).status().message());
  };
  EXPECT_EQ(error({}, {}), "prompt-centred cosines need at least one model, got none");
  EXPECT_EQ(error({{a, 2}}, {}), "0 weights for 1 models");
  EXPECT_EQ(error({{a, 2}, {b, 2}}, {1, 1}),
            "model 1 has 4 values in rows of 2; all models need as many as the first, 2 in rows of 2");
  EXPECT_EQ(error({{a, 2}, {a, 2}}, {1, -1}), "model 1: weights must be at least 0, got -1");
  const Values bad = {1, 0, 2, kNaN};
  EXPECT_EQ(error({{b, 2}, {bad, 2}}, {1, 1}), "model 1, row 1: values must be finite");
}

// x = (-1, 0, 1) and y = (1, -2, 1) do not covary; x and (0, 1, 5) have the correlation 5 / sqrt(2 * 14), and linear CKA of
// single columns is its square.
TEST(LinearCka, IsTheSquaredCorrelationOfColumns) {
  const Values x = {-1, 0, 1}, y = {1, -2, 1}, z = {0, 1, 5};
  EXPECT_NEAR(LinearCka({x, 1}, {y, 1}).value(), 0, 1e-15);
  EXPECT_NEAR(LinearCka({x, 1}, {z, 1}).value(), 25.0 / 28, 1e-15);
}

TEST(LinearCka, IsOneUnderRotationShiftAndScale) {
  base::Random random(2);
  const Values x = RandomValues(random, 30 * 2);
  Values turned(x.size());
  for (std::size_t k = 0; k < 30; ++k) {
    turned[2 * k] = 7 + 3 * (0.6 * x[2 * k] - 0.8 * x[2 * k + 1]);
    turned[2 * k + 1] = -2 + 3 * (0.8 * x[2 * k] + 0.6 * x[2 * k + 1]);
  }
  EXPECT_NEAR(LinearCka({x, 2}, {turned, 2}).value(), 1, 1e-14);
  const Values other = RandomValues(random, 30 * 3);
  EXPECT_NEAR(LinearCka({x, 2}, {other, 3}).value(), LinearCka({turned, 2}, {other, 3}).value(), 1e-14);
  EXPECT_LT(LinearCka({x, 2}, {other, 3}).value(), 0.5);
}

// Distances of 0, 3 | 4: 3, 4, 1. Of 0, 3 | 4, 10: 1, 3, 4, 6, 7, 10.
TEST(MedianDistance, IsThatOfAllPairs) {
  const Values x = {0, 3}, one = {4}, two = {4, 10};
  EXPECT_EQ(MedianDistance({x, 1}, {one, 1}).value(), 3);
  EXPECT_EQ(MedianDistance({x, 1}, {two, 1}).value(), 5);
}

// x = 0, 1 and y = 0, 2 with kernel exp(-d^2 / 2): e^-.5 + e^-2 - (1 + e^-2 + e^-.5 + e^-.5) / 2.
TEST(MmdSquared, IsTheUnbiasedStatistic) {
  const Values x = {0, 1}, y = {0, 2};
  EXPECT_NEAR(MmdSquared({x, 1}, {y, 1}, 1).value(), std::exp(-2.0) / 2 - 0.5, 1e-15);
  EXPECT_EQ(MmdSquared({x, 1}, {y, 1}, 0).status().message(), "the bandwidth must be above 0 and finite, got 0");
}

// Without bias: over 400 pairs of samples of one distribution the mean is 0 within six of its standard errors, and each
// sign is common (the chance that none of 400 is below 0 is far below 1e-8, as the statistic's median is not above 0).
TEST(MmdSquared, IsAboutZeroForOneDistribution) {
  base::Random random(3);
  double sum = 0, squares = 0;
  int below = 0;
  for (int k = 0; k < 400; ++k) {
    const Values x = RandomValues(random, 10 * 2), y = RandomValues(random, 12 * 2);
    const double mmd = MmdSquared({x, 2}, {y, 2}, 1).value();
    sum += mmd;
    squares += mmd * mmd;
    below += mmd < 0;
  }
  EXPECT_LT(std::fabs(sum), 6 * std::sqrt(squares));
  EXPECT_GT(below, 0);
  Values x = RandomValues(random, 50 * 2), far = RandomValues(random, 50 * 2);
  for (double& value : far) value += 10;
  EXPECT_GT(MmdSquared({x, 2}, {far, 2}, 1).value(), 0.5);
}

// x = 0, 2 and y = 3: 2 (3 + 1) / 2 - (2 + 2) / 4 = 3; and for single points twice their distance.
TEST(EnergyDistance, IsTheRootOfTheStatistic) {
  const Values x = {0, 2}, y = {3}, a = {0, 0}, b = {3, 4};
  EXPECT_NEAR(EnergyDistance({x, 1}, {y, 1}).value(), std::sqrt(3.0), 1e-15);
  EXPECT_NEAR(EnergyDistance({a, 2}, {b, 2}).value(), std::sqrt(10.0), 1e-15);
  EXPECT_EQ(EnergyDistance({x, 1}, {x, 1}).value(), 0);
}

TEST(EmbeddingMeasures, AreSymmetricAndTheSameForRowsInAnyOrder) {
  base::Random random(4);
  const Values x = RandomValues(random, 9 * 3), y = RandomValues(random, 7 * 3);
  Values reversed;
  const Points a = {x, 3}, b = {y, 3};
  for (std::size_t k = a.rows(); k-- > 0;) reversed.insert(reversed.end(), a.row(k).begin(), a.row(k).end());
  const Points c = {reversed, 3};
  EXPECT_EQ(MedianDistance(a, b).value(), MedianDistance(b, c).value());
  EXPECT_NEAR(MmdSquared(a, b, 0.7).value(), MmdSquared(b, c, 0.7).value(), 1e-15);
  EXPECT_NEAR(EnergyDistance(a, b).value(), EnergyDistance(b, c).value(), 1e-14);
}

TEST(EmbeddingMeasures, RefuseWhatTheyCannotMeasure) {
  const Values one = {1}, two = {1, 2}, bad = {1, kNaN}, equal = {1, 1, 1, 1}, three = {1, 2, 3};
  EXPECT_EQ(LinearCka({one, 1}, {one, 1}).status().message(), "the first points: at least 2 rows are needed, got 1");
  EXPECT_EQ(LinearCka({two, 1}, {three, 1}).status().message(), "CKA compares rows in pairs, got 2 and 3");
  EXPECT_EQ(LinearCka({equal, 2}, {two, 1}).status().message(), "CKA needs rows that differ; all of one side are equal");
  EXPECT_EQ(MmdSquared({two, 1}, {bad, 1}, 1).status().message(),
            "the second points: row 1, column 0 is nan; values must be finite");
  EXPECT_EQ(EnergyDistance({two, 1}, {two, 2}).status().message(), "points of 1 and of 2 dimensions cannot be compared");
  EXPECT_EQ(MedianDistance({three, 2}, {two, 2}).status().message(), "the first points: 3 values are no rows of 2");
  EXPECT_EQ(EnergyDistance({{}, 0}, {two, 2}).status().message(), "the first points: 0 values are no rows of 0");
}

EmbeddingSignature Signature(const std::string& model, const std::vector<std::pair<std::uint64_t, Values>>& vectors,
                             const std::string& embedder = "made-up") {
  EmbeddingSignatureBuilder builder(
      EmbeddingReducer::Create({embedder, {1, 2}}, vectors[0].second.size(), {.fraction_bits = 14}).value());
  for (const auto& [prompt, vector] : vectors) EXPECT_TRUE(builder.Add({0, prompt}, 0, vector).ok());
  ModelMetadata metadata;
  metadata.model = model;
  metadata.group = model;
  return builder.Build(metadata).value();
}

TEST(CompareEmbeddings, TellsWhatTheMeasuresDo) {
  const EmbeddingSignature a = Signature("a", {{1, {1, 0}}, {2, {0, 1}}, {3, {0, -1}}});
  const EmbeddingSignature b = Signature("b", {{1, {2, 0}}, {2, {0, -5}}, {4, {-1, 0}}});
  const auto comparison = CompareEmbeddings(a, b);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->shared_prompts, 2U);
  EXPECT_EQ(comparison->mean_cosine, 0);  // (1 - 1) / 2
  // Rows centred: (.5, -.5), (-.5, .5) and (.5, .5), (-.5, -.5).
  EXPECT_NEAR(comparison->linear_cka, 1, 1e-15);
  // Of 15 distances: twice 0, ten of sqrt(2), three of 2.
  EXPECT_NEAR(comparison->bandwidth, std::sqrt(2.0), 1e-15);
  const Values x = {1, 0, 0, 1, 0, -1}, y = {1, 0, 0, -1, -1, 0};
  EXPECT_NEAR(comparison->mmd_squared, MmdSquared({x, 2}, {y, 2}, comparison->bandwidth).value(), 1e-15);
  EXPECT_NEAR(comparison->energy_distance, EnergyDistance({x, 2}, {y, 2}).value(), 1e-15);
}

TEST(CompareEmbeddings, RefusesOtherEmbeddersAndTooFewPrompts) {
  const EmbeddingSignature a = Signature("a", {{1, {1, 0}}, {2, {0, 1}}});
  EXPECT_EQ(CompareEmbeddings(a, Signature("b", {{1, {1, 0}}, {2, {0, 1}}}, "other")).status().message(),
            "vectors of different embedders cannot be compared: made-up and other");
  EXPECT_EQ(CompareEmbeddings(a, Signature("b", {{2, {1, 0}}, {3, {0, 1}}})).status().message(),
            "two models must share at least 2 prompts to be compared, got 1");
}

// The panel's measure is the exact one but for the rounding of its directions: at 8 bits, of 5 dimensions and 40 prompts,
// below .01.
TEST(PromptCentredCosines, OfAPanelAreThoseOfItsSignatures) {
  base::Random random(5);
  constexpr std::size_t kModels = 6, kPrompts = 40, kDims = 5;
  std::vector<EmbeddingSignature> signatures;
  std::vector<Values> rows;
  for (std::size_t m = 0; m < kModels; ++m) {
    std::vector<std::pair<std::uint64_t, Values>> vectors;
    for (std::size_t p = 0; p < kPrompts; ++p) vectors.emplace_back(p, RandomValues(random, kDims));
    signatures.push_back(Signature(std::string(1, static_cast<char>('a' + m)), vectors));
    Values& of_model = rows.emplace_back(kPrompts * kDims);
    for (std::size_t p = 0; p < kPrompts; ++p) signatures.back().Mean(p, std::span(of_model).subspan(p * kDims, kDims));
  }
  // The last is no model of the panel.
  std::vector<const EmbeddingSignature*> members;
  for (std::size_t m = 0; m + 1 < kModels; ++m) members.push_back(&signatures[m]);
  const auto panel = EmbeddingPanel::Build(members, {.bits = 8});
  ASSERT_TRUE(panel.ok()) << panel.status();
  std::vector<Points> points;
  for (const Values& of_model : rows) points.push_back({of_model, kDims});
  const Values exact = PromptCentredCosines(points, Values{1, 1, 1, 1, 1, 0}).value();
  const Values matrix = PromptCentredCosines(*panel);
  const Values row = PromptCentredCosines(*panel, signatures.back()).value();
  const Values by_prompt = CosinesByPrompt(*panel, signatures.back()).value();
  ASSERT_EQ(by_prompt.size(), members.size() * kPrompts);
  double first = 0;
  for (std::size_t p = 0; p < kPrompts; ++p) first += by_prompt[p] / kPrompts;
  EXPECT_NEAR(row[0], first, 1e-14);
  const std::size_t members_count = members.size();
  for (std::size_t a = 0; a < members_count; ++a) {
    for (std::size_t b = 0; b < members_count; ++b) {
      EXPECT_NEAR(matrix[a * members_count + b], exact[a * kModels + b], 0.01);
    }
    EXPECT_NEAR(row[a], exact[(kModels - 1) * kModels + a], 0.01);
  }
  EXPECT_EQ(PromptCentredCosines(*panel, Signature("z", {{1, Values(kDims, 1)}}, "other")).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace stemma
