#include <nlohmann/json.hpp>

#include "stemma/report.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

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

Json FromReference(const Panel& panel, const ReferenceFinding& reference) {
  return {{"reference", panel.models()[reference.model].metadata.model},
          {"score", reference.score},
          {"rank", FromRank(reference.rank)},
          {"n_prompts", reference.n_prompts},
          {"exact_copies", reference.copies},
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
          {"verdict", NameOf(finding.verdict)},
          {"reasons", FromRemarks(finding.reasons)},
          {"nearest_of_all", FromRank(finding.search)},
          {"families", FromFamilies(panel, finding.families)}};
}

}  // namespace

std::string AuditToJson(const Panel& panel, const AuditReport& report) {
  Json copies = Json::array();
  for (const CopyFinding& copy : report.copies) {
    copies.push_back({{"reference", panel.models()[copy.model].metadata.model}, {"n_prompts", copy.prompts}});
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
                     {"exact_copies", copies},
                     {"classes", classes},
                     {"style_alone", unpaired},
                     {"direction", "not determined"},
                     {"warnings", FromRemarks(report.warnings)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace stemma
