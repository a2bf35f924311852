#include "stemma/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "stemma/bootstrap.h"
#include "stemma/report.h"
#include "tests/audit/made_calibrated.h"

namespace stemma {
namespace {

std::vector<ClassEvaluation> RunEvaluate(const Panel& panel, int threads = 0, std::size_t draws = 99) {
  auto evaluations = Evaluate(panel, {.draws = draws, .threads = threads});
  EXPECT_TRUE(evaluations.ok()) << evaluations.status();
  return *std::move(evaluations);
}

TEST(Evaluate, RefusesAPanelThatIsNotCalibrated) {
  const auto signatures = SignaturesOf(RandomWorld(1));
  const Panel panel = Panel::Build(signatures, MadeVocabulary()).value();
  EXPECT_EQ(Evaluate(panel).status().message(), "the panel is not calibrated; see stemma panel calibrate --help");
}

TEST(Evaluate, StopsWhereItIsToldTo) {
  const Panel panel = MadeCalibratedPanel(1);
  std::size_t asked = 0;
  for (const std::size_t last : {1U, 60U, 500U}) {
    asked = 0;
    const Progress progress = [&](const ProgressEvent& event) {
      EXPECT_EQ(event.stage, "judging the panel");
      return ++asked != last;
    };
    EXPECT_EQ(Evaluate(panel, {.draws = 99, .threads = 1, .progress = progress}).status().code(), absl::StatusCode::kCancelled);
    EXPECT_EQ(asked, last);
  }
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

// N(d, 1) against N(0, 1): AUC = Phi(d / sqrt 2), .983 at d = 3, and Cllr .240 at best. The standard errors with some
// 24 groups are .01 and .07; four of them are allowed.
TEST(Evaluate, FindsWhatWasPlanted) {
  for (const std::uint64_t seed : {1U, 2U}) {
    for (const ClassEvaluation& evaluation : RunEvaluate(MadeCalibratedPanel(seed))) {
      const PairFigures& figures = evaluation.figures;
      for (const Estimate& auc : {figures.anchored_auc, figures.anchored_auc_macro, figures.matched_auc}) {
        EXPECT_NEAR(auc.value, 0.983, 0.04);
      }
      // A contrast of four scores: mean 3, deviation 2.
      EXPECT_NEAR(figures.interaction_auc.value, 0.933, 0.06);
      EXPECT_GT(figures.rank1_version.value, 0.8);
      EXPECT_EQ(figures.rank1_family.value, figures.rank1_version.value);  // each reference is a family
      EXPECT_NEAR(evaluation.cllr.value, 0.24, 0.28);
      EXPECT_LE(evaluation.cllr.lower, evaluation.cllr.value);
      EXPECT_GE(evaluation.cllr.upper, evaluation.cllr.value);
      EXPECT_NEAR(evaluation.cllr_min.value + evaluation.cllr_cal.value, evaluation.cllr.value, 1e-12);
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
    EXPECT_NEAR(evaluation.figures.anchored_auc.value, 0.5, 0.2);
    EXPECT_NEAR(evaluation.figures.interaction_auc.value, 0.5, 0.2);
    EXPECT_LT(evaluation.figures.rank1_version.value, 0.6);
    EXPECT_NEAR(evaluation.cllr.value, 1, 0.1);
    EXPECT_EQ(evaluation.false_support[1].share, 0);
  }
}

// Groups of candidates in the order in which the pairs name them: the units that are resampled.
std::map<std::size_t, std::size_t> UnitsOf(const Panel& panel, const ClassEvaluation& evaluation) {
  std::map<std::size_t, std::size_t> units;
  for (const JudgedPair& judged : evaluation.pairs) units.emplace(panel.group(judged.pair.candidate), units.size());
  return units;
}

// The anchored AUC as it is said in words: each derived pair, as often as its group is drawn, against each unrelated
// one on its reference, as often as that one's group is.
double AnchoredAuc(const Panel& panel, const ClassEvaluation& evaluation,
                   const std::map<std::size_t, std::size_t>& units, Multiplicities times) {
  const auto weight = [&](const JudgedPair& judged) {
    return judged.weight * times[units.at(panel.group(judged.pair.candidate))];
  };
  double sum = 0, all = 0;
  for (const JudgedPair& derived : evaluation.pairs) {
    if (!derived.derived || weight(derived) == 0) continue;
    double won = 0, met = 0;
    for (const JudgedPair& other : evaluation.pairs) {
      if (other.derived || other.pair.reference != derived.pair.reference) continue;
      met += weight(other);
      if (derived.score > other.score) won += weight(other);
    }
    if (met == 0) continue;
    sum += weight(derived) * won / met;
    all += weight(derived);
  }
  return sum / all;
}

// A group must take its derived and its unrelated pairs with it, or intervals are too narrow.
TEST(Evaluate, ResamplesGroupsOfCandidates) {
  const Panel panel = MadeCalibratedPanel(3, {.groups = 18, .separation = 1});
  for (const ClassEvaluation& evaluation : RunEvaluate(panel)) {
    const std::map<std::size_t, std::size_t> units = UnitsOf(panel, evaluation);
    const Estimate expected =
        PercentileInterval(units.size(), "groups",
                           [&](Multiplicities times) { return AnchoredAuc(panel, evaluation, units, times); },
                           {.draws = 99})
            .value();
    const Estimate& found = evaluation.figures.anchored_auc;
    EXPECT_NEAR(found.value, expected.value, 1e-12);
    EXPECT_NEAR(found.lower, expected.lower, 1e-12);
    EXPECT_NEAR(found.upper, expected.upper, 1e-12);
    EXPECT_LT(found.lower, found.upper);
    for (const Estimate& estimate : {found, evaluation.figures.anchored_auc_macro, evaluation.figures.matched_auc,
                                     evaluation.figures.interaction_auc, evaluation.figures.rank1_version}) {
      EXPECT_EQ(estimate.n, units.size());
      EXPECT_LE(estimate.lower, estimate.value);
      EXPECT_GE(estimate.upper, estimate.value);
      EXPECT_EQ(estimate.unit_of_n, "groups");
      EXPECT_EQ(estimate.method, "percentile bootstrap, 99 draws");
    }
  }
}

// Cllr's parts vary with the same groups and organisations as Cllr does. With few organisations limits lie far out: it
// takes draws.
TEST(Evaluate, GivesTheIntervalsOfAllPartsOfCllr) {
  const Panel panel = MadeCalibratedPanel(5, {.references = 10, .groups = 36, .members = 1, .separation = 1});
  for (const ClassEvaluation& evaluation : RunEvaluate(panel, 0, 399)) {
    for (const PairsEvaluation* of : {static_cast<const PairsEvaluation*>(&evaluation), &evaluation.disclosed}) {
      for (const Estimate& estimate : {of->cllr, of->cllr_min, of->cllr_cal}) {
        EXPECT_LT(estimate.lower, estimate.upper);
        EXPECT_EQ(estimate.n, of->cllr.n);
        EXPECT_EQ(estimate.method,
                  "two-level bootstrap, 399 draws of groups of candidates and of 10 organisations' references");
      }
      EXPECT_LE(of->cllr_min.upper, of->cllr.upper);
    }
  }
}

// Without the only reference nothing is left to calibrate by: scores are still judged, and no LR is made up.
TEST(Evaluate, JudgesScoresWhereNothingCanBeCalibrated) {
  const Panel panel = MadeCalibratedPanel(5, {.references = 1});
  for (const ClassEvaluation& evaluation : RunEvaluate(panel)) {
    EXPECT_EQ(evaluation.not_calibrated, 24U + 48);
    EXPECT_TRUE(evaluation.pairs.empty());
    EXPECT_GT(evaluation.figures.anchored_auc.value, 0.9);
    for (const double value : {evaluation.cllr.value, evaluation.cllr_min.value, evaluation.true_support,
                               evaluation.false_support[0].share}) {
      EXPECT_TRUE(std::isnan(value)) << value;
    }
    EXPECT_EQ(evaluation.false_support[0].rate_upper, 1);
  }
  EXPECT_NE(EvaluationToText(panel, RunEvaluate(panel)).find("72 pairs could not be calibrated"), std::string::npos);
}

// Of innocents and references nothing is documented; the students of other references say what they were made from.
TEST(Evaluate, JudgesAgainstDisclosedCandidatesApart) {
  for (const ClassEvaluation& evaluation : RunEvaluate(MadeCalibratedPanel(1))) {
    const PairsEvaluation& disclosed = evaluation.disclosed;
    EXPECT_EQ(disclosed.pairs_h2, 4U * 36);  // on each of 4 references: 18 groups of two models
    EXPECT_EQ(disclosed.groups_h2, 24U);
    EXPECT_EQ(disclosed.false_support[0].groups, 24U);
    double weight = 0, above = 0;
    for (const JudgedPair& judged : evaluation.pairs) {
      const bool reference = judged.pair.candidate < 4;
      EXPECT_EQ(judged.undisclosed, reference || (judged.pair.candidate - 4) / 2 % 6 >= 4) << judged.pair.candidate;
      if (judged.derived || judged.undisclosed) continue;
      weight += judged.weight;
      if (judged.bounded_log10() > 0) above += judged.weight;
    }
    EXPECT_NEAR(disclosed.false_support[0].share, above / weight, 1e-12);
    // Ranks compare references, not candidates.
    EXPECT_EQ(disclosed.figures.rank1_version.value, evaluation.figures.rank1_version.value);
  }
}

TEST(EvaluateParallel, IsTheSameForAnyNumberOfThreads) {
  const Panel panel = MadeCalibratedPanel(6, {.groups = 12});
  const std::string one = EvaluationToJson(panel, RunEvaluate(panel, 1));
  for (const int threads : {2, 7}) EXPECT_EQ(EvaluationToJson(panel, RunEvaluate(panel, threads)), one);
}

}  // namespace
}  // namespace stemma
