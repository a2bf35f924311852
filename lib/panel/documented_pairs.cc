#include "stemma/documented_pairs.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace stemma {
namespace {

bool HasTag(const LineageLink& link, std::string_view tag) { return link.evidence.find(tag) != std::string::npos; }

bool IsOfClass(const LineageLink& link, EvidenceClass evidence_class) {
  static const std::set<std::string> kSharedWeights = {"finetuned_from", "sampled_from", "same_model"};
  if (evidence_class == EvidenceClass::kWeights) return kSharedWeights.contains(link.relation);
  return link.relation == "distilled_from" && !HasTag(link, "TRANSITIVE");
}

bool IsDocumented(const LineageLink& link) { return link.confidence != "low" && !HasTag(link, "[measured]"); }

// Within one organisation outputs and weights cannot be told apart.
bool MayLearnFrom(const ModelMetadata& student, const ModelMetadata& teacher, EvidenceClass evidence_class) {
  return evidence_class == EvidenceClass::kWeights || student.organisation != teacher.organisation;
}

}  // namespace

DocumentedPairs FindDocumentedPairs(std::span<const ModelMetadata> models, const Lineage& lineage,
                                    EvidenceClass evidence_class) {
  std::map<std::string_view, std::size_t> by_name;
  for (std::size_t m = 0; m < models.size(); ++m) by_name.emplace(models[m].model, m);
  std::set<ModelPair> derived;
  std::set<std::size_t> references;
  for (std::size_t c = 0; c < models.size(); ++c) {
    if (models[c].degenerate || !models[c].example) continue;
    for (const LineageLink& link : models[c].lineage) {
      const auto found = by_name.find(link.panel_source);
      if (found == by_name.end() || found->second == c || models[found->second].degenerate) continue;
      if (!IsOfClass(link, evidence_class) || !IsDocumented(link)) continue;
      if (!MayLearnFrom(models[c], models[found->second], evidence_class)) continue;
      derived.insert({c, found->second});
      references.insert(found->second);
    }
  }
  DocumentedPairs pairs;
  pairs.derived.assign(derived.begin(), derived.end());
  for (std::size_t c = 0; c < models.size(); ++c) {
    if (models[c].degenerate || !models[c].example) continue;
    for (const std::size_t r : references) {
      if (!lineage.Related(c, r)) pairs.unrelated.push_back({c, r});
    }
  }
  return pairs;
}

}  // namespace stemma
