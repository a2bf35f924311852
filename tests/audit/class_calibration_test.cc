#include "lib/audit/class_calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "lib/base/random.h"
#include "stemma/calibration.h"
#include "tests/audit/made_calibrated.h"

namespace stemma::audit {
namespace {

TEST(ClassCalibration, NeedsScoresOfStrangers) {
  const auto signatures = SignaturesOf(RandomWorld(1));
  const Panel panel = Panel::Build(signatures, MadeVocabulary()).value();
  EXPECT_FALSE(ClassCalibration::Of(panel, EvidenceClass::kWeights).has_value());
}

TEST(ClassCalibration, NeedsThreeGroupsOfEachClass) {
  // Of six groups, four derive from a reference each; of three, all three; of two, both.
  EXPECT_TRUE(ClassCalibration::Of(MadeCalibratedPanel(1, {.groups = 6}), EvidenceClass::kWeights).has_value());
  EXPECT_FALSE(ClassCalibration::Of(MadeCalibratedPanel(1, {.groups = 2}), EvidenceClass::kWeights).has_value());
}

// Both models of a pair, and their groups, must have no part in what the pair is judged by.
TEST(ClassCalibration, LeavesBothGroupsOut) {
  const Panel panel = MadeCalibratedPanel(2);
  const auto calibration = ClassCalibration::Of(panel, EvidenceClass::kWeights);
  ASSERT_TRUE(calibration.has_value());
  const std::size_t candidate = panel.group(10), reference = panel.group(1);
  StrangerScores poisoned = *panel.strangers();
  const std::size_t models = panel.models().size();
  for (std::size_t c = 0; c < models; ++c) {
    for (std::size_t r = 0; r < models; ++r) {
      const std::set<std::size_t> groups = {panel.group(c), panel.group(r)};
      if (groups.contains(candidate) || groups.contains(reference)) poisoned.weights[c * models + r] = 1000;
    }
  }
  const Panel other = panel.WithStrangers(poisoned).value();
  const auto poisoned_calibration = ClassCalibration::Of(other, EvidenceClass::kWeights);
  ASSERT_TRUE(poisoned_calibration.has_value());
  for (const double score : {-2.0, 0.0, 2.5}) {
    EXPECT_EQ(calibration->Without(candidate, reference)->LlrLog10(score), poisoned_calibration->Without(candidate, reference)->LlrLog10(score));
    EXPECT_NE(calibration->Without(std::nullopt, reference)->LlrLog10(score), poisoned_calibration->Without(std::nullopt, reference)->LlrLog10(score));
  }
}

// A group of many models has one voice in H1, and one on each reference in H2.
TEST(ClassCalibration, WeighsGroupsTheSame) {
  const Panel panel = MadeCalibratedPanel(3);
  const LabelledSample sample = ClassCalibration::Of(panel, EvidenceClass::kWeights)->SampleWithout([](const ModelPair&) { return false; });
  ASSERT_EQ(sample.h1.size(), 48U);  // 24 of 36 groups derive, two models each
  for (const double weight : sample.h1.weights) EXPECT_EQ(weight, 0.5);
  for (std::size_t k = 0; k < sample.h2.size(); ++k) {
    EXPECT_EQ(sample.h2.weights[k], std::ranges::count(sample.h2.groups, sample.h2.groups[k]) > 4 ? 0.5 : 1) << k;  // a reference
  }
  EXPECT_EQ(std::set(sample.h1.groups.begin(), sample.h1.groups.end()).size(), 24U);
}

// Planted scores N(3, 1) and N(0, 1) have the log LR 3 x - 4.5: with 24 groups of two the fitted line must come near.
// The slope's standard error is about .45 / ln 10 here, that of the LLR at 1.5, where the line crosses 0, about .1: four of
// them are allowed.
TEST(ClassCalibration, FindsThePlantedLikelihoodRatio) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Panel panel = MadeCalibratedPanel(seed);
    const auto model = ClassCalibration::Of(panel, EvidenceClass::kDistillation)->Without(std::nullopt, panel.groups().size());
    ASSERT_TRUE(model.ok());
    EXPECT_NEAR(model->LlrLog10(1.5), 0, 0.4);
    EXPECT_NEAR(model->LlrLog10(2.5) - model->LlrLog10(1.5), 3 / std::log(10), 1.8 / std::log(10));
    // As many groups as were seen, and no more.
    EXPECT_LE(model->bounds().upper_log10, std::log10(36 + 1));
    EXPECT_GE(model->bounds().lower_log10, -std::log10(24 + 1));
  }
}

// One Newton step for a resampled line comes near to fitting it anew: over draws of groups, the two differ by less than
// three tenths of what the draws differ by among themselves, out to where nearly all scores are of one class.
TEST(LrModel, ResampledLinesComeNearToNewFits) {
  const Panel panel = MadeCalibratedPanel(5, {.separation = 2});
  const auto calibration = ClassCalibration::Of(panel, EvidenceClass::kWeights);
  const LabelledSample sample = calibration->SampleWithout([](const ModelPair&) { return false; });
  const LrModel model = LrModel::Fit(sample).value();
  std::vector<std::size_t> order;  // groups as the model numbers them: by first appearance
  for (const Sample* part : {&sample.h1, &sample.h2}) {
    for (const std::size_t group : part->groups) {
      if (std::ranges::find(order, group) == order.end()) order.push_back(group);
    }
  }
  ASSERT_EQ(model.groups(), order.size());
  const std::vector<std::uint32_t> once(order.size(), 1);
  for (const double score : {-1.0, 1.0, 3.0}) EXPECT_NEAR(model.LineAt(once)->LlrLog10(score), model.LlrLog10(score), 1e-9);
  for (const double score : {0.0, 1.0, 2.0, 3.0}) {
    double error = 0, spread = 0;
    for (int draw = 0; draw < 60; ++draw) {
      base::Random random(7, static_cast<std::uint64_t>(draw));
      std::vector<std::uint32_t> times(order.size(), 0);
      for (std::size_t k = 0; k < order.size(); ++k) ++times[random.Below(order.size())];
      // Repeated, not weighed: the penalty of the slope goes by the number of values.
      LabelledSample resampled;
      for (const auto& [from, to] : {std::pair(&sample.h1, &resampled.h1), std::pair(&sample.h2, &resampled.h2)}) {
        for (std::size_t k = 0; k < from->size(); ++k) {
          const auto place = std::ranges::find(order, from->groups[k]) - order.begin();
          for (std::uint32_t repeat = 0; repeat < times[static_cast<std::size_t>(place)]; ++repeat) {
            to->values.push_back(from->values[k]);
            to->weights.push_back(from->weights[k]);
          }
        }
      }
      const double anew = LogisticCalibration::Fit(resampled, {.l2 = 0.1})->LlrLog10(score);
      error += std::pow(model.LineAt(times)->LlrLog10(score) - anew, 2);
      spread += std::pow(anew - model.LlrLog10(score), 2);
    }
    EXPECT_LT(std::sqrt(error), 0.3 * std::sqrt(spread)) << score;
  }
}

TEST(LrModel, HasNoLrWhereAClassIsNotDrawn) {
  const Panel panel = MadeCalibratedPanel(5);
  const auto model = ClassCalibration::Of(panel, EvidenceClass::kWeights)->Without(std::nullopt, panel.groups().size());
  EXPECT_FALSE(model->LineAt(std::vector<std::uint32_t>(model->groups(), 0)).has_value());
}

}  // namespace
}  // namespace stemma::audit
