// p-values of several tests, adjusted so that each can be held against alpha by itself.
//
// Shape: adjusted values stand in the order of the given ones.
// Errors: kInvalidArgument for a p outside [0, 1] or NaN.
// Complexity: a sort.
// Source: Holm 1979, "A simple sequentially rejective multiple test procedure"; Benjamini and Hochberg 1995,
// "Controlling the false discovery rate", section 3; the adjusted form: Wright 1992, "Adjusted p-values for
// simultaneous inference".
#ifndef STEMMA_MULTIPLE_TESTING_H_
#define STEMMA_MULTIPLE_TESTING_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace stemma {

// Those at most alpha hold a wrong one with probability at most alpha, whatever depends on what.
absl::StatusOr<std::vector<double>> HolmAdjusted(std::span<const double> p_values);

// Of those at most alpha, the expected share of wrong ones is at most alpha, if the tests are independent or positively
// dependent. It chooses what to look at first; it does not bear a verdict.
absl::StatusOr<std::vector<double>> BenjaminiHochbergAdjusted(std::span<const double> p_values);

// Whether none of `tests` ranks among `groups` groups (see rank_p.h) can reach alpha after Holm: the smallest p,
// 1 / (groups + 1), times `tests` is above alpha.
bool HolmUnreachable(std::size_t tests, std::size_t groups, double alpha);

}  // namespace stemma

#endif  // STEMMA_MULTIPLE_TESTING_H_
