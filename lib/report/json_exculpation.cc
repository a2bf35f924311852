#include "lib/report/json_exculpation.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace stemma::report {
namespace {

Json FromAlternative(const Panel& panel, const std::optional<AlternativeFinding>& finding) {
  if (!finding) return nullptr;
  return {{"kind", NameOf(finding->kind)},
          {"reference", panel.models()[finding->model].metadata.model},
          {"score", Significant(finding->score)},
          {"likelihood_ratio", FromLr(panel, finding->lr)}};
}

Json FromFeatures(const std::vector<FeatureFinding>& features) {
  Json json = Json::array();
  for (const FeatureFinding& feature : features) {
    const std::string method = absl::StrCat(std::string(NameOf(feature.group)), " alone, centred");
    Json p_value = FromRank(feature.rank, feature.rank.p);
    p_value["method"] = "rank among groups, on the subject alone";
    json.push_back({{"feature_group", NameOf(feature.group)},
                    {"score", FromScore(feature.score, feature.rank.groups, method)},
                    {"p_value", p_value}});
  }
  return json;
}

Json FromPromptFindings(const std::vector<PromptFinding>& findings) {
  Json json = Json::array();
  for (const PromptFinding& finding : findings) {
    json.push_back({{"prompt", ToHex(finding.prompt)}, {"excess", Significant(finding.excess)}});
  }
  return json;
}

Json FromPrompts(const PromptFindings& prompts) {
  return {{"prompts", prompts.prompts},
          {"towards", prompts.towards},
          {"away", prompts.away},
          {"unrelated_median", Significant(prompts.unrelated_median)},
          {"unrelated_highest", Significant(prompts.unrelated_highest)},
          {"groups", prompts.groups},
          {"strongest_towards", FromPromptFindings(prompts.strongest_towards)},
          {"strongest_away", FromPromptFindings(prompts.strongest_away)}};
}

Json FromGaps(const std::vector<PanelGap>& gaps) {
  Json json = Json::array();
  for (const PanelGap& gap : gaps) {
    json.push_back({{"reference", gap.reference.empty() ? Json(nullptr) : Json(gap.reference)},
                    {"kind", gap.kind},
                    {"explanation", gap.explanation}});
  }
  return json;
}

}  // namespace

Json FromExculpation(const Panel& panel, const Exculpation& exculpation) {
  return {{"best_alternative", FromAlternative(panel, exculpation.best_alternative)},
          {"features", FromFeatures(exculpation.features)},
          {"prompts", FromPrompts(exculpation.prompts)},
          {"not_excluded", FromGaps(exculpation.not_excluded)}};
}

}  // namespace stemma::report
