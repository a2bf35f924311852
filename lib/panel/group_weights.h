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

// By signature, of n-grams or of embeddings; each group's weights sum to 1.
template <typename AnySignature>
std::vector<double> GroupWeights(std::span<const AnySignature* const> signatures) {
  std::map<std::string, double> members;
  for (const AnySignature* signature : signatures) {
    if (!signature->metadata().degenerate) members[GroupName(signature->metadata())] += 1;
  }
  std::vector<double> weights;
  for (const AnySignature* signature : signatures) {
    const ModelMetadata& metadata = signature->metadata();
    weights.push_back(metadata.degenerate ? 0 : 1 / members[GroupName(metadata)]);
  }
  return weights;
}

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_GROUP_WEIGHTS_H_
