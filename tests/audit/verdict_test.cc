#include "stemma/verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "lib/base/random.h"
#include "stemma/verdict_json.h"

namespace stemma {
namespace {

using Json = nlohmann::json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Nothing stands against derivation.
VerdictInputs Good(EvidenceClass evidence_class = EvidenceClass::kWeights) {
  VerdictInputs in;
  in.evidence_class = evidence_class;
  in.shared_prompts = 805;
  in.independent_groups = 29;
  in.calibrated = true;
  in.cllr_upper = 0.8;
  in.llr_bounded_log10 = 1.4;
  in.llr_bounded_lower_log10 = 0.8;
  in.llr_lower_log10 = 1.1;
  in.p_value = 1.0 / 30;
  in.llr_group_left_out_log10 = 1.2;
  return in;
}

std::vector<std::string> Ids(const VerdictFinding& finding) {
  std::vector<std::string> ids;
  for (const VerdictReason& reason : finding.reasons) {
    EXPECT_FALSE(reason.text.empty());
    ids.push_back(reason.id);
  }
  return ids;
}

Json Vectors() {
  std::ifstream file(STEMMA_SOURCE_DIR "/tests/vectors/verdicts.json");
  return Json::parse(file);
}

// The rules as a second statement of them reads them, boundaries and pairs of conditions included.
TEST(Verdict, AgreesWithTheCommittedCases) {
  const Json cases = Vectors();
  ASSERT_GE(cases.size(), 200U);
  std::set<std::string> verdicts;
  for (const Json& one : cases) {
    const auto found = JudgeJson(one["inputs"].dump());
    ASSERT_TRUE(found.ok()) << one["id"] << found.status();
    const Json finding = Json::parse(*found).at(0);
    EXPECT_EQ(finding["verdict"], one["expected"]) << one["id"] << one["effect"];
    std::vector<std::string> flags;
    for (const Json& reason : finding["reasons"]) {
      flags.push_back(std::to_string(reason["rule"].get<int>()) + ":" + reason["id"].get<std::string>());
    }
    EXPECT_EQ(flags, one["flags"].get<std::vector<std::string>>()) << one["id"] << one["effect"];
    verdicts.insert(one["expected"].get<std::string>());
  }
  EXPECT_EQ(verdicts.size(), 4U);
}

TEST(Verdict, SupportsDerivationWhereNothingStandsAgainstIt) {
  for (const EvidenceClass evidence_class : kEvidenceClasses) {
    const VerdictFinding finding = Judge(Good(evidence_class));
    EXPECT_EQ(finding.verdict, Verdict::kSupportsDerivation);
    EXPECT_EQ(finding.rule, 4U);
    EXPECT_TRUE(finding.reasons.empty());
  }
}

TEST(Verdict, IsInsufficientWhereNothingIsKnown) {
  const VerdictFinding finding = Judge({});
  EXPECT_EQ(finding.verdict, Verdict::kInsufficientEvidence);
  EXPECT_EQ(Ids(finding), (std::vector<std::string>{"too_few_prompts", "too_few_groups", "not_calibrated"}));
}

// Each figure that was not estimated holds the verdict back, whatever the others say.
TEST(Verdict, NeverReadsNaNAsSupport) {
  for (const EvidenceClass evidence_class : kEvidenceClasses) {
    for (double VerdictInputs::* const figure :
         {&VerdictInputs::llr_bounded_log10, &VerdictInputs::llr_bounded_lower_log10, &VerdictInputs::p_value,
          &VerdictInputs::llr_group_left_out_log10}) {
      VerdictInputs in = Good(evidence_class);
      in.*figure = kNaN;
      EXPECT_NE(Judge(in).verdict, Verdict::kSupportsDerivation);
    }
  }
  VerdictInputs in = Good(EvidenceClass::kDistillation);
  in.cllr_upper = kNaN;
  EXPECT_EQ(Judge(in).verdict, Verdict::kInsufficientEvidence);
  in = Good();
  in.llr_lower_log10 = kNaN;
  in.alternatives = {{AlternativeKind::kSibling, "sibling", -5}};
  EXPECT_EQ(Judge(in).verdict, Verdict::kConsistentWithSharedOrigin);
}

// Cllr bears on distillation alone: shared weights were measured to be easy, and their verdict has other guards.
TEST(Verdict, LooksAtCllrForDistillationAlone) {
  for (const double upper : {1.0, 1.5, kInfinity}) {
    VerdictInputs in = Good();
    in.cllr_upper = upper;
    EXPECT_EQ(Judge(in).verdict, Verdict::kSupportsDerivation);
    in.evidence_class = EvidenceClass::kDistillation;
    EXPECT_EQ(Judge(in).verdict, Verdict::kInsufficientEvidence);
  }
}

// The direction of each input: more evidence never lowers a verdict, more doubt never raises it.
TEST(Verdict, IsMonotoneInEachInput) {
  base::Random random(1);
  const auto between = [&](double low, double high) { return low + (high - low) * random.Uniform(); };
  for (int trial = 0; trial < 20000; ++trial) {
    VerdictInputs in = Good(random.Below(2) == 0 ? EvidenceClass::kWeights : EvidenceClass::kDistillation);
    in.shared_prompts = random.Below(100);
    in.independent_groups = random.Below(40);
    in.calibrated = random.Below(8) > 0;
    in.reference_released_later = random.Below(8) == 0;
    in.cllr_upper = between(0, 1.3);
    in.llr_bounded_lower_log10 = between(-0.5, 1.4);
    in.llr_lower_log10 = between(-0.5, 1.4);
    in.p_value = between(0, 0.1);
    in.alternatives = {{AlternativeKind::kOtherRoot, "root", between(-1, 2)}};
    in.llr_group_left_out_log10 = between(0.5, 2);
    if (random.Below(2) == 0) in.llr_category_left_out_log10 = between(0.5, 2);
    VerdictInputs worse = in;
    switch (random.Below(9)) {
      case 0: worse.shared_prompts -= std::min<std::size_t>(worse.shared_prompts, 30); break;
      case 1: worse.independent_groups -= std::min<std::size_t>(worse.independent_groups, 10); break;
      case 2: worse.calibrated = false; break;
      case 3: worse.reference_released_later = true; break;
      case 4: worse.cllr_upper += 0.3; break;
      case 5: worse.llr_bounded_lower_log10 -= 0.5; worse.llr_lower_log10 -= 0.5; break;
      case 6: worse.p_value += 0.03; break;
      case 7: worse.alternatives.push_back({AlternativeKind::kBase, "base", between(-1, 2)}); break;
      default: worse.llr_group_left_out_log10 -= 0.7; break;
    }
    EXPECT_LE(Judge(worse).verdict, Judge(in).verdict) << trial;
  }
}

// Reasons stand by rule, and the first one's rule decides.
TEST(Verdict, TellsEveryRuleThatHeldItBack) {
  VerdictInputs in = Good();
  in.shared_prompts = 9;
  in.p_value = 0.2;
  in.alternatives = {{AlternativeKind::kBase, "the base", 1.1}, {AlternativeKind::kSibling, "far away", 1.0}};
  const VerdictFinding finding = Judge(in);
  EXPECT_EQ(finding.rule, 1U);
  EXPECT_EQ(Ids(finding), (std::vector<std::string>{"too_few_prompts", "p_above_alpha", "base_within_interval"}));
  EXPECT_TRUE(std::ranges::is_sorted(finding.reasons, {}, &VerdictReason::rule));
  EXPECT_EQ(finding.reasons[0].text, "9 prompts are shared with the panel; 10 are needed");
  EXPECT_EQ(finding.reasons[1].text, "p is 0.200, above 0.05");
  EXPECT_EQ(finding.reasons[2].text, "the base (documented base, teacher or version) lies within the reference's interval");
}

TEST(Verdict, SpeaksForTheClassThatIsPositive) {
  EXPECT_EQ(Headline(Verdict::kSupportsDerivation), EvidenceClass::kWeights);
  EXPECT_EQ(Headline(Verdict::kConsistentWithSharedOrigin), EvidenceClass::kWeights);
  EXPECT_EQ(Headline(Verdict::kNoSupport), EvidenceClass::kDistillation);
  EXPECT_EQ(Headline(Verdict::kInsufficientEvidence), EvidenceClass::kDistillation);
}

std::string Refusal(std::string_view json) {
  const auto found = JudgeJson(json);
  EXPECT_EQ(found.status().code(), absl::StatusCode::kInvalidArgument) << json;
  return std::string(found.status().message());
}

// A misspelt key must not pass for a figure that was not estimated.
TEST(VerdictJson, NamesWhatIsWrong) {
  EXPECT_EQ(Refusal("{\"p\": 1}"), "case 1: unknown key \"p\"");
  EXPECT_EQ(Refusal("[{}, {\"id\": \"b\", \"p_value\": \"low\"}]"), "case 2 (b): p_value must be a number or null, got \"low\"");
  EXPECT_EQ(Refusal("{\"shared_prompts\": -1}"), "case 1: shared_prompts must be a whole number >= 0, got -1");
  EXPECT_EQ(Refusal("{\"shared_prompts\": 1.5}"), "case 1: shared_prompts must be a whole number >= 0, got 1.5");
  EXPECT_EQ(Refusal("{\"calibrated\": 1}"), "case 1: calibrated must be true or false, got 1");
  EXPECT_EQ(Refusal("{\"class\": \"both\"}"), "case 1: class must be \"weights\" or \"distillation\", got \"both\"");
  EXPECT_EQ(Refusal("{\"alternatives\": {}}"), "case 1: alternatives must be an array, got {}");
  EXPECT_EQ(Refusal("{\"alternatives\": [{\"kind\": \"twin\"}]}"),
            "case 1: alternatives kind must be \"sibling\", \"base\", \"family_member\" or \"other_root\", got \"twin\"");
  EXPECT_EQ(Refusal("{\"alpha\": 0}"), "case 1: alpha must be in (0, 1), got 0");
  EXPECT_EQ(Refusal("[1]"), "case 1: must be an object, got 1");
  EXPECT_EQ(Refusal("{\"class\": "), "malformed JSON at byte 11");
  EXPECT_EQ(Refusal(""), "the file is empty; a case or an array of cases in JSON was expected");
}

TEST(VerdictJson, HandsIdsThroughAndKeepsTheOrder) {
  const auto found = JudgeJson("[{\"id\": \"b\"}, {\"id\": \"a\", \"class\": \"distillation\"}, {}]");
  ASSERT_TRUE(found.ok());
  const Json json = Json::parse(*found);
  EXPECT_EQ(json[0]["id"], "b");
  EXPECT_EQ(json[1]["id"], "a");
  EXPECT_EQ(json[1]["class"], "distillation");
  EXPECT_FALSE(json[2].contains("id"));
  EXPECT_TRUE(found->ends_with("]\n"));
  EXPECT_EQ(JudgeJson("[]").value(), "[]\n");
}

}  // namespace
}  // namespace stemma
