#include "stemma/audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "lib/base/random.h"
#include "stemma/sign.h"
#include "tests/audit/made_audit.h"
#include "tests/base/temporary_folder.h"

namespace stemma {
namespace {

using Ids = std::vector<std::string>;

Ids IdsOf(const std::vector<Remark>& remarks) {
  Ids ids;
  for (const Remark& remark : remarks) {
    EXPECT_FALSE(remark.text.empty()) << remark.id;
    ids.push_back(remark.id);
  }
  return ids;
}

// Of the rule that decided.
Ids Decisive(const ClassFinding& finding) {
  Ids ids;
  for (const VerdictReason& reason : finding.verdict.reasons) {
    EXPECT_FALSE(reason.text.empty()) << reason.id;
    if (reason.rule == finding.verdict.rule) ids.push_back(reason.id);
  }
  return ids;
}

AuditReport RunAudit(const AuditCase& made, const std::vector<std::string>& references = {}) {
  AuditOptions options;
  options.references = references;
  auto report = Audit(PanelOf(made), CandidateOf(made), options);
  if (!report.ok()) ADD_FAILURE() << report.status();
  return *std::move(report);
}

const ClassFinding& Weights(const AuditReport& report) { return report.classes[0]; }
const ClassFinding& Distillation(const AuditReport& report) { return report.classes[1]; }

std::vector<ReferenceFinding> References(const ClassFinding& finding) {
  std::vector<ReferenceFinding> references;
  for (const FamilyFinding& family : finding.families) {
    references.insert(references.end(), family.references.begin(), family.references.end());
  }
  return references;
}

ReferenceFinding Find(const ClassFinding& finding, std::size_t model) {
  for (const ReferenceFinding& reference : References(finding)) {
    if (reference.model == model) return reference;
  }
  ADD_FAILURE() << "no reference " << model;
  return {};
}

// Without a measured error rate there is no verdict, however near the candidate is.
TEST(Audit, GivesNoVerdictUncalibrated) {
  AuditCase made = MadeAudit(1);
  Derive(made, 3, 1);
  const AuditReport report = RunAudit(made);
  for (const ClassFinding& finding : report.classes) {
    EXPECT_EQ(finding.verdict.verdict, Verdict::kInsufficientEvidence);
    EXPECT_EQ(Decisive(finding), Ids{"not_calibrated"});
  }
  EXPECT_EQ(Weights(report).evidence_class, EvidenceClass::kWeights);
  EXPECT_EQ(Distillation(report).evidence_class, EvidenceClass::kDistillation);
}

TEST(Audit, TellsWhatItSaw) {
  const AuditCase made = MadeAudit(2);
  const AuditReport report = RunAudit(made);
  EXPECT_EQ(report.candidate, made.candidate_metadata);
  EXPECT_EQ(report.candidate_digest, CandidateOf(made).digest());
  EXPECT_EQ(report.responses, 60U);
  EXPECT_EQ(report.prompts, 60U);
  EXPECT_EQ(report.shared_prompts, 60U);
  EXPECT_EQ(report.self, std::nullopt);
  EXPECT_TRUE(report.copies.empty());
  EXPECT_EQ(IdsOf(report.warnings), Ids{"no_style"});  // these made signatures hold none
  EXPECT_FALSE(report.unpaired.has_value());
}

TEST(Audit, FindsTheSourceOfADerivative) {
  AuditCase made = MadeAudit(3);
  Derive(made, 7, 0.9);
  const AuditReport report = RunAudit(made);
  for (const ClassFinding& finding : report.classes) {
    EXPECT_EQ(finding.families.front().family, "family7");
    EXPECT_EQ(finding.families.front().references.front().model, 7U);
    EXPECT_EQ(finding.search.at_least, 1U);  // the source's own group, whose best score it is, too
    EXPECT_EQ(finding.search.groups, 24U);
    EXPECT_DOUBLE_EQ(finding.search.p, 2.0 / 25);
  }
}

TEST(Audit, PutsEveryReferenceIntoOneFamilyTheNearestFirst) {
  AuditCase made = MadeAudit(4);
  made.metadata[2].family = made.metadata[5].family = "two";
  made.metadata[2].organisation = made.metadata[5].organisation = "one";
  made.metadata[6].family = "two";  // of another maker: another family
  made.metadata[8].family = "";
  made.metadata[9].degenerate = true;
  const AuditReport report = RunAudit(made);
  for (const ClassFinding& finding : report.classes) {
    std::set<std::size_t> models;
    double before = 1e9;
    for (const FamilyFinding& family : finding.families) {
      ASSERT_FALSE(family.references.empty());
      EXPECT_LE(family.references.front().score, before);
      before = family.references.front().score;
      for (const ReferenceFinding& reference : family.references) {
        EXPECT_TRUE(models.insert(reference.model).second);
        EXPECT_LE(reference.score, before);
      }
      EXPECT_EQ(family.references.size(), family.family == "two" && family.organisation == "one" ? 2U : 1U);
      EXPECT_EQ(family.family == "m008", family.references.front().model == 8);
    }
    EXPECT_EQ(models.size(), 23U);
    EXPECT_FALSE(models.contains(9));
  }
}

TEST(Audit, NeedsSharedPromptsEachClassItsOwnNumber) {
  AuditCase made = MadeAudit(5);
  const auto keep = [&](std::size_t count) {
    std::erase_if(made.candidate, [&](const auto& entry) { return entry.first >= count; });
  };
  keep(50);
  EXPECT_EQ(Decisive(Distillation(RunAudit(made))), Ids{"not_calibrated"});
  keep(49);
  EXPECT_EQ(Decisive(Distillation(RunAudit(made))), (Ids{"too_few_prompts", "not_calibrated"}));
  EXPECT_EQ(Decisive(Weights(RunAudit(made))), Ids{"not_calibrated"});
  keep(10);
  EXPECT_EQ(Decisive(Weights(RunAudit(made))), Ids{"not_calibrated"});
  keep(9);
  EXPECT_EQ(Decisive(Weights(RunAudit(made))), (Ids{"too_few_prompts", "not_calibrated"}));
}

TEST(Audit, NeedsNineteenGroupsBesideTheReferences) {
  EXPECT_EQ(Decisive(Weights(RunAudit(MadeAudit(6, 20)))), Ids{"not_calibrated"});
  EXPECT_EQ(Decisive(Weights(RunAudit(MadeAudit(6, 19)))), (Ids{"too_few_groups", "not_calibrated"}));
}

TEST(Audit, ComparesReleaseDates) {
  AuditCase made = MadeAudit(7);
  made.candidate_metadata.release = "2023-06";
  made.metadata[0].release = "2023-07-01";
  made.metadata[1].release = "2023-06-30";  // the same month
  made.metadata[2].release = "2024";
  made.metadata[3].release = "2023";  // the same year, as far as is known
  made.metadata[4].release = "2022-12";
  const AuditReport undeclared = RunAudit(made);
  const std::vector<bool> later = {true, false, true, false, false, false};
  for (std::size_t m = 0; m < later.size(); ++m) {
    EXPECT_EQ(Find(Weights(undeclared), m).released_after_candidate, later[m]) << m;
  }
  EXPECT_EQ(Decisive(Weights(undeclared)), Ids{"not_calibrated"});
  EXPECT_EQ(Decisive(Weights(RunAudit(made, {"m001"}))), Ids{"not_calibrated"});
  EXPECT_EQ(Decisive(Weights(RunAudit(made, {"m000"}))), (Ids{"reference_released_later", "not_calibrated"}));
  made.candidate_metadata.release = "";
  EXPECT_EQ(Decisive(Weights(RunAudit(made, {"m000"}))), Ids{"not_calibrated"});
}

// A reference that was named beforehand is compared with unrelated groups on itself; one that was found with each
// group's best over all references, for the search could have found any.
TEST(Audit, TellsDeclaredFromScreened) {
  AuditCase made = MadeAudit(8);
  made.metadata[1].organisation = made.metadata[2].organisation = "one maker";  // of two groups, related
  Derive(made, 1, 0.15);
  const AuditReport report = RunAudit(made, {"m001"});
  const ReferenceFinding declared = Find(Weights(report), 1);
  EXPECT_TRUE(declared.declared);
  EXPECT_TRUE(declared.rank.named);
  EXPECT_EQ(declared.rank.groups, 22U);  // without its own and its maker's other group
  for (const ReferenceFinding& reference : References(Weights(report))) {
    EXPECT_EQ(reference.declared, reference.model == 1);
    if (reference.declared) continue;
    EXPECT_FALSE(reference.rank.named);
    EXPECT_EQ(reference.rank.groups, 24U);
  }
  EXPECT_FALSE(Weights(report).search.named);
  // The same reference, found by search, cannot have the smaller p: the others' best over all references counts.
  const AuditReport search = RunAudit(made);
  const ReferenceFinding screened = Find(Weights(search), 1);
  EXPECT_EQ(screened.score, declared.score);
  EXPECT_GE(screened.rank.at_least, declared.rank.at_least);
  // And the search's p is that of the nearest.
  EXPECT_EQ(Weights(search).search.p, Weights(search).families.front().references.front().rank.p);
}

// The candidate's own relatives are no innocent examples.
TEST(Audit, LeavesOutTheCandidatesGroup) {
  AuditCase made = MadeAudit(9);
  made.candidate_metadata.organisation = made.metadata[5].organisation;
  made.candidate_metadata.group = made.metadata[5].group;
  const AuditReport report = RunAudit(made, {"m001"});
  EXPECT_EQ(Weights(report).search.groups, 23U);
  EXPECT_EQ(Find(Weights(report), 1).rank.groups, 22U);
  EXPECT_EQ(Find(Weights(report), 5).to_candidate, Kinship::kOrganisation);
  EXPECT_EQ(Find(Weights(report), 6).to_candidate, Kinship::kUnrelated);
}

TEST(Audit, RefusesUnknownReferences) {
  const AuditCase made = MadeAudit(10, 8, 12);
  AuditOptions options;
  options.references = {"m001", "dodo"};
  const absl::Status status = Audit(PanelOf(made), CandidateOf(made), options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "the panel has no model \"dodo\"; `stemma panel info` lists the 8 that it has");
}

// Wherever it is: each stage asks whether to go on, and a report does not hold on to whom it asked.
TEST(Audit, StopsWhereItIsToldTo) {
  const AuditCase made = MadeAudit(10, 8, 12);
  const Panel panel = PanelOf(made);
  const Signature candidate = CandidateOf(made);
  std::size_t asked = 0, last = 0;
  AuditOptions options;
  options.family_tree = true;
  options.score.threads = 1;
  options.progress = [&](const ProgressEvent&) { return ++asked != last; };
  const auto report = Audit(panel, candidate, options);
  ASSERT_TRUE(report.ok());
  EXPECT_FALSE(report->options.progress);
  const std::size_t steps = asked;
  ASSERT_GT(steps, 10U);
  for (last = 1; last <= steps; ++last) {
    asked = 0;
    EXPECT_EQ(Audit(panel, candidate, options).status().code(), absl::StatusCode::kCancelled) << "step " << last;
    EXPECT_EQ(asked, last);
  }
}

// Twelve makers of four models each; `share` of the candidate's answers are a fifth model's of the second maker, the others
// one's of the first.
AuditCase MadeMixture(double share) {
  constexpr std::size_t kModels = 48;
  AuditCase made;
  made.world = RandomWorld(15, {.groups = 12, .models = kModels + 2, .prompts = 200, .pool = 120, .missing = 0, .several = 0});
  made.candidate = made.world.answers[kModels];
  base::Random random(15);
  for (auto& [prompt, answers] : made.candidate) {
    if (random.Uniform() < share) answers = made.world.answers[kModels + 1].at(prompt);
  }
  made.world.answers.resize(kModels);
  made.world.models.resize(kModels);
  for (std::size_t m = 0; m < kModels; ++m) made.metadata.push_back(MetadataOfModel(made.world, m));
  made.candidate_metadata.model = "candidate";
  return made;
}

// A mean over prompts hides that two wrote them. One who wrote all of them is no mixture.
TEST(Audit, WarnsOfSeveralMakers) {
  const auto warning = [](const AuditReport& report) {
    const auto found = std::ranges::find(report.warnings, "mixture_explains_better", &Remark::id);
    return found == report.warnings.end() ? "" : found->text;
  };
  const AuditCase mixed = MadeMixture(.4);
  const std::string text = warning(RunAudit(mixed));
  EXPECT_TRUE(text.find("group0 at ") != std::string::npos) << text;
  EXPECT_TRUE(text.find("group1 at ") != std::string::npos) << text;
  EXPECT_EQ(warning(RunAudit(MadeMixture(0))), "");
  AuditOptions unasked;
  unasked.mixture = false;
  EXPECT_EQ(warning(Audit(PanelOf(mixed), CandidateOf(mixed), unasked).value()), "");
}

// A copied answer says that it was copied; it must not make the rest look alike.
TEST(Audit, FindsCopiesAndLeavesThemOut) {
  AuditCase made = MadeAudit(11);
  const AuditReport before = RunAudit(made);
  std::size_t copied = 0;
  for (auto& [prompt, answers] : made.candidate) {
    if (prompt >= 20) continue;
    answers.texts = {static_cast<std::uint32_t>(prompt + 1)};
    made.world.answers[4].at(prompt).texts = answers.texts;
    if (prompt < 5) made.world.answers[6].at(prompt).texts = answers.texts;
    ++copied;
  }
  const AuditReport after = RunAudit(made);
  ASSERT_EQ(after.copies.size(), 2U);
  EXPECT_EQ(after.copies[0].model, 4U);
  EXPECT_EQ(after.copies[0].prompts, copied);
  EXPECT_EQ(after.copies[1].model, 6U);
  EXPECT_EQ(after.copies[1].prompts, 5U);
  EXPECT_EQ(Find(Weights(after), 4).n_prompts, 60 - copied);
  EXPECT_EQ(Find(Weights(after), 4).copies, copied);
  EXPECT_EQ(Find(Weights(after), 3).n_prompts, 60U);
  EXPECT_NE(Find(Weights(after), 4).score, Find(Weights(before), 4).score);
}

TEST(Audit, WarnsOfACandidateThatIsInThePanel) {
  AuditCase made = MadeAudit(12, 12, 20);
  const Panel panel = PanelOf(made);
  made.candidate = made.world.answers[3];
  const auto same = Audit(panel, CandidateOf(made), {});
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->self, 3U);
  EXPECT_EQ(IdsOf(same->warnings), (Ids{"candidate_in_panel", "no_style"}));
  for (const ReferenceFinding& reference : References(Weights(*same))) EXPECT_NE(reference.model, 3U);
  made = MadeAudit(12, 12, 20);
  made.candidate_metadata.model = "m003";
  const auto named = Audit(panel, CandidateOf(made), {});
  ASSERT_TRUE(named.ok()) << named.status();
  EXPECT_EQ(named->self, 3U);
  EXPECT_EQ(IdsOf(named->warnings), (Ids{"candidate_named_as_panel_model", "no_style"}));
}

TEST(Audit, WarnsOfPromptsThatThePanelLacks) {
  AuditCase made = MadeAudit(13, 12, 20);
  made.candidate[900] = made.candidate[0];
  const AuditReport report = RunAudit(made);
  EXPECT_EQ(IdsOf(report.warnings), (Ids{"prompts_not_in_panel", "no_style"}));
  EXPECT_EQ(report.warnings[0].text, "1 of the candidate's 21 prompts are not in the panel");
}

TEST(Audit, WarnsOfWhatWasSkippedWhileReading) {
  const base::TemporaryFolder folder;
  std::string panel_lines, candidate_lines;
  for (int p = 0; p < 6; ++p) {
    const auto line = [&](const std::string& model, const std::string& answer) {
      return "{\"model\": \"" + model + "\", \"prompt\": \"p" + std::to_string(p) + "\", \"response\": \"" + answer + "\"}\n";
    };
    const std::string animals[] = {"cat", "dog, and", "- owl", "the fish is", "ant. a bee!"};
    for (int m = 0; m < 5; ++m) {
      panel_lines += line("m" + std::to_string(m), animals[m] + " in it " + animals[(m * p + p) % 5]);
    }
    candidate_lines += line("c", p == 1 ? "<think>so</think>It is the cat" : p == 2 ? " " : "It is the owl");
  }
  candidate_lines += "{\"model\": \"c\", \"prompt\": \"p0\", \"sample\": 0, \"response\": \"It is the owl\"}\n";
  candidate_lines += "{\"model\": \"c\", broken\n";
  const auto panel_inputs = SignResponses(std::vector{folder.Write("panel.jsonl", panel_lines)}, MadeVocabulary(), {});
  ASSERT_TRUE(panel_inputs.ok()) << panel_inputs.status();
  const Panel panel = Panel::Build(panel_inputs->signatures, MadeVocabulary()).value();
  SignOptions options;
  options.read.skip_bad = true;
  const auto inputs = SignResponses(std::vector{folder.Write("c.jsonl", candidate_lines)}, MadeVocabulary(), options);
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  const auto report = Audit(panel, inputs->signatures[0], {}, &inputs->responses);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(IdsOf(report->warnings),
            (Ids{"no_style", "bad_records_skipped", "empty_answers", "duplicates_dropped", "reasoning_split_off"}));
  EXPECT_EQ(IdsOf(Audit(panel, inputs->signatures[0], {})->warnings), Ids{"no_style"});
}

TEST(Verdict, HasTheFourNamesOfTheDesign) {
  EXPECT_EQ(NameOf(Verdict::kInsufficientEvidence), "insufficient_evidence");
  EXPECT_EQ(NameOf(Verdict::kNoSupport), "no_support");
  EXPECT_EQ(NameOf(Verdict::kConsistentWithSharedOrigin), "consistent_with_shared_origin");
  EXPECT_EQ(NameOf(Verdict::kSupportsDerivation), "supports_derivation");
  EXPECT_EQ(NameOf(EvidenceClass::kWeights), "weights");
  EXPECT_EQ(NameOf(EvidenceClass::kDistillation), "distillation");
}

}  // namespace
}  // namespace stemma
