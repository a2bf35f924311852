// Centred, standardised scores, written down from their definition.
//
// score(c, R) = (S(c, R) - m(c) - m(R) + m) / sd. m(x) is the mean of x's similarities to the cohort's models outside its
// group; m the mean over the cohort's pairs of different groups; sd the standard deviation of the numerator over the same
// pairs. In every mean a model weighs 1 / (its group's models), a pair the product; the candidate itself and degenerate
// models weigh nothing.
#ifndef STEMMA_TESTS_ORACLE_CENTRING_H_
#define STEMMA_TESTS_ORACLE_CENTRING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace stemma::oracle {

struct Standing {
  std::string group;
  bool counts = true;
};

// Nothing where two models share no prompt.
using Row = std::vector<std::optional<double>>;

struct Centred {
  std::vector<std::optional<double>> scores;  // by model
  double deviation = 0;
};

// `row`: the candidate's similarities; `matrix`: the models' among each other; `group`: the candidate's.
Centred Centre(const Row& row, const std::vector<Row>& matrix, const std::vector<Standing>& models,
               const std::string& group, std::optional<std::size_t> self);

}  // namespace stemma::oracle

#endif  // STEMMA_TESTS_ORACLE_CENTRING_H_
