#include "lib/evidence/pav.h"

#include <cmath>

#include "lib/evidence/pool_adjacent.h"

namespace stemma::evidence {
std::vector<PavBlock> PoolLikelihoods(std::span<const ValueWeights> values) {
  // Weights are not scaled before they are pooled: sums of whole numbers are exact, and equal ratios compare equal.
  std::vector<PavBlock> blocks;
  for (std::size_t k = 0; k < values.size(); ++k) {
    PushPooled(blocks, PavBlock{k, k + 1, values[k].h1, values[k].h2});
  }
  const ClassWeights total = TotalWeights(values);
  for (PavBlock& block : blocks) block.llr_log10 = std::log10(block.level() / (total.h1 / total.h2));
  return blocks;
}

std::vector<double> PavLlrs(std::span<const ValueWeights> values) {
  std::vector<double> llrs(values.size());
  for (const PavBlock& block : PoolLikelihoods(values)) {
    for (std::size_t k = block.begin; k < block.end; ++k) llrs[k] = block.llr_log10;
  }
  return llrs;
}

}  // namespace stemma::evidence
