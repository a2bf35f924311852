// The n-grams of a sequence, written down as they are defined.
#ifndef STEMMA_TESTS_ORACLE_NGRAMS_H_
#define STEMMA_TESTS_ORACLE_NGRAMS_H_

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace stemma::oracle {

using Gram = std::vector<std::string>;

// In the order of their starts, then of their lengths; repeated ones repeat.
inline std::vector<Gram> Ngrams(const std::vector<std::string>& symbols, std::size_t min_order, std::size_t max_order) {
  std::vector<Gram> grams;
  for (std::size_t start = 0; start < symbols.size(); ++start) {
    for (std::size_t order = min_order; order <= max_order; ++order) {
      if (start + order > symbols.size()) continue;
      Gram gram;
      for (std::size_t k = start; k < start + order; ++k) gram.push_back(symbols[k]);
      grams.push_back(gram);
    }
  }
  return grams;
}

inline std::set<Gram> NgramSet(const std::vector<std::string>& symbols, std::size_t min_order, std::size_t max_order) {
  const std::vector<Gram> grams = Ngrams(symbols, min_order, max_order);
  return {grams.begin(), grams.end()};
}

}  // namespace stemma::oracle

#endif  // STEMMA_TESTS_ORACLE_NGRAMS_H_
