#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lib/report/json_statistics.h"
#include "stemma/report.h"
#include "tests/report/made_report.h"

namespace stemma {
namespace {

using Json = nlohmann::json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Json CanonicalOf(const Panel& panel, const AuditReport& report) {
  return Json::parse(AuditToJson(panel, report)).at("canonical");
}

// Digits are decided in one place: what two compilers compute alike but for the last bits must print alike.
TEST(JsonStatistics, RoundsAsItSays) {
  using namespace report;
  EXPECT_EQ(Significant(1.0 / 3).dump(), "0.333333");
  EXPECT_EQ(Significant(1.0 / 3 + 1e-13), Significant(1.0 / 3));
  EXPECT_EQ(Significant(1234567).dump(), "1234570");
  EXPECT_EQ(Significant(-0.0).dump(), "0");
  EXPECT_EQ(Log10(1.23456789).dump(), "1.234568");
  EXPECT_EQ(Log10(-1e-9).dump(), "0");
  EXPECT_EQ(Lr(std::log10(28.7)).dump(), "29");
  EXPECT_EQ(Lr(std::log10(0.0832)).dump(), "0.083");
  EXPECT_EQ(Exact(0.05).dump(), "0.05");
  EXPECT_EQ(Exact(1).dump(), "1");  // not 1.0: other programs would write it so
}

// NaN and infinity are no JSON.
TEST(JsonStatistics, HoldsNothingThatIsNoNumber) {
  using namespace report;
  for (const double value : {kNaN, kInfinity, -kInfinity}) {
    EXPECT_TRUE(Significant(value).is_null() && Log10(value).is_null() && Exact(value).is_null());
  }
  EXPECT_TRUE(Lr(kNaN).is_null() && Lr(400).is_null());
}

// A figure that is missing says why.
TEST(JsonStatistics, SaysWhyThereIsNoFigure) {
  using report::FromStatistic;
  EXPECT_TRUE(FromStatistic({.value = 1, .lower = 0, .upper = 2}).at("not_estimated").is_null());
  EXPECT_EQ(FromStatistic({.value = 1}).at("not_estimated"), "limits: too little data, or all draws are alike");
  EXPECT_EQ(FromStatistic({.value = 1, .lower = 0}).at("not_estimated"), "limit: the value lies beyond all draws");
  EXPECT_EQ(FromStatistic({}).at("not_estimated"), "value: too little data");
}

TEST(AuditToJson, NamesItsInputs) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  const AuditReport report = RunAudit(panel, made, {"m002"});
  const std::string text = AuditToJson(panel, report);
  EXPECT_EQ(text.back(), '\n');
  const Json canonical = Json::parse(text).at("canonical");
  const Json& candidate = canonical.at("candidate");
  EXPECT_EQ(candidate.at("model"), "candidate");
  EXPECT_EQ(candidate.at("metadata").at("organisation"), "newcomer");
  EXPECT_TRUE(candidate.at("metadata").at("base").is_null());
  EXPECT_EQ(candidate.at("digest"), ToHex(report.input.digest));
  EXPECT_EQ(candidate.at("signature_digest"), ToHex(report.candidate_digest));
  EXPECT_EQ(candidate.at("responses"), 61);
  EXPECT_EQ(candidate.at("shared_prompts"), 60);
  // A signature does not tell what was left out before it was made.
  EXPECT_TRUE(candidate.at("responses_with_reasoning").is_null());
  EXPECT_EQ(candidate.at("excluded").at(0).at("id"), "malformed_record");
  EXPECT_TRUE(candidate.at("excluded").at(0).at("records").is_null());
  EXPECT_EQ(candidate.at("excluded").at(3).at("id"), "prompt_not_in_panel");
  EXPECT_EQ(candidate.at("excluded").at(3).at("records"), 1);
  EXPECT_EQ(canonical.at("panel").at("digest"), ToHex(panel.digest()));
  EXPECT_EQ(canonical.at("panel").at("vocabulary").at("digest"), ToHex(panel.vocabulary().digest()));
  EXPECT_TRUE(canonical.at("panel").at("calibration").is_null());
  EXPECT_EQ(canonical.at("parameters").at("references"), (Json{{"value", {"m002"}}, {"default", Json::array()}}));
  EXPECT_EQ(canonical.at("parameters").at("alpha"), (Json{{"value", 0.05}, {"default", 0.05}}));
  EXPECT_EQ(canonical.at("parameters").at("seed"), (Json{{"value", 1}, {"default", 1}}));
  EXPECT_EQ(canonical.at("direction"), "not determined");
  EXPECT_EQ(canonical.at("warnings").at(0).at("id"), "prompts_not_in_panel");
  EXPECT_EQ(canonical.at("copies").at(0), (Json{{"reference", "m007"}, {"n_prompts", 7}, {"left_out", true}}));
  EXPECT_EQ(canonical.at("statements").at("reviewer"), "");
  EXPECT_FALSE(canonical.at("limitations").empty());
}

TEST(AuditToJson, HoldsEachClass) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  const AuditReport report = RunAudit(panel, made, {"m002"});
  const Json canonical = CanonicalOf(panel, report);
  ASSERT_EQ(canonical.at("classes").size(), 2U);
  for (std::size_t c = 0; c < 2; ++c) {
    const Json& finding = canonical.at("classes").at(c);
    const ClassFinding& expected = report.classes[c];
    EXPECT_EQ(finding.at("class"), c == 0 ? "weights" : "distillation");
    EXPECT_EQ(finding.at("verdict"), "insufficient_evidence");
    EXPECT_EQ(finding.at("rule"), 1);
    EXPECT_EQ(finding.at("subject"), "m002");
    EXPECT_EQ(finding.at("propositions").at("h1"), expected.propositions.h1);
    EXPECT_EQ(finding.at("reasons").at(0).at("id"), "reference_released_later");
    EXPECT_EQ(finding.at("reasons").at(0).at("effect"), "decided");
    EXPECT_EQ(finding.at("reasons").at(1).at("id"), "not_calibrated");
    EXPECT_EQ(finding.at("search").at("value"), Json(report::Significant(expected.search.p)));
    EXPECT_EQ(finding.at("search").at("n"), expected.search.groups);
    EXPECT_EQ(finding.at("search").at("method"), "rank among groups, screening");
    EXPECT_EQ(finding.at("exculpation").at("not_excluded").size(), expected.exculpation.not_excluded.size());
    ASSERT_EQ(finding.at("families").size(), expected.families.size());
    for (std::size_t f = 0; f < expected.families.size(); ++f) {
      const Json& family = finding.at("families").at(f);
      EXPECT_EQ(family.at("organisation"), expected.families[f].organisation);
      ASSERT_EQ(family.at("references").size(), expected.families[f].references.size());
      for (std::size_t r = 0; r < family.at("references").size(); ++r) {
        const Json& reference = family.at("references").at(r);
        const ReferenceFinding& found = expected.families[f].references[r];
        EXPECT_EQ(reference.at("reference"), NameOfModel(found.model));
        EXPECT_EQ(reference.at("score").at("value"), Json(report::Significant(found.score)));
        EXPECT_EQ(reference.at("score").at("n"), found.independent_groups);
        EXPECT_EQ(reference.at("p_value").at("unadjusted"), Json(report::Significant(found.rank.p)));
        EXPECT_EQ(reference.at("p_value").at("value"), Json(report::Significant(found.p_value)));
        EXPECT_EQ(reference.at("p_value").at("method"),
                  found.model == 2 ? "rank among groups, named beforehand" : "rank among groups, screening");
        EXPECT_TRUE(reference.at("likelihood_ratio").is_null());
        EXPECT_EQ(reference.at("copies"), found.copies);
        EXPECT_EQ(reference.at("declared"), found.model == 2);
        EXPECT_EQ(reference.at("documented_relation_to_nearest"), NameOf(found.to_nearest));
      }
    }
  }
}

// Provenance and statements are outside of what the digest names.
TEST(AuditToJson, DigestNamesFindingsAlone) {
  const AuditCase made = Eventful();
  const Panel panel = PanelOf(made);
  const AuditReport report = RunAudit(panel, made);
  Provenance provenance;
  provenance.command = {"stemma", "audit"};
  provenance.time = "2025-01-01T00:00:00Z";
  const Json plain = Json::parse(AuditToJson(panel, report));
  const Json full = Json::parse(AuditToJson(panel, report, &provenance, {.reviewer = "somebody"}));
  EXPECT_TRUE(plain.at("provenance").is_null());
  EXPECT_EQ(full.at("provenance").at("time"), "2025-01-01T00:00:00Z");
  EXPECT_EQ(full.at("canonical").at("statements").at("reviewer"), "somebody");
  EXPECT_EQ(full.at("digest"), plain.at("digest"));
  EXPECT_NE(Json::parse(AuditToJson(panel, RunAudit(panel, made, {"m001"}))).at("digest"), plain.at("digest"));
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
    const std::string text = AuditToJson(panel, RunAudit(panel, made));
    const Json json = Json::parse(text, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << name;
    const Json& canonical = json.at("canonical");
    EXPECT_EQ(canonical.at("candidate").at("model"), name);
    EXPECT_EQ(canonical.at("classes").at(0).at("verdict"), "insufficient_evidence");
    bool found = false;
    for (const Json& family : canonical.at("classes").at(0).at("families")) {
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
  EXPECT_EQ(CanonicalOf(panel, RunAudit(panel, made)).at("candidate").at("model"), "a\uFFFDz");
}

}  // namespace
}  // namespace stemma
