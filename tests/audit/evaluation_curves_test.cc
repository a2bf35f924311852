#include "stemma/evaluation_curves.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "tests/audit/made_calibrated.h"

namespace stemma {
namespace {

JudgedPair Judged(std::size_t reference, bool derived, double weight, double score) {
  JudgedPair judged;
  judged.pair = {100, reference};
  judged.derived = derived;
  judged.weight = weight;
  judged.score = judged.llr_log10 = score;
  judged.bounds = {-1, 1};
  return judged;
}

// The area under a curve that jumps at its points.
double Area(const std::vector<AnchoredRocPoint>& points) {
  double area = 0;
  for (std::size_t k = 1; k < points.size(); ++k) {
    area += points[k - 1].hit * (points[k].false_alarm - points[k - 1].false_alarm);
  }
  return area;
}

// What plots show and what the text says must be the same thing.
TEST(EvaluationCurves, AgreeWithTheFigures) {
  const std::vector<ClassEvaluation> evaluations =
      Evaluate(MadeCalibratedPanel(2, {.separation = 1.5}), {.draws = 39}).value();
  ASSERT_EQ(evaluations.size(), 2U);
  for (const ClassEvaluation& evaluation : evaluations) {
    const EvaluationCurves curves = CurvesOf(evaluation).value();
    ASSERT_EQ(curves.ece.size(), 61U);
    EXPECT_EQ(curves.ece.front().prior_odds_log10, -3);
    EXPECT_EQ(curves.ece[30].prior_odds_log10, 0);
    EXPECT_EQ(curves.ece[30].llrs, evaluation.cllr.value);
    EXPECT_EQ(curves.ece[30].pav, evaluation.cllr_min.value);
    EXPECT_NEAR(curves.ece[30].neutral, 1, 1e-12);
    EXPECT_NEAR(Area(curves.anchored_roc), evaluation.figures.anchored_auc.value, 1e-12);
    // One point for each LR, and the ROC's at which nothing is accepted.
    EXPECT_EQ(curves.tippett_unbounded.size(), curves.pav.size());
    EXPECT_EQ(curves.roc.size(), curves.pav.size() + 1);
    EXPECT_EQ(curves.det.size(), curves.roc.size());
    EXPECT_NEAR(curves.tippett_unbounded.front().h1_at_least, 1, 1e-12);
    // Above LR 1 the two Tippett curves fall at the same pairs; of the last, only the unbounded one tells how far.
    const auto above_one = [](const std::vector<TippettPoint>& points) {
      return std::ranges::find_if(points, [](const TippettPoint& point) { return point.llr_log10 > 0; });
    };
    EXPECT_NEAR(above_one(curves.tippett_bounded)->h2_at_least, above_one(curves.tippett_unbounded)->h2_at_least,
                1e-12);
    EXPECT_NEAR(above_one(curves.tippett_bounded)->h2_at_least, evaluation.false_support[0].share, 1e-12);
    EXPECT_LE(curves.tippett_bounded.back().llr_log10, curves.tippett_unbounded.back().llr_log10);
  }
}

// Two references whose scores lie apart: pooled, the second's unrelated pairs stand above the first's derived one.
TEST(EvaluationCurves, AnchorTheRocAtTheReference) {
  ClassEvaluation evaluation;
  evaluation.pairs = {Judged(0, true, 1, 2),    Judged(1, true, 0.5, 10), Judged(1, true, 0.5, 12),
                      Judged(2, true, 9, 0),    Judged(0, false, 1, 1),   Judged(0, false, 0.5, 0),
                      Judged(0, false, 0.5, 0), Judged(1, false, 1, 9),   Judged(1, false, 3, 12)};
  const std::vector<AnchoredRocPoint> points = CurvesOf(evaluation).value().anchored_roc;
  // Nothing stands above 2 on reference 0; on reference 1, three quarters are as high as 12, and as 10. No unrelated
  // pair is on reference 2.
  const std::vector<AnchoredRocPoint> expected = {{0, 0}, {0, 0.5}, {0.75, 1}, {1, 1}};
  ASSERT_EQ(points.size(), expected.size());
  for (std::size_t k = 0; k < points.size(); ++k) {
    EXPECT_EQ(points[k].false_alarm, expected[k].false_alarm) << k;
    EXPECT_EQ(points[k].hit, expected[k].hit) << k;
  }
}

TEST(EvaluationCurves, NeedPairsOfBothClasses) {
  ClassEvaluation evaluation;
  EXPECT_EQ(CurvesOf(evaluation).status().code(), absl::StatusCode::kInvalidArgument);
  evaluation.pairs = {Judged(0, false, 1, 1)};
  EXPECT_EQ(CurvesOf(evaluation).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace stemma
