// Sums of doubles that depend on the order of the terms alone, not on compiler, optimisation level or processor.
//
// The library is compiled with -ffp-contract=off and without -ffast-math: the first would round a product and a sum
// together where the processor can, the second would reorder the terms and remove the correction below.
//
// Errors of the sum: at most u |S| + g^2 A, with S the exact sum, A the sum of the absolute values, n the number of
// terms, u = 2^-53 and g = (n - 1) u / (1 - (n - 1) u).
// Determinism: terms in the same order give the same bits.
// Complexity: about four additions a term.
// Source: Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", algorithm IV; the
// bound: Ogita, Rump and Oishi 2005, "Accurate sum and dot product", Proposition 4.5.
#ifndef STEMMA_LIB_BASE_SUM_H_
#define STEMMA_LIB_BASE_SUM_H_

#ifdef __FAST_MATH__
#error "stemma's sums must not be compiled with -ffast-math"
#endif

#include <cmath>
#include <span>

namespace stemma::base {

class FixedOrderSum {
 public:
  void Add(double term) {
    const double sum = sum_ + term;
    // What the addition lost, exactly: the larger operand's digits survive in `sum`.
    lost_ += std::fabs(sum_) >= std::fabs(term) ? (sum_ - sum) + term : (term - sum) + sum_;
    sum_ = sum;
  }

  // Infinite or not a number where a plain sum is; `lost_` is then meaningless.
  double value() const { return std::isfinite(sum_) ? sum_ + lost_ : sum_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

inline double Sum(std::span<const double> terms) {
  FixedOrderSum sum;
  for (const double term : terms) sum.Add(term);
  return sum.value();
}

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_SUM_H_
