// What the measures of embeddings have in common: products, lengths and means of vectors.
#ifndef STEMMA_LIB_SCORE_VECTORS_H_
#define STEMMA_LIB_SCORE_VECTORS_H_

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "lib/base/sum.h"

namespace stemma::score {

// Plain sums, in the order of the dimensions: of d terms they lose at most some d 10^-16 of the product of the lengths.
inline double Dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += a[d] * b[d];
  return sum;
}

// Brings a vector to unit length; false where it has no direction.
inline bool Normalise(std::span<double> vector) {
  const double length = std::sqrt(Dot(vector, vector));
  if (!(length > 0)) return false;
  for (double& value : vector) value /= length;
  return true;
}

// NaN of nothing.
class Mean {
 public:
  void Add(double value) {
    sum_.Add(value);
    ++count_;
  }
  double value() const {
    return count_ == 0 ? std::numeric_limits<double>::quiet_NaN() : sum_.value() / static_cast<double>(count_);
  }

 private:
  base::FixedOrderSum sum_;
  std::size_t count_ = 0;
};

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_VECTORS_H_
