// One voice a group: what a documented pair weighs among those of its class.
#ifndef STEMMA_LIB_AUDIT_PAIR_WEIGHTS_H_
#define STEMMA_LIB_AUDIT_PAIR_WEIGHTS_H_

#include <cstddef>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "stemma/documented_pairs.h"
#include "stemma/panel.h"

namespace stemma::audit {

// By pair. Derived pairs: each group of candidates weighs the same. Unrelated ones: likewise, on each reference.
inline std::vector<double> PairWeights(const Panel& panel, std::span<const ModelPair> pairs, bool derived) {
  const auto voice = [&](const ModelPair& pair) {
    return std::pair(panel.group(pair.candidate), derived ? std::size_t{0} : pair.reference);
  };
  std::map<std::pair<std::size_t, std::size_t>, double> members;
  for (const ModelPair& pair : pairs) members[voice(pair)] += 1;
  std::vector<double> weights;
  for (const ModelPair& pair : pairs) weights.push_back(1 / members[voice(pair)]);
  return weights;
}

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_PAIR_WEIGHTS_H_
