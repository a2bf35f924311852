#include "stemma/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "lib/report/words.h"
#include "tests/report/made_report.h"

namespace stemma {
namespace {

TEST(AuditToText, NamesVerdictsReasonsAndTheNearest) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  const AuditReport report = RunAudit(panel, made, {"m002"});
  const std::string text = AuditToText(panel, report);
  for (const std::string part :
       {"candidate: 61 responses to 61 prompts, 60 of them shared with made up (24 models, 24 groups)",
        "EXACT COPIES", "insufficient_evidence (distillation)", "Shared weights:", "Distillation:", "not calibrated", "H1, shared weights:",
        "m003", "screening", "floor", "m002", "declared", "released after the candidate", "copies left out",
        "THE OTHER SIDE", "point away", "cannot exclude", "Direction: not determined", "[prompts_not_in_panel]"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  // Copies before anything else, the nearest reference first.
  EXPECT_LT(text.find("EXACT COPIES"), text.find("VERDICT"));
  const std::string references = text.substr(text.find("REFERENCES"));
  EXPECT_LT(references.find(" m003 "), references.find(" m002 "));
}

// Escape sequences are for terminals alone.
TEST(AuditToText, IsColouredOnlyWhereAsked) {
  const AuditCase made = MadeAudit(2, 8, 12);
  const Panel panel = PanelOf(made);
  const AuditReport report = RunAudit(panel, made);
  const std::string plain = AuditToText(panel, report);
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  std::string coloured = AuditToText(panel, report, {.colour = true});
  EXPECT_NE(coloured.find("\x1b[1mVERDICT\x1b[0m"), std::string::npos);
  EXPECT_EQ(std::regex_replace(coloured, std::regex("\x1b\\[[0-9]+m"), ""), plain);
}

// A prior is a what-if: named as such, with the LR's interval, and never where there is too little to judge by.
TEST(AuditToText, ShowsAPriorAsAWhatIf) {
  const AuditCase made = MadeAudit(2, 8, 12);
  const Panel panel = PanelOf(made);
  AuditReport report = RunAudit(panel, made);
  EXPECT_EQ(AuditToText(panel, report).find("What if"), std::string::npos);
  report.classes[0].what_if = WhatIf{0.01, 0.23, 0.02, 0.5};
  EXPECT_NE(AuditToText(panel, report).find("What if (shared weights): whoever gave H1 a probability of 0.01"), std::string::npos);
  AuditOptions options;
  options.prior = 0.01;
  const auto with_prior = Audit(panel, CandidateOf(made), options);
  ASSERT_TRUE(with_prior.ok()) << with_prior.status();
  for (const ClassFinding& finding : with_prior->classes) {
    EXPECT_EQ(finding.verdict.verdict, Verdict::kInsufficientEvidence);
    EXPECT_FALSE(finding.what_if.has_value());
  }
  for (const double prior : {0.0, 1.0, 2.0}) {
    options.prior = prior;
    EXPECT_TRUE(absl::IsInvalidArgument(Audit(panel, CandidateOf(made), options).status()));
  }
}

// A verbal term never stands without what the interval's lower end is called.
TEST(StrengthInWords, SaysWhatTheLowerEndIsCalled) {
  LikelihoodRatio lr;
  lr.bounded.value = std::log10(28);
  lr.bounded.lower = std::log10(0.65);
  EXPECT_EQ(report::StrengthInWords(lr), "moderate support (LR 10-100) by value, but no support (LR 1/2-2) by the lower end");
  lr.bounded.lower = std::log10(11);
  EXPECT_EQ(report::StrengthInWords(lr), "moderate support (LR 10-100) by value and interval");
  lr.bounded.lower = std::nan("");
  EXPECT_EQ(report::StrengthInWords(lr), "moderate support (LR 10-100) by value");
}

// What came later is no source; who else could be is told, and not as a finding.
TEST(AuditToText, NamesTheNearestThatCouldBeTheSourceByDate) {
  AuditCase made = MadeAudit(2, 8, 12);
  made.candidate_metadata.release = "2023-06";
  made.metadata[2].release = "2024";
  const Panel panel = PanelOf(made);
  const AuditReport report = RunAudit(panel, made, {"m002"});
  const ReferenceFinding* nearest = report::NearestNotLater(report.classes[0]);
  ASSERT_NE(nearest, nullptr);
  EXPECT_NE(panel.models()[nearest->model].metadata.model, "m002");
  const std::string text = AuditToText(panel, report);
  EXPECT_NE(text.find("not known to be later"), std::string::npos) << text;
  EXPECT_NE(text.find("ruled out"), std::string::npos) << text;
  EXPECT_EQ(report::NearestNotLater(RunAudit(panel, made, {"m003"}).classes[0]), nullptr);
}

// A name must not end a table's cell, begin a heading or address somebody.
TEST(AuditToMarkdown, EscapesMarkup) {
  AuditCase made = MadeAudit(2, 8, 12);
  for (ModelMetadata& metadata : made.metadata) metadata.organisation = metadata.family = "a|b<img src=x>*c*[d](e)@f`g`";
  const Panel panel = PanelOf(made);
  const std::string text = AuditToMarkdown(panel, RunAudit(panel, made));
  EXPECT_EQ(text.find("<img"), text.find("\\<img") + 1);
  EXPECT_NE(text.find("a\\|b\\<img src=x\\>\\*c\\*\\[d\\](e)\\@f\\`g\\`"), std::string::npos) << text;
  EXPECT_NE(text.find("### The other side: what may speak against derivation"), std::string::npos);
}

// What the page promises to a browser's policy, and to a reader without one.
TEST(AuditToHtml, HoldsEverySectionAndNoScript) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  AuditOptions options;
  options.family_tree = true;
  const auto report = Audit(panel, CandidateOf(made), options);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string page = AuditToHtml(panel, *report, {.statements = {.reviewer = "A. Person"}, .command = "stemma audit x"});
  std::size_t at = 0;
  for (const std::string id : {"copies", "verdict", "propositions", "stemma", "innocents", "references", "calibration", "exculpation",
                               "weights-of-features", "limits", "method", "statements", "digests"}) {
    const std::size_t found = page.find("<section id=\"" + id + "\"");
    ASSERT_NE(found, std::string::npos) << id;
    EXPECT_GT(found, at) << id;
    at = found;
  }
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find(" style="), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page.find("A. Person"), std::string::npos);
  EXPECT_LT(page.size(), 400'000U);
}

TEST(AuditToText, FitsATerminal) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  const std::string text = AuditToText(panel, RunAudit(panel, made, {"m002"}));
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size(); ++lines) {
    const std::size_t end = text.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 110U) << text.substr(at, end - at);
    at = end + 1;
  }
  EXPECT_LE(lines, 60U);
}

// A likeness accuses nobody, and no wording of ours may.
TEST(Report, HoldsNoForbiddenWord) {
  AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  std::vector<std::string> texts;
  for (const AuditReport& report : {RunAudit(panel, made), RunAudit(panel, made, {"m002", "m003"})}) {
    texts.push_back(AuditToText(panel, report));
    texts.push_back(AuditToJson(panel, report));
    texts.push_back(AuditToMarkdown(panel, report));
    texts.push_back(AuditToHtml(panel, report));
  }
  made.candidate_metadata.model = "m003";
  texts.push_back(AuditToText(panel, RunAudit(panel, made)));
  made.candidate = made.world.answers[5];
  texts.push_back(AuditToText(panel, RunAudit(panel, made)));
  const std::regex forbidden(
      "proves|proof of|stolen|theft|guilty|plagiar|% distilled|\\bmatch(es)?\\b|probability that[^.]*copied",
      std::regex::icase);
  for (const std::string& text : texts) {
    std::smatch found;
    EXPECT_FALSE(std::regex_search(text, found, forbidden)) << found.str() << "\n" << text;
  }
  EXPECT_TRUE(std::regex_search(std::string("It Matches"), forbidden));  // the pattern does find
}

}  // namespace
}  // namespace stemma
