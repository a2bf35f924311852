#include "stemma/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stemma/report.h"
#include "tests/audit/made_calibrated.h"

namespace stemma {
namespace {

std::vector<ClassEvaluation> RunEvaluate(const Panel& panel, int threads = 0) {
  auto evaluations = Evaluate(panel, {.draws = 99, .threads = threads});
  EXPECT_TRUE(evaluations.ok()) << evaluations.status();
  return *std::move(evaluations);
}

TEST(Evaluate, RefusesAPanelThatIsNotCalibrated) {
  const auto signatures = SignaturesOf(RandomWorld(1));
  const Panel panel = Panel::Build(signatures, MadeVocabulary()).value();
  EXPECT_EQ(Evaluate(panel).status().message(), "the panel is not calibrated; see stemma panel calibrate --help");
}

TEST(Evaluate, CountsPairsGroupsAndReferences) {
  const std::vector<ClassEvaluation> evaluations = RunEvaluate(MadeCalibratedPanel(1));
  ASSERT_EQ(evaluations.size(), 2U);
  for (const ClassEvaluation& evaluation : evaluations) {
    EXPECT_EQ(evaluation.pairs_h1, 48U);
    EXPECT_EQ(evaluation.groups_h1, 24U);
    EXPECT_EQ(evaluation.references, 4U);
    EXPECT_EQ(evaluation.organisations, 4U);
    // On each of 4 references: the 30 groups that do not derive from it, two models each, and the 3 other references.
    EXPECT_EQ(evaluation.pairs_h2, 4 * (60 + 3));
    EXPECT_EQ(evaluation.groups_h2, 40U);
    EXPECT_EQ(evaluation.pairs.size(), 48U + 4 * 63);
    EXPECT_EQ(evaluation.not_calibrated, 0U);
  }
}

// N(d, 1) against N(0, 1): AUC = Phi(d / sqrt 2), .983 at d = 3, and Cllr .240 at best. The standard errors with some 24
// groups are .01 and .07; four of them are allowed.
TEST(Evaluate, FindsWhatWasPlanted) {
  for (const std::uint64_t seed : {1U, 2U}) {
    for (const ClassEvaluation& evaluation : RunEvaluate(MadeCalibratedPanel(seed))) {
      for (const double auc : {evaluation.figures.anchored_auc, evaluation.figures.anchored_auc_macro, evaluation.figures.matched_auc}) {
        EXPECT_NEAR(auc, 0.983, 0.04);
      }
      // A contrast of four scores: mean 3, deviation 2.
      EXPECT_NEAR(evaluation.figures.interaction_auc, 0.933, 0.06);
      EXPECT_GT(evaluation.figures.rank1_version, 0.8);
      EXPECT_EQ(evaluation.figures.rank1_family, evaluation.figures.rank1_version);  // each reference is a family
      EXPECT_NEAR(evaluation.cllr.value, 0.24, 0.28);
      EXPECT_LE(evaluation.cllr.lower, evaluation.cllr.value);
      EXPECT_GE(evaluation.cllr.upper, evaluation.cllr.value);
      EXPECT_NEAR(evaluation.cllr_min + evaluation.cllr_cal, evaluation.cllr.value, 1e-12);
      EXPECT_GT(evaluation.true_support, 0.8);
      ASSERT_EQ(evaluation.false_support.size(), 3U);
      for (const FalseSupport& support : evaluation.false_support) {
        EXPECT_LE(support.share, support.share_unbounded);
        EXPECT_GT(support.rate_upper, static_cast<double>(support.groups_with) / 40);
      }
      EXPECT_EQ(evaluation.false_support[2].share, 0);  // no LR above 100 from 40 groups
    }
  }
}

// Scores that know nothing: AUC one half, Cllr about 1, and hardly an LR above 1.5 either way.
TEST(Evaluate, FindsNothingWhereNothingWasPlanted) {
  for (const ClassEvaluation& evaluation : RunEvaluate(MadeCalibratedPanel(4, {.separation = 0}))) {
    EXPECT_NEAR(evaluation.figures.anchored_auc, 0.5, 0.2);
    EXPECT_NEAR(evaluation.figures.interaction_auc, 0.5, 0.2);
    EXPECT_LT(evaluation.figures.rank1_version, 0.6);
    EXPECT_NEAR(evaluation.cllr.value, 1, 0.1);
    EXPECT_EQ(evaluation.false_support[1].share, 0);
  }
}

TEST(EvaluateParallel, IsTheSameForAnyNumberOfThreads) {
  const Panel panel = MadeCalibratedPanel(6, {.groups = 12});
  const std::string one = EvaluationToJson(panel, RunEvaluate(panel, 1));
  for (const int threads : {2, 7}) EXPECT_EQ(EvaluationToJson(panel, RunEvaluate(panel, threads)), one);
}

}  // namespace
}  // namespace stemma
