// One-sided permutation tests of a difference in means.
//
// All arrangements are counted where there are few observations, else random ones are drawn. An arrangement reaches the
// observed difference if its sum falls short by at most 1e-12 of the sum of the absolute values: equal sums of other
// terms, or in another order, may differ in their last digits, and a tie counts against the finding.
//
// Units: what is permuted must be the independent unit; in an audit that is the model's group, not the prompt.
// Errors: kInvalidArgument for an empty sample, a value that is not finite, no draws, or `max_exact` above 40.
// Determinism: the same result for any number of threads; each draw has a random stream of its own.
// Complexity: exact, 2^(n/2) sums, sorted; Monte Carlo, `draws` n.
// Source: Fisher 1935, "The Design of Experiments", section 21; Phipson and Smyth 2010, "Permutation p-values should
// never be zero", equation 2; Horowitz and Sahni 1974, "Computing partitions with applications to the knapsack problem"
// (counting by halves).
#ifndef STEMMA_PERMUTATION_TEST_H_
#define STEMMA_PERMUTATION_TEST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"

namespace stemma {

struct PermutationOptions {
  std::size_t max_exact = 32;  // observations (or pairs) up to which all arrangements are counted
  std::uint64_t draws = 99'999;
  std::uint64_t seed = 1;
  int threads = 1;
};

enum class PermutationMethod { kExact, kMonteCarlo };

std::string_view NameOf(PermutationMethod method);

struct PermutationTest {
  double difference = 0;  // the observed one, in means
  double p = 1;           // at_least / arrangements where exact, else (1 + at_least) / (1 + arrangements)
  PermutationMethod method = PermutationMethod::kExact;
  std::uint64_t at_least = 0;      // arrangements that reach the observed difference
  std::uint64_t arrangements = 0;  // looked at: all that there are, or the draws
  // How far p may be from that of all arrangements: its standard error and the 95 % limits of Clopper and Pearson.
  // Where all were counted, 0 and p itself.
  double standard_error = 0;
  double p_lower = 1;
  double p_upper = 1;
};

// H0: each difference is symmetric about 0 (or its median is at most that); against a mean above 0. Arrangements are
// the 2^n choices of signs.
absl::StatusOr<PermutationTest> SignFlipTest(std::span<const double> differences,
                                             const PermutationOptions& options = {});

// H0: both samples come from one distribution; against a larger mean of the first. Arrangements are the choices of as
// many observations as the first has.
absl::StatusOr<PermutationTest> TwoSampleTest(std::span<const double> first, std::span<const double> second,
                                              const PermutationOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_PERMUTATION_TEST_H_
