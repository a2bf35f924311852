#include "stemma/lineage.h"

#include <algorithm>
#include <map>

namespace stemma {
namespace {

// "Org/Model-7B" and "model-7b" name the same source; phrases keep their slashes.
std::string NormalName(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  if (slash != std::string_view::npos && name.find(' ') == std::string_view::npos) name.remove_prefix(slash + 1);
  std::string normal = "#";
  for (const char c : name) normal.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return normal;
}

// Names of datasets written by people, and remarks that nothing is known, are no ancestors.
bool IsDescent(const LineageLink& link) { return link.relation != "human_data" && link.relation != "unknown"; }

}  // namespace

std::string_view NameOf(Kinship kinship) {
  switch (kinship) {
    case Kinship::kSame:
      return "same model";
    case Kinship::kSource:
      return "documented source";
    case Kinship::kDerivative:
      return "documented derivative";
    case Kinship::kFamily:
      return "same family";
    case Kinship::kOrganisation:
      return "same organisation";
    case Kinship::kSharedBase:
      return "same base";
    case Kinship::kSibling:
      return "sibling";
    case Kinship::kRelative:
      return "relative";
    case Kinship::kUnrelated:
      return "unrelated";
  }
  return "unrelated";
}

Lineage::Lineage(std::span<const ModelMetadata> models) {
  std::map<std::string, std::size_t, std::less<>> by_name;
  for (const ModelMetadata& model : models) {
    Node node;
    node.name = model.model;
    node.organisation = model.organisation;
    node.family = model.family;
    bool undisclosed = false;
    for (const LineageLink& link : model.lineage) {
      undisclosed = undisclosed || link.relation == "unknown";
      if (!IsDescent(link)) continue;
      if (!link.source.empty()) node.sources.insert(NormalName(link.source));
      if (!link.panel_source.empty()) node.sources.insert(link.panel_source);
      if (link.relation == "base_weights" && !link.source.empty()) node.bases.insert(NormalName(link.source));
    }
    if (!model.base.empty()) {
      node.sources.insert(NormalName(model.base));
      node.bases.insert(NormalName(model.base));
    }
    node.known = !model.lineage.empty() && !undisclosed;
    by_name.emplace(node.name, nodes_.size());
    nodes_.push_back(std::move(node));
  }
  for (Node& node : nodes_) {
    std::vector<std::string> open(node.sources.begin(), node.sources.end());
    if (!node.name.empty()) node.ancestors = {node.name, NormalName(node.name)};
    while (!open.empty()) {
      const std::string name = std::move(open.back());
      open.pop_back();
      if (!node.ancestors.insert(name).second) continue;
      const auto found = by_name.find(name);
      if (found == by_name.end()) continue;
      const Node& ancestor = nodes_[found->second];
      if (!ancestor.organisation.empty()) node.organisations.insert(ancestor.organisation);
      open.insert(open.end(), ancestor.sources.begin(), ancestor.sources.end());
    }
  }
  // Weights are inherited with the models that hold them.
  for (Node& node : nodes_) {
    for (const std::string& name : node.ancestors) {
      if (const auto found = by_name.find(name); found != by_name.end() && &nodes_[found->second] != &node) {
        const std::set<std::string>& bases = nodes_[found->second].bases;
        node.bases.insert(bases.begin(), bases.end());
      }
    }
  }
}

bool Lineage::Share(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::ranges::any_of(a, [&](const std::string& name) { return b.contains(name); });
}

std::vector<bool> Lineage::RelatedPairs() const {
  const std::size_t models = nodes_.size();
  std::vector<bool> related;
  for (std::size_t a = 0; a < models; ++a) {
    for (std::size_t b = 0; b < models; ++b) related.push_back(b < a ? related[b * models + a] : Related(a, b));
  }
  return related;
}

Kinship Lineage::Between(std::size_t a, std::size_t b) const {
  const Node& first = nodes_[a];
  const Node& second = nodes_[b];
  const auto descends = [](const Node& from, const Node& to) {
    return !to.name.empty() && (from.ancestors.contains(to.name) || from.ancestors.contains(NormalName(to.name)));
  };
  if (a == b || (!first.name.empty() && first.name == second.name)) return Kinship::kSame;
  if (descends(first, second)) return Kinship::kSource;
  if (descends(second, first)) return Kinship::kDerivative;
  if (!first.family.empty() && first.family == second.family) return Kinship::kFamily;
  if (!first.organisation.empty() && first.organisation == second.organisation) return Kinship::kOrganisation;
  if (Share(first.bases, second.bases)) return Kinship::kSharedBase;
  if (Share(first.ancestors, second.ancestors)) return Kinship::kSibling;
  if (first.organisations.contains(second.organisation) || second.organisations.contains(first.organisation)) {
    return Kinship::kRelative;
  }
  return Kinship::kUnrelated;
}

}  // namespace stemma
