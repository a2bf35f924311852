#include "stemma/stored_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "stemma/report.h"
#include "stemma/report_diff.h"
#include "tests/report/made_report.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;
using Ids = std::set<std::string>;

StoredReport Stored(const std::string& text) {
  auto report = StoredReport::Parse(text, "r.json");
  if (!report.ok()) ADD_FAILURE() << report.status();
  return *std::move(report);
}

Ids IdsOf(const std::vector<Remark>& remarks) {
  Ids ids;
  for (const Remark& remark : remarks) ids.insert(remark.id);
  return ids;
}

class StoredReportTest : public testing::Test {
 protected:
  StoredReportTest()
      : made_(Eventful()), panel_(PanelOf(made_)), text_(AuditToJson(panel_, RunAudit(panel_, made_, {"m002"}))) {}

  std::string Edited(const std::string& pointer, const Json& value) const {
    Json json = Json::parse(text_);
    json.at(Json::json_pointer(pointer)) = value;
    return json.dump(2) + "\n";
  }

  AuditCase made_;
  Panel panel_;
  std::string text_;
};

TEST_F(StoredReportTest, GivesBackWhatAnAuditTakes) {
  AuditOptions options;
  options.references = {"m002", "m001"};
  options.alpha = 0.013;
  options.prior = 0.25;
  options.mixture = false;
  options.draws = 77;
  options.seed = 18'446'744'073'709'551'615ULL;
  options.score.rival_weight_ranking = 0.1;
  made_.candidate_metadata.lineage = {{"distilled_from", "m001", "m001", "low", "a page"}};
  const auto audit = Audit(panel_, CandidateOf(made_), options);
  ASSERT_TRUE(audit.ok()) << audit.status();
  const StoredReport report = Stored(AuditToJson(panel_, *audit, nullptr, {.collection = "by hand"}));
  EXPECT_TRUE(report.intact());
  EXPECT_EQ(report.candidate(), made_.candidate_metadata);
  EXPECT_EQ(report.options().references, options.references);
  EXPECT_EQ(report.options().alpha, options.alpha);
  EXPECT_EQ(report.options().prior, options.prior);
  EXPECT_EQ(report.options().mixture, options.mixture);
  EXPECT_EQ(report.options().draws, options.draws);
  EXPECT_EQ(report.options().seed, options.seed);
  EXPECT_EQ(report.options().score.rival_weight_ranking, 0.1);
  EXPECT_EQ(report.statements().collection, "by hand");
  EXPECT_FALSE(report.skipped_bad_records());
  EXPECT_TRUE(report.input_paths().empty());
}

TEST_F(StoredReportTest, NamesWhereJsonIsMalformed) {
  const std::string cut = text_.substr(0, 1000);
  EXPECT_TRUE(absl::StrContains(StoredReport::Parse(cut, "r.json").status().message(), "r.json: malformed JSON at byte 1001"));
  EXPECT_TRUE(absl::StrContains(StoredReport::Parse("", "r.json").status().message(), "r.json: the file is empty"));
  for (const std::string text : {"", "{", "nonsense", "{\"canonical\": 1e999}"}) {
    EXPECT_EQ(StoredReport::Parse(text, "x").status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST_F(StoredReportTest, NamesWhatForeignJsonLacks) {
  for (const std::string text : {"[]", "3", "{}", "{\"canonical\": []}"}) {
    EXPECT_EQ(StoredReport::Parse(text, "x").status().message(), "x: no report of stemma audit: /canonical is not an object") << text;
  }
  EXPECT_TRUE(absl::StrContains(StoredReport::Parse(Edited("/canonical/parameters/draws/value", -1), "x").status().message(),
                                "/parameters/draws/value is not a whole number"));
  EXPECT_TRUE(absl::StrContains(StoredReport::Parse(Edited("/canonical/parameters/mixture/value", 1), "x").status().message(),
                                "/parameters/mixture/value is not true or false"));
  EXPECT_EQ(StoredReport::Parse(Edited("/canonical/schema_version", 2), "x").status().code(), absl::StatusCode::kUnimplemented);
}

// A parser keeps the last of equal keys, a reader sees the first.
TEST_F(StoredReportTest, RefusesKeysThatStandTwice) {
  std::string twice = text_;
  twice.replace(twice.find("\"direction\""), 0, "\"direction\": \"forth\", ");
  EXPECT_TRUE(absl::StrContains(StoredReport::Parse(twice, "x").status().message(), "\"direction\" stands twice"));
}

TEST_F(StoredReportTest, RefusesEndlessNesting) {
  const std::string deep = "{\"canonical\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_TRUE(absl::StrContains(StoredReport::Parse(deep, "x").status().message(), "nested more than"));
}

// Whatever single value is changed by hand, its pointer is named.
TEST_F(StoredReportTest, FindsEachEdit) {
  const StoredReport report = Stored(text_);
  for (const std::string pointer :
       {"/candidate/digest", "/panel/vocabulary/digest", "/panel/models", "/headline/verdict", "/classes/1/reasons/0/text",
        "/classes/0/families/3/references/0/score/value", "/warnings/0/text", "/limitations/0/id", "/constants/gram_bits"}) {
    const StoredReport edited = Stored(Edited("/canonical" + pointer, "edited"));
    EXPECT_FALSE(edited.intact()) << pointer;
    const auto difference = FirstDifference(report, edited);
    ASSERT_TRUE(difference) << pointer;
    EXPECT_EQ(difference->pointer, pointer);
    EXPECT_EQ(difference->after, "\"edited\"");
  }
  EXPECT_FALSE(FirstDifference(report, report));
}

// Digests say more than what follows from them.
TEST_F(StoredReportTest, NamesDigestsFirst) {
  Json json = Json::parse(Edited("/canonical/candidate/model", "other"));
  json["canonical"]["panel"]["calibration"] = {{"digest", "0"}};
  const auto difference = FirstDifference(Stored(text_), Stored(json.dump()));
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->what, "calibration digest");
}

TEST_F(StoredReportTest, FindsFieldsThatCameAndWent) {
  Json json = Json::parse(text_);
  json["canonical"]["classes"][0]["verdict_inputs"].erase("alpha");
  auto difference = FirstDifference(Stored(text_), Stored(json.dump()));
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->pointer, "/classes/0/verdict_inputs/alpha");
  EXPECT_EQ(difference->after, "absent");
  difference = FirstDifference(Stored(json.dump()), Stored(text_));
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->before, "absent");
  json = Json::parse(text_);
  json["canonical"]["warnings"] = Json::array();
  difference = FirstDifference(Stored(text_), Stored(json.dump()));
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->pointer, "/warnings/0");
  EXPECT_EQ(difference->after, "absent");
}

// Indented by another program it is the same report; with its keys in another order it is not the same bytes.
TEST_F(StoredReportTest, KnowsTheSameValuesInOtherBytes) {
  const StoredReport report = Stored(text_);
  EXPECT_FALSE(FirstDifference(report, Stored(Json::parse(text_).dump())));
  const auto difference = FirstDifference(report, Stored(nlohmann::json::parse(text_).dump()));
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->what, "writing");
}

// What a person filled in is no finding.
TEST_F(StoredReportTest, StatementsAreNeverCompared) {
  const StoredReport filled = Stored(Edited("/canonical/statements/reviewer", "somebody"));
  EXPECT_TRUE(filled.intact());
  EXPECT_FALSE(FirstDifference(Stored(text_), filled));
  EXPECT_EQ(IdsOf(ExplainDifferences(Stored(text_), filled)), Ids{"statements"});
}

TEST_F(StoredReportTest, ComparesInputsBeforeAnAudit) {
  const StoredReport report = Stored(text_);
  EXPECT_FALSE(FirstInputDifference(report, panel_, CandidateOf(made_)));
  AuditCase other = made_;
  other.candidate.erase(0);
  EXPECT_EQ(FirstInputDifference(report, panel_, CandidateOf(other))->what, "input digest");
  other.metadata[0].organisation = "renamed";
  EXPECT_EQ(FirstInputDifference(report, PanelOf(other), CandidateOf(made_))->what, "panel digest");
}

TEST_F(StoredReportTest, ExplainsWhatChanged) {
  const StoredReport report = Stored(text_);
  EXPECT_TRUE(ExplainDifferences(report, report).empty());
  const Ids other_reference = IdsOf(ExplainDifferences(report, Stored(AuditToJson(panel_, RunAudit(panel_, made_, {"m001"})))));
  EXPECT_TRUE(other_reference.contains("parameters") && other_reference.contains("subject") && other_reference.contains("reasons"));
  EXPECT_FALSE(other_reference.contains("responses") || other_reference.contains("panel"));
  AuditCase other = made_;
  other.candidate.erase(900);
  const auto changes = ExplainDifferences(report, Stored(AuditToJson(panel_, RunAudit(panel_, other, {"m002"}))));
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(changes.front().id, "responses");
  EXPECT_TRUE(IdsOf(changes).contains("warnings"));
}

Json LrOf(double value, double lower, double upper) {
  const Json log10 = {{"value", value}, {"lower", lower}, {"upper", upper}};
  return {{"bounded", {{"value", value}, {"lower", lower}, {"upper", upper}, {"log10", log10}}}};
}

// A likelihood ratio has changed where one lies outside of the other's interval.
TEST_F(StoredReportTest, HoldsLikelihoodRatiosAgainstTheirIntervals) {
  const std::string pointer = "/canonical/classes/0/families/0/references/0/likelihood_ratio";
  const auto explain = [&](const Json& before, const Json& after) {
    std::string texts;
    for (const Remark& change : ExplainDifferences(Stored(Edited(pointer, before)), Stored(Edited(pointer, after)))) {
      if (change.id == "likelihood_ratio") texts += change.text + ";";
    }
    return texts;
  };
  EXPECT_EQ(explain(LrOf(1, 0, 2), LrOf(1, 0, 2)), "");
  EXPECT_EQ(explain(LrOf(1, 0, 2), LrOf(1.5, 0.5, 2.5)), "weights: 1 LRs moved within their intervals;");
  EXPECT_TRUE(absl::StrContains(explain(LrOf(1, 0, 2), LrOf(3, 0.5, 4)), "1.0 [0.0, 2.0], then 3.0 [0.5, 4.0]"));
  EXPECT_TRUE(absl::StrContains(explain(LrOf(1, 0, 2), LrOf(1.5, 1.2, 4)), "then 1.5"));
  EXPECT_TRUE(absl::StrContains(explain(LrOf(1, 0, 2), nullptr), "then none"));
}

}  // namespace
}  // namespace stemma
