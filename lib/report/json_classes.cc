#include "lib/report/json_classes.h"

#include <string>
#include <string_view>
#include <vector>

#include "lib/report/json_exculpation.h"

namespace stemma::report {
namespace {

// As `stemma verdict` takes them.
Json FromInputs(const VerdictInputs& inputs) {
  Json alternatives = Json::array();
  for (const Alternative& alternative : inputs.alternatives) {
    alternatives.push_back(
        {{"kind", NameOf(alternative.kind)}, {"model", alternative.model}, {"llr_log10", Log10(alternative.llr_log10)}});
  }
  return {{"class", NameOf(inputs.evidence_class)},
          {"shared_prompts", inputs.shared_prompts},
          {"independent_groups", inputs.independent_groups},
          {"reference_released_later", inputs.reference_released_later},
          {"calibrated", inputs.calibrated},
          {"cllr_upper", Significant(inputs.cllr_upper)},
          {"llr_bounded_log10", Log10(inputs.llr_bounded_log10)},
          {"llr_bounded_lower_log10", Log10(inputs.llr_bounded_lower_log10)},
          {"llr_lower_log10", Log10(inputs.llr_lower_log10)},
          {"p_value", Significant(inputs.p_value)},
          {"alpha", Exact(inputs.alpha)},
          {"alternatives", alternatives},
          {"llr_group_left_out_log10", Log10(inputs.llr_group_left_out_log10)},
          {"llr_category_left_out_log10", Log10(inputs.llr_category_left_out_log10)}};
}

Json FromReasons(const VerdictFinding& verdict) {
  Json json = Json::array();
  for (const VerdictReason& reason : verdict.reasons) {
    json.push_back({{"rule", reason.rule},
                    {"id", reason.id},
                    {"text", reason.text},
                    {"effect", reason.rule == verdict.rule ? "decided" : "would_have_held_back"}});
  }
  return json;
}

Json FromReference(const Panel& panel, const ReferenceFinding& reference, std::string_view method) {
  return {{"reference", panel.models()[reference.model].metadata.model},
          {"score", FromScore(reference.score, reference.independent_groups, method)},
          {"p_value", FromRank(reference.rank, reference.p_value)},
          {"likelihood_ratio", FromLr(panel, reference.lr)},
          {"independent_groups", reference.independent_groups},
          {"n_prompts", reference.n_prompts},
          {"copies", reference.copies},
          {"copies_left_out", reference.copies_left_out},
          {"declared", reference.declared},
          {"released_after_candidate", reference.released_after_candidate},
          {"documented_relation_to_candidate", NameOf(reference.to_candidate)},
          {"documented_relation_to_nearest", NameOf(reference.to_nearest)}};
}

Json FromFamilies(const Panel& panel, const std::vector<FamilyFinding>& findings, std::string_view method) {
  Json families = Json::array();
  for (const FamilyFinding& family : findings) {
    Json references = Json::array();
    for (const ReferenceFinding& reference : family.references) {
      references.push_back(FromReference(panel, reference, method));
    }
    families.push_back({{"organisation", family.organisation}, {"family", family.family}, {"references", references}});
  }
  return families;
}

Json FromVotes(const Panel& panel, const std::vector<GroupVote>& votes) {
  Json json = Json::array();
  for (const GroupVote& vote : votes) {
    json.push_back({{"group", panel.groups()[vote.group]}, {"score", Significant(vote.score)}});
  }
  return json;
}

Json FromPropositions(const ClassFinding& finding) {
  if (!finding.subject) return nullptr;
  return {{"h1", finding.propositions.h1}, {"h2", finding.propositions.h2}};
}

Json FromWhatIf(const std::optional<WhatIf>& what_if) {
  if (!what_if) return nullptr;
  return {{"prior", Exact(what_if->prior)},
          {"posterior", Significant(what_if->posterior)},
          {"lower", Significant(what_if->lower)},
          {"upper", Significant(what_if->upper)}};
}

}  // namespace

Json FromClass(const Panel& panel, const ClassFinding& finding) {
  const std::string_view method = finding.evidence_class == EvidenceClass::kWeights
                                      ? "masked n-grams, centred, less a share of the best rival's"
                                      : "masked n-grams and style, centred, less a share of the best rival's";
  return {{"class", NameOf(finding.evidence_class)},
          {"subject", finding.subject ? Json(panel.models()[*finding.subject].metadata.model) : Json(nullptr)},
          {"propositions", FromPropositions(finding)},
          {"verdict", NameOf(finding.verdict.verdict)},
          {"rule", finding.verdict.rule},
          {"reasons", FromReasons(finding.verdict)},
          {"verdict_inputs", FromInputs(finding.inputs)},
          {"what_if", FromWhatIf(finding.what_if)},
          {"exculpation", FromExculpation(panel, finding.exculpation)},
          {"search", FromRank(finding.search, finding.search.p)},
          {"votes", FromVotes(panel, finding.votes)},
          {"families", FromFamilies(panel, finding.families, method)}};
}

Json FromUnpaired(const Panel& panel, const std::optional<UnpairedFinding>& finding) {
  if (!finding) return nullptr;
  return {{"search", FromRank(finding->search, finding->search.p)},
          {"families", FromFamilies(panel, finding->families, "style at equal lengths, centred")}};
}

}  // namespace stemma::report
