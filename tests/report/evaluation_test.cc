#include <gtest/gtest.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "stemma/report.h"
#include "tests/audit/made_calibrated.h"

namespace stemma {
namespace {

using Json = nlohmann::json;

Estimate Made(double value, double lower, double upper) {
  return {.value = value, .lower = lower, .upper = upper, .n = 22, .unit_of_n = "groups"};
}

// All cells inside, but for one of each other kind.
LevelTest MadeLevel() {
  LevelTest level;
  level.splits = 7;
  level.reference_groups = 23;
  level.candidate_groups = 22;
  level.models = 140;
  level.alphas = {0.05, 0.1, 0.2};
  level.prompt_counts = {50, 12'805};
  level.with_style = true;
  for (const LevelScore score : {LevelScore::kWeights, LevelScore::kDistillation}) {
    for (const LevelDesign design : {LevelDesign::kHalves, LevelDesign::kStrangers}) {
      for (const LevelQuestion question : {LevelQuestion::kNamed, LevelQuestion::kScreening}) {
        for (const std::size_t prompts : level.prompt_counts) {
          for (const LevelStratum stratum :
               {LevelStratum::kAll, LevelStratum::kShortAnswers, LevelStratum::kMiddlingRelease}) {
            for (const double alpha : level.alphas) {
              level.cells.push_back({score, design, question, stratum, prompts, alpha, Made(0.11, 0.02, 1), 0.048,
                                     LevelVerdict::kInside, 9'000, 12});
            }
          }
        }
      }
    }
  }
  level.cells[1].verdict = LevelVerdict::kAbove;
  level.cells[2].verdict = LevelVerdict::kUntested;
  level.cells[5].verdict = LevelVerdict::kAbove;
  level.cells[7].verdict = LevelVerdict::kBelow;
  LevelRise rise{LevelScore::kWeights, LevelQuestion::kNamed, 0.05, 50, 12'805, Made(0.02, 0.01, 0.03), true,
                 LevelVerdict::kBelow};
  level.rises.push_back(rise);
  rise.question = LevelQuestion::kScreening;
  rise.rises = false;
  level.rises.push_back(rise);
  level.control_caught = true;
  return level;
}

void ExpectFitsATerminal(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 110U) << text.substr(at, end - at);
    at = end + 1;
  }
}

void ExpectHolds(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

class EvaluationReport : public testing::Test {
 protected:
  static const Panel& SharedPanel() {
    static const Panel* const panel = new Panel(MadeCalibratedPanel(1, {.groups = 18}));
    return *panel;
  }
  static const std::vector<ClassEvaluation>& SharedEvaluations() {
    static const auto* const evaluations =
        new std::vector<ClassEvaluation>(Evaluate(SharedPanel(), {.draws = 39}).value());
    return *evaluations;
  }

  const Panel& panel_ = SharedPanel();
  std::vector<ClassEvaluation> evaluations_ = SharedEvaluations();
};

TEST_F(EvaluationReport, NamesWhatItJudgesBothWays) {
  const std::string text = EvaluationToText(panel_, evaluations_);
  ExpectFitsATerminal(text);
  ExpectHolds(text, {"(the vocabulary was kept)", "SHARED WEIGHTS: 24 derived pairs (12 groups)",
                     "DISTILLATION: ", "with disclosed sources", "  of which discrimination",
                     "unrelated pairs with LR > 100", "unrelated pairs at the upper bound", "--level"});
}

// Numbers of any size keep to their columns, and a class without any unrelated pair whose sources are disclosed is
// said.
TEST_F(EvaluationReport, FitsATerminalWhateverTheFigures) {
  ClassEvaluation& evaluation = evaluations_[0];
  evaluation.pairs_h1 = evaluation.pairs_h2 = evaluation.groups_h2 = 1'234'567;
  evaluation.references = evaluation.organisations = evaluation.not_calibrated = 12'345;
  evaluation.cllr = Made(123.456, 99.999, 123.457);
  evaluation.disclosed = {};
  evaluation.disclosed.false_support = {
      {.threshold = 1, .share = PairFigures::kNone, .share_unbounded = PairFigures::kNone}, {}, {}};
  evaluation.figures.anchored_auc = {.value = 0.5};
  const std::string text = EvaluationToText(panel_, evaluations_);
  ExpectFitsATerminal(text);
  ExpectHolds(text, {"0 (0 groups)", "not known", "no pairs", "0.500 (no interval)", "123.456 [99.999, 123.457]",
                     "12345 pairs could not be calibrated"});
}

TEST_F(EvaluationReport, HoldsEachFigureInJson) {
  const Json json = Json::parse(EvaluationToJson(panel_, evaluations_));
  EXPECT_FALSE(json.contains("level"));
  ASSERT_EQ(json.at("classes").size(), 2U);
  for (std::size_t c = 0; c < 2; ++c) {
    const Json& found = json.at("classes").at(c);
    const ClassEvaluation& expected = evaluations_[c];
    EXPECT_EQ(found.at("anchored_auc").at("value"), expected.figures.anchored_auc.value);
    EXPECT_EQ(found.at("cllr_min").at("upper"), expected.cllr_min.upper);
    EXPECT_EQ(found.at("disclosed").at("cllr").at("value"), expected.disclosed.cllr.value);
    EXPECT_EQ(found.at("disclosed").at("false_support").at(1).at("groups"), expected.disclosed.groups_h2);
    EXPECT_EQ(found.at("pairs").size(), expected.pairs.size());
    for (const auto& [name, curve] : found.at("curves").items()) {
      ASSERT_EQ(curve.at("units").size(), curve.at("columns").size()) << name;
      for (const auto& [column, values] : curve.at("columns").items()) {
        EXPECT_TRUE(curve.at("units").contains(column));
        EXPECT_EQ(values.size(), curve.at("columns").front().size()) << name << " " << column;
        EXPECT_GT(values.size(), 2U);
      }
    }
  }
}

TEST_F(EvaluationReport, TellsWhatTheLevelTestFound) {
  const LevelTest level = MadeLevel();
  const std::string text = EvaluationToText(panel_, evaluations_, &level);
  ExpectFitsATerminal(text);
  ExpectHolds(text, {"7 times 23 groups were dealt as references and 22 as candidates; 140 models",
                     "    shared weights, reference named beforehand\n         50 prompts  11.0 [ 2.0,100.0]  4.8",
                     "11.0 [ 2.0,100.0]  4.8 above", "untested",
                     "96 shares, 1 above (by chance one in forty), 1 below, 0 untested",
                     "    shortest third of answers, shared weights, reference named beforehand, halves,\n      50 "
                     "prompts, p <= 0.2: 11.0",
                     "more prompts raise the share: in 1 of 2 comparisons",
                     "by 2.0 [1.0, 3.0], 50 to 12805 prompts; still below", "is caught among the short ones"});
  EXPECT_EQ(text.find("--level"), std::string::npos);
  EXPECT_EQ(text.find("middle third of releases"), std::string::npos);  // inside: the JSON holds it
}

// A test that would catch nothing must say so.
TEST_F(EvaluationReport, TellsWhenTheLevelTestIsBlind) {
  LevelTest level = MadeLevel();
  level.control_caught = level.with_style = false;
  level.rises.clear();
  ExpectHolds(EvaluationToText(panel_, evaluations_, &level), {"NOT caught", "no style"});
}

TEST_F(EvaluationReport, HoldsEachCellOfTheLevelTestInJson) {
  const LevelTest level = MadeLevel();
  const Json found = Json::parse(EvaluationToJson(panel_, evaluations_, &level)).at("level");
  ASSERT_EQ(found.at("cells").size(), level.cells.size());
  EXPECT_EQ(found.at("cells").at(1).at("verdict"), "above");
  EXPECT_EQ(found.at("cells").at(5).at("stratum"), "short_answers");
  EXPECT_EQ(found.at("cells").at(5).at("share").at("upper"), 1);
  EXPECT_EQ(found.at("rises").at(0).at("rises"), true);
  EXPECT_EQ(found.at("rises").at(0).at("at_highest"), "below");
  EXPECT_EQ(found.at("prompt_counts"), (Json{50, 12'805}));
  EXPECT_EQ(found.at("control_caught"), true);
}

TEST_F(EvaluationReport, HoldsNoForbiddenWord) {
  LevelTest level = MadeLevel();
  const std::regex forbidden(
      "proves|proof of|stolen|theft|guilty|plagiar|% distilled|\\bmatch(es)?\\b|probability that[^.]*copied",
      std::regex::icase);
  for (const bool caught : {true, false}) {
    level.control_caught = caught;
    for (const std::string& text :
         {EvaluationToText(panel_, evaluations_, &level), EvaluationToJson(panel_, evaluations_, &level)}) {
      std::smatch found;
      EXPECT_FALSE(std::regex_search(text, found, forbidden)) << found.str();
    }
  }
}

}  // namespace
}  // namespace stemma
