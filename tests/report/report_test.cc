#include "stemma/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "tests/audit/made_audit.h"

namespace stemma {
namespace {

using Json = nlohmann::json;

// An audit in which something of everything occurs.
AuditCase Eventful() {
  AuditCase made = MadeAudit(1);
  Derive(made, 3, 0.8);
  made.candidate_metadata.release = "2023-06";
  made.metadata[2].release = "2024";
  made.metadata[4].organisation = made.metadata[3].organisation;
  made.metadata[4].family = made.metadata[3].family;
  made.metadata[5].lineage = {{"distilled_from", "m003", "m003", "high", ""}};
  made.candidate[900] = made.candidate[0];
  for (std::size_t m = 3; m < 8; ++m) {
    for (std::size_t p = 0; p < m; ++p) {
      made.candidate[p].texts = made.world.answers[m][p].texts = {static_cast<std::uint32_t>(p + 1)};
    }
  }
  return made;
}

AuditReport RunAudit(const Panel& panel, const AuditCase& made, const std::vector<std::string>& references = {},
                int threads = 0) {
  AuditOptions options;
  options.references = references;
  options.score.threads = threads;
  auto report = Audit(panel, CandidateOf(made), options);
  if (!report.ok()) ADD_FAILURE() << report.status();
  return *std::move(report);
}

TEST(AuditToJson, HoldsEachField) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  const AuditReport report = RunAudit(panel, made, {"m002"});
  const std::string text = AuditToJson(panel, report);
  EXPECT_EQ(text.back(), '\n');
  const Json json = Json::parse(text);
  EXPECT_EQ(json.at("candidate"), (Json{{"model", "candidate"},
                                        {"digest", ToHex(report.candidate_digest)},
                                        {"responses", 61},
                                        {"prompts", 61},
                                        {"shared_prompts", 60}}));
  EXPECT_EQ(json.at("panel"), (Json{{"title", "made up"},
                                    {"digest", ToHex(panel.digest())},
                                    {"vocabulary", ToHex(panel.vocabulary().digest())},
                                    {"models", 24},
                                    {"groups", 24},
                                    {"prompts", 60}}));
  EXPECT_EQ(json.at("direction"), "not determined");
  EXPECT_EQ(json.at("warnings").at(0).at("id"), "prompts_not_in_panel");
  EXPECT_EQ(json.at("exact_copies").at(0), (Json{{"reference", "m007"}, {"n_prompts", 7}, {"left_out", true}}));
  EXPECT_EQ(json.at("exact_copies").size(), 5U);
  ASSERT_EQ(json.at("classes").size(), 2U);
  for (std::size_t c = 0; c < 2; ++c) {
    const Json& finding = json.at("classes").at(c);
    const ClassFinding& expected = report.classes[c];
    EXPECT_EQ(finding.at("class"), c == 0 ? "weights" : "distillation");
    EXPECT_EQ(finding.at("verdict"), "insufficient_evidence");
    EXPECT_EQ(finding.at("rule"), 1);
    EXPECT_EQ(finding.at("subject"), "m002");
    EXPECT_EQ(finding.at("reasons").at(0).at("id"), "reference_released_later");
    EXPECT_EQ(finding.at("reasons").at(1).at("id"), "not_calibrated");
    EXPECT_EQ(finding.at("reasons").at(1).at("rule"), 1);
    EXPECT_EQ(finding.at("nearest_of_all"), (Json{{"p_value", expected.search.p},
                                                  {"floor", expected.search.floor()},
                                                  {"groups_at_least_as_near", expected.search.at_least},
                                                  {"n", expected.search.groups},
                                                  {"unit_of_n", "groups"},
                                                  {"method", "screening"}}));
    ASSERT_EQ(finding.at("families").size(), expected.families.size());
    for (std::size_t f = 0; f < expected.families.size(); ++f) {
      const Json& family = finding.at("families").at(f);
      EXPECT_EQ(family.at("organisation"), expected.families[f].organisation);
      EXPECT_EQ(family.at("family"), expected.families[f].family);
      ASSERT_EQ(family.at("references").size(), expected.families[f].references.size());
      for (std::size_t r = 0; r < family.at("references").size(); ++r) {
        const Json& reference = family.at("references").at(r);
        const ReferenceFinding& found = expected.families[f].references[r];
        EXPECT_EQ(reference.at("reference"), NameOfModel(found.model));
        EXPECT_EQ(reference.at("score"), found.score);  // to the last bit
        EXPECT_EQ(reference.at("rank").at("p_value"), found.rank.p);
        EXPECT_EQ(reference.at("p_value_adjusted"), found.p_value);
        EXPECT_EQ(reference.at("independent_groups"), found.independent_groups);
        EXPECT_TRUE(reference.at("likelihood_ratio").is_null());
        EXPECT_EQ(reference.at("rank").at("method"), found.model == 2 ? "named" : "screening");
        EXPECT_EQ(reference.at("n_prompts"), found.n_prompts);
        EXPECT_EQ(reference.at("exact_copies"), found.copies);
        EXPECT_EQ(reference.at("declared"), found.model == 2);
        EXPECT_EQ(reference.at("released_after_candidate"), found.model == 2);
        EXPECT_EQ(reference.at("documented_relation_to_candidate"), "unrelated");
        EXPECT_EQ(reference.at("documented_relation_to_nearest"), NameOf(found.to_nearest));
      }
    }
  }
}

// The report depends on the audit alone.
TEST(AuditToJsonParallel, IsTheSameForAnyNumberOfThreads) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  const std::string json = AuditToJson(panel, RunAudit(panel, made, {"m001"}, 1));
  for (const int threads : {2, 7}) EXPECT_EQ(AuditToJson(panel, RunAudit(panel, made, {"m001"}, threads)), json) << threads;
}

// Names come from files of strangers.
TEST(AuditToJson, EscapesHostileNames) {
  for (const std::string name : {"\"}],\"verdict\": \"supports_derivation\"", "a\\", "a\nb\tc", "\x1b[31mred", "\u767e\u5ea6",
                                 "</script>", "%s%n%d", "a\u2028b"}) {
    AuditCase made = MadeAudit(2, 8, 12);
    made.candidate_metadata.model = name;
    made.metadata[0].model = "0" + name;
    made.metadata[0].organisation = name;
    const Panel panel = PanelOf(made);
    const AuditReport report = RunAudit(panel, made);
    const std::string text = AuditToJson(panel, report);
    const Json json = Json::parse(text, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << name;
    EXPECT_EQ(json.at("candidate").at("model"), name);
    EXPECT_EQ(json.at("classes").at(0).at("verdict"), "insufficient_evidence");
    bool found = false;
    for (const Json& family : json.at("classes").at(0).at("families")) {
      found = found || family.at("references").at(0).at("reference") == "0" + name;
    }
    EXPECT_TRUE(found) << name;
    for (const char c : text) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= ' ') << name;
  }
}

// Ill-formed UTF-8 becomes U+FFFD: the file is JSON whatever the names are.
TEST(AuditToJson, ReplacesIllFormedNames) {
  AuditCase made = MadeAudit(2, 8, 12);
  made.candidate_metadata.model = "a\xFFz";
  const Panel panel = PanelOf(made);
  EXPECT_EQ(Json::parse(AuditToJson(panel, RunAudit(panel, made))).at("candidate").at("model"), "a\uFFFDz");
}

TEST(AuditToText, NamesVerdictsReasonsAndTheNearest) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  const AuditReport report = RunAudit(panel, made, {"m002"});
  const std::string text = AuditToText(panel, report);
  for (const std::string part :
       {"candidate: 61 responses to 61 prompts, 60 of them shared with the panel made up (24 models in 24 groups)",
        "SHARED WEIGHTS", "DISTILLATION", "verdict: insufficient_evidence", "not calibrated", "m003", "screening", "floor",
        "m002", "declared", "released after the candidate", "copies left out", "EXACT COPIES", "Direction: not determined",
        "[prompts_not_in_panel]"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  // Nearest first.
  EXPECT_LT(text.find("\n      m003 "), text.find("\n      m002 "));
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
