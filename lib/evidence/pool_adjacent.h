// The step that all pool-adjacent-violators algorithms share.
//
// Complexity: O(n) for n blocks pushed: each is merged away at most once.
// Source: Ayer, Brunk, Ewing, Reid and Silverman 1955, "An empirical distribution function for sampling with incomplete
// information".
#ifndef STEMMA_LIB_EVIDENCE_POOL_ADJACENT_H_
#define STEMMA_LIB_EVIDENCE_POOL_ADJACENT_H_

#include <utility>
#include <vector>

namespace stemma::evidence {

// Appends `block` to blocks of rising level, first merging it with those before it that it does not exceed. Equal
// levels merge, so that a block is all there is of its level. A block offers `level()` and `MergedWith(later)`.
template <typename Block>
void PushPooled(std::vector<Block>& blocks, Block block) {
  while (!blocks.empty() && blocks.back().level() >= block.level()) {
    block = blocks.back().MergedWith(block);
    blocks.pop_back();
  }
  blocks.push_back(std::move(block));
}

}  // namespace stemma::evidence

#endif  // STEMMA_LIB_EVIDENCE_POOL_ADJACENT_H_
