#include "stemma/exculpation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/audit/prompt_findings.h"
#include "tests/audit/made_audit.h"
#include "tests/audit/made_calibrated.h"

namespace stemma {
namespace {

AuditReport AuditOf(const AuditCase& made, AuditOptions options = {}) {
  auto report = Audit(PanelOf(made), CandidateOf(made), options);
  if (!report.ok()) ADD_FAILURE() << report.status();
  return *std::move(report);
}

audit::PromptCohort EveryoneBut(std::size_t reference, std::size_t models) {
  audit::PromptCohort cohort{std::vector<bool>(models, true), std::vector<bool>(models, true), std::nullopt};
  cohort.unrelated[reference] = false;
  return cohort;
}

// The double-centred cosine at one prompt, straight from its definition; every model a group of its own.
double ExcessByDefinition(const oracle::World& world, const oracle::Answers& candidate, std::size_t prompt, std::size_t reference) {
  const std::size_t n = world.answers.size();
  const auto answers = [&](std::size_t m) { return world.answers[m].at(prompt); };
  double own = 0, of_reference = 0, overall = 0;
  for (std::size_t m = 0; m < n; ++m) {
    own += oracle::CosineAt(world, prompt, candidate, answers(m)).value / static_cast<double>(n);
    for (std::size_t k = 0; k < n; ++k) {
      if (k == m) continue;
      const double cosine = oracle::CosineAt(world, prompt, answers(m), answers(k)).value;
      overall += cosine / static_cast<double>(n * (n - 1));
      if (m == reference) of_reference += cosine / static_cast<double>(n - 1);
    }
  }
  return oracle::CosineAt(world, prompt, candidate, answers(reference)).value - own - of_reference + overall;
}

// Sums taken n-gram by n-gram must be those over all pairs.
TEST(PromptFindings, AreDoubleCentredCosines) {
  AuditCase made = MadeAudit(3, 8, 6);
  made.world.weight_steps = 4095;  // as panels hold them
  const auto found = audit::FindByPrompt(PanelOf(made), CandidateOf(made), 2, EveryoneBut(2, 8), 1, {}).value();
  ASSERT_EQ(found.prompts, 6U);
  std::map<Hash128, double> expected;
  std::size_t towards = 0;
  for (std::size_t p = 0; p < 6; ++p) {
    expected[KeyOfPrompt(p)] = ExcessByDefinition(made.world, made.candidate.at(p), p, 2);
    towards += expected[KeyOfPrompt(p)] > 0;
  }
  EXPECT_EQ(found.towards, towards);
  EXPECT_EQ(found.away, 6 - towards);
  EXPECT_EQ(found.strongest_towards.size(), std::min<std::size_t>(5, towards));
  for (const auto* side : {&found.strongest_towards, &found.strongest_away}) {
    for (const PromptFinding& finding : *side) EXPECT_NEAR(finding.excess, expected.at(finding.prompt), 1e-6);
    EXPECT_TRUE(std::ranges::is_sorted(*side, std::ranges::greater(), [](const auto& f) { return std::abs(f.excess); }));
  }
}

// A derivative is nearer to its source at most prompts; unrelated groups at about half. With 60 prompts an innocent's share
// lies within .5 +- .32 but for 1e-6 (normal, four fifths of a prompt's spread being its own): a wrong centring does not.
TEST(PromptFindings, PointTowardsASource) {
  AuditCase made = MadeAudit(4);
  Derive(made, 3, 0.7);
  const AuditReport report = AuditOf(made);
  ASSERT_EQ(report.classes[0].subject, 3U);
  const PromptFindings& prompts = report.classes[0].exculpation.prompts;
  EXPECT_EQ(prompts.prompts, 60U);
  EXPECT_GT(prompts.towards, 55U);
  EXPECT_EQ(prompts.groups, 23U);
  EXPECT_NEAR(prompts.unrelated_median, 0.5, 0.15);
  EXPECT_LT(prompts.unrelated_highest, 0.82);
  EXPECT_GE(prompts.unrelated_highest, prompts.unrelated_median);
}

TEST(PromptFindings, LeaveOutCopies) {
  AuditCase made = MadeAudit(5);
  for (std::size_t p = 0; p < 7; ++p) {
    made.candidate[p].texts = made.world.answers[3][p].texts = {static_cast<std::uint32_t>(p + 1)};
  }
  const auto found = audit::FindByPrompt(PanelOf(made), CandidateOf(made), 3, EveryoneBut(3, 24), 1, {}).value();
  EXPECT_EQ(found.prompts, 53U);
}

TEST(PromptFindingsParallel, AreTheSameForAnyNumberOfThreads) {
  const AuditCase made = MadeAudit(6);
  const Panel panel = PanelOf(made);
  const auto one = audit::FindByPrompt(panel, CandidateOf(made), 1, EveryoneBut(1, 24), 1, {}).value();
  const auto many = audit::FindByPrompt(panel, CandidateOf(made), 1, EveryoneBut(1, 24), 5, {}).value();
  EXPECT_EQ(one.towards, many.towards);
  ASSERT_EQ(one.strongest_away.size(), many.strongest_away.size());
  for (std::size_t k = 0; k < one.strongest_away.size(); ++k) {
    EXPECT_EQ(one.strongest_away[k].excess, many.strongest_away[k].excess);
    EXPECT_EQ(one.strongest_away[k].prompt, many.strongest_away[k].prompt);
  }
}

// Whoever is accused must find something to begin with, whatever was found.
TEST(Exculpation, IsNeverEmpty) {
  AuditCase made = MadeAudit(7);
  Derive(made, 3, 0.9);
  for (const std::size_t prompts : {std::size_t{60}, std::size_t{3}}) {
    while (made.candidate.size() > prompts) made.candidate.erase(std::prev(made.candidate.end()));
    for (const ClassFinding& finding : AuditOf(made).classes) {
      ASSERT_FALSE(finding.exculpation.not_excluded.empty());
      EXPECT_EQ(finding.exculpation.not_excluded.back().kind, "same web pages");
      EXPECT_FALSE(finding.exculpation.features.empty());
      EXPECT_GT(finding.exculpation.prompts.prompts, 0U);
    }
  }
}

TEST(Exculpation, NamesTheStrongestAlternative) {
  AuditCase made = MadeAudit(8);
  for (ModelMetadata& metadata : made.metadata) metadata.reference = true;
  Derive(made, 3, 0.8);
  Derive(made, 5, 0.3);
  const AuditReport report = AuditOf(made);
  ASSERT_EQ(report.classes[0].subject, 3U);
  const auto& alternative = report.classes[0].exculpation.best_alternative;
  ASSERT_TRUE(alternative.has_value());
  EXPECT_EQ(alternative->model, 5U);
  EXPECT_EQ(alternative->kind, AlternativeKind::kOtherRoot);
  EXPECT_FALSE(alternative->lr.has_value());
}

// The n-grams' own score is that of the weights class before a rival's share is taken off.
TEST(Exculpation, ShowsFeaturesForThemselves) {
  AuditCase made = MadeAudit(9);
  Derive(made, 3, 0.8);
  const AuditReport report = AuditOf(made);
  const std::vector<FeatureFinding>& features = report.classes[0].exculpation.features;
  ASSERT_EQ(features.size(), 1U);  // the panel has no style
  EXPECT_EQ(features[0].group, FeatureGroup::kNgrams);
  EXPECT_GT(features[0].score, 3);
  EXPECT_EQ(features[0].rank.at_least, 0U);
  EXPECT_EQ(features[0].rank.groups, 23U);
}

}  // namespace
}  // namespace stemma
