// One voice a group: models share their group's weight, degenerate ones have none.
#ifndef STEMMA_LIB_PANEL_GROUP_WEIGHTS_H_
#define STEMMA_LIB_PANEL_GROUP_WEIGHTS_H_

#include <map>
#include <span>
#include <string>
#include <vector>

#include "stemma/panel.h"
#include "stemma/signature.h"

namespace stemma::panel {

// By signature, of n-grams or of embeddings; each group's weights sum to 1. `group_of` names a model's group.
template <typename AnySignature, typename GroupOf>
std::vector<double> GroupWeights(std::span<const AnySignature* const> signatures, GroupOf group_of) {
  std::map<std::string, double> members;
  for (const AnySignature* signature : signatures) {
    if (!signature->metadata().degenerate) members[group_of(signature->metadata())] += 1;
  }
  std::vector<double> weights;
  for (const AnySignature* signature : signatures) {
    const ModelMetadata& metadata = signature->metadata();
    weights.push_back(metadata.degenerate ? 0 : 1 / members[group_of(metadata)]);
  }
  return weights;
}

inline std::vector<double> GroupWeights(std::span<const Signature* const> signatures) {
  return GroupWeights(signatures, GroupName);
}

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_GROUP_WEIGHTS_H_
