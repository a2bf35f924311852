#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "lib/report/estimate_json.h"
#include "stemma/report.h"
#include "stemma/verbal_scale.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;
using report::FromEstimate;

Json FromRemarks(const std::vector<Remark>& remarks) {
  Json json = Json::array();
  for (const Remark& remark : remarks) json.push_back({{"id", remark.id}, {"text", remark.text}});
  return json;
}

Json FromRank(const RankP& rank) {
  return {{"p_value", rank.p},
          {"floor", rank.floor()},
          {"groups_at_least_as_near", rank.at_least},
          {"n", rank.groups},
          {"unit_of_n", "groups"},
          {"method", rank.named ? "named" : "screening"}};
}

Json FromLr(const Panel& panel, const std::optional<LikelihoodRatio>& lr) {
  if (!lr) return nullptr;
  const VerbalBand band = VerbalBandOf(lr->bounded.value);
  static constexpr std::array<std::string_view, kPromptCategories> kCategories = {"short answers", "middling answers",
                                                                                  "long answers"};
  return {{"llr_log10_bounded", FromEstimate(lr->bounded)},
          {"llr_log10_unbounded", FromEstimate(lr->unbounded)},
          {"bounds_log10", {lr->bounds.lower_log10, lr->bounds.upper_log10}},
          {"verbal", NameOf(band)},
          {"verbal_boundaries", BoundariesOf(band)},
          {"smallest_without_group", {{"llr_log10_bounded", lr->without_group_log10}, {"group", panel.groups()[lr->group_left_out]}}},
          {"smallest_without_category",
           {{"llr_log10_bounded", lr->without_category_log10}, {"category", kCategories[lr->category_left_out]}}},
          {"calibrated_by", {{"pairs_h1", lr->pairs_h1}, {"pairs_h2", lr->pairs_h2}}}};
}

// As `stemma verdict` takes them.
Json FromInputs(const VerdictInputs& inputs) {
  Json alternatives = Json::array();
  for (const Alternative& alternative : inputs.alternatives) {
    alternatives.push_back(
        {{"kind", NameOf(alternative.kind)}, {"model", alternative.model}, {"llr_log10", alternative.llr_log10}});
  }
  return {{"class", NameOf(inputs.evidence_class)},
          {"shared_prompts", inputs.shared_prompts},
          {"independent_groups", inputs.independent_groups},
          {"reference_released_later", inputs.reference_released_later},
          {"calibrated", inputs.calibrated},
          {"cllr_upper", inputs.cllr_upper},
          {"llr_bounded_log10", inputs.llr_bounded_log10},
          {"llr_bounded_lower_log10", inputs.llr_bounded_lower_log10},
          {"llr_lower_log10", inputs.llr_lower_log10},
          {"p_value", inputs.p_value},
          {"alpha", inputs.alpha},
          {"alternatives", alternatives},
          {"llr_group_left_out_log10", inputs.llr_group_left_out_log10},
          {"llr_category_left_out_log10", inputs.llr_category_left_out_log10}};
}

Json FromReasons(const VerdictFinding& verdict) {
  Json json = Json::array();
  for (const VerdictReason& reason : verdict.reasons) {
    json.push_back({{"id", reason.id}, {"rule", reason.rule}, {"text", reason.text}});
  }
  return json;
}

Json FromReference(const Panel& panel, const ReferenceFinding& reference) {
  return {{"reference", panel.models()[reference.model].metadata.model},
          {"score", reference.score},
          {"rank", FromRank(reference.rank)},
          {"p_value_adjusted", reference.p_value},
          {"independent_groups", reference.independent_groups},
          {"likelihood_ratio", FromLr(panel, reference.lr)},
          {"n_prompts", reference.n_prompts},
          {"exact_copies", reference.copies},
          {"exact_copies_left_out", reference.copies_left_out},
          {"declared", reference.declared},
          {"released_after_candidate", reference.released_after_candidate},
          {"documented_relation_to_candidate", NameOf(reference.to_candidate)},
          {"documented_relation_to_nearest", NameOf(reference.to_nearest)}};
}

Json FromFamilies(const Panel& panel, const std::vector<FamilyFinding>& findings) {
  Json families = Json::array();
  for (const FamilyFinding& family : findings) {
    Json references = Json::array();
    for (const ReferenceFinding& reference : family.references) references.push_back(FromReference(panel, reference));
    families.push_back({{"organisation", family.organisation}, {"family", family.family}, {"references", references}});
  }
  return families;
}

Json FromClass(const Panel& panel, const ClassFinding& finding) {
  return {{"class", NameOf(finding.evidence_class)},
          {"verdict", NameOf(finding.verdict.verdict)},
          {"rule", finding.verdict.rule},
          {"reasons", FromReasons(finding.verdict)},
          {"verdict_inputs", FromInputs(finding.inputs)},
          {"subject", finding.subject ? Json(panel.models()[*finding.subject].metadata.model) : Json(nullptr)},
          {"nearest_of_all", FromRank(finding.search)},
          {"families", FromFamilies(panel, finding.families)}};
}

}  // namespace

std::string AuditToJson(const Panel& panel, const AuditReport& report) {
  Json copies = Json::array();
  for (const CopyFinding& copy : report.copies) {
    copies.push_back({{"reference", panel.models()[copy.model].metadata.model}, {"n_prompts", copy.prompts}, {"left_out", copy.left_out}});
  }
  Json classes = Json::array();
  for (const ClassFinding& finding : report.classes) classes.push_back(FromClass(panel, finding));
  Json unpaired = nullptr;
  if (report.unpaired) {
    unpaired = {{"nearest_of_all", FromRank(report.unpaired->search)},
                {"families", FromFamilies(panel, report.unpaired->families)}};
  }
  const Json json = {{"candidate",
                      {{"model", report.candidate.model},
                       {"digest", ToHex(report.candidate_digest)},
                       {"responses", report.responses},
                       {"prompts", report.prompts},
                       {"shared_prompts", report.shared_prompts}}},
                     {"panel",
                      {{"title", panel.title()},
                       {"digest", ToHex(panel.digest())},
                       {"vocabulary", ToHex(panel.vocabulary().digest())},
                       {"models", panel.models().size()},
                       {"groups", panel.groups().size()},
                       {"prompts", panel.prompts().size()}}},
                     {"headline",
                      {{"class", NameOf(report.headline)},
                       {"verdict", NameOf(report.classes[static_cast<std::size_t>(report.headline)].verdict.verdict)}}},
                     {"exact_copies", copies},
                     {"classes", classes},
                     {"style_alone", unpaired},
                     {"direction", "not determined"},
                     {"warnings", FromRemarks(report.warnings)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace stemma
