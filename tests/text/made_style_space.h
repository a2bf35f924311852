// Random style spaces, once for the library and once for the oracle.
#ifndef STEMMA_TESTS_TEXT_MADE_STYLE_SPACE_H_
#define STEMMA_TESTS_TEXT_MADE_STYLE_SPACE_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "lib/base/random.h"
#include "stemma/style_space.h"
#include "tests/oracle/style_space.h"

namespace stemma {

// Numbers in [-1, 1).
inline LinearMap RandomMap(base::Random& random, std::size_t inputs, std::size_t outputs) {
  LinearMap map{inputs, outputs, {}};
  for (std::size_t k = 0; k < inputs * outputs; ++k) map.rows.push_back(static_cast<float>(2 * random.Uniform() - 1));
  return map;
}

inline oracle::LongMatrix ToOracle(const LinearMap& map) {
  oracle::LongMatrix rows;
  for (std::size_t k = 0; k < map.inputs; ++k) {
    rows.emplace_back(map.rows.begin() + static_cast<std::ptrdiff_t>(k * map.outputs),
                      map.rows.begin() + static_cast<std::ptrdiff_t>((k + 1) * map.outputs));
  }
  return rows;
}

struct MadeStyleSpace {
  std::vector<LinearMap> sets;
  LinearMap last;
  std::vector<oracle::LongMatrix> oracle_sets;
  oracle::LongMatrix oracle_last;

  StyleSpace space() const { return StyleSpace::Create(sets, last).value(); }
};

inline MadeStyleSpace RandomStyleSpace(std::uint64_t seed, const std::vector<std::size_t>& set_inputs,
                                       const std::vector<std::size_t>& set_outputs, std::size_t outputs) {
  base::Random random(seed);
  MadeStyleSpace made;
  std::size_t projected = 0;
  for (std::size_t k = 0; k < set_inputs.size(); ++k) {
    made.sets.push_back(RandomMap(random, set_inputs[k], set_outputs[k]));
    made.oracle_sets.push_back(ToOracle(made.sets.back()));
    projected += set_outputs[k];
  }
  made.last = RandomMap(random, projected, outputs);
  made.oracle_last = ToOracle(made.last);
  return made;
}

}  // namespace stemma

#endif  // STEMMA_TESTS_TEXT_MADE_STYLE_SPACE_H_
