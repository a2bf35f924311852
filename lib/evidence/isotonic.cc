#include "stemma/isotonic.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "lib/base/sum.h"
#include "lib/evidence/pool_adjacent.h"

namespace stemma {
namespace {

struct Block {
  std::size_t begin;  // [begin, end) of the values
  std::size_t end;
  double mean;
  double weight;

  double level() const { return mean; }
  // The mean moves by a share of the difference: equal means stay what they are to the last bit.
  Block MergedWith(const Block& later) const {
    const double sum = weight + later.weight;
    return {begin, later.end, mean + (later.mean - mean) * (later.weight / sum), sum};
  }
};

// What the steps of a long block lost: the weighted mean of what is left of its values.
double Refined(const Block& block, std::span<const double> values, std::span<const double> weights) {
  base::FixedOrderSum rest, total;
  for (std::size_t k = block.begin; k < block.end; ++k) {
    const double weight = weights.empty() ? 1 : weights[k];
    rest.Add(weight * (values[k] - block.mean));
    total.Add(weight);
  }
  return block.mean + rest.value() / total.value();
}

}  // namespace

std::vector<double> FitIsotonic(std::span<const double> values, std::span<const double> weights) {
  std::vector<Block> blocks;
  for (std::size_t k = 0; k < values.size(); ++k) {
    evidence::PushPooled(blocks, Block{k, k + 1, values[k], weights.empty() ? 1 : weights[k]});
  }
  std::vector<double> fitted(values.size());
  double previous = -std::numeric_limits<double>::infinity();
  for (const Block& block : blocks) {
    // Neighbours that differ by rounding alone could change places.
    previous = std::max(previous, Refined(block, values, weights));
    for (std::size_t k = block.begin; k < block.end; ++k) fitted[k] = previous;
  }
  return fitted;
}

}  // namespace stemma
