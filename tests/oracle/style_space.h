// The maps of a style space in plain loops of long doubles.
#ifndef STEMMA_TESTS_ORACLE_STYLE_SPACE_H_
#define STEMMA_TESTS_ORACLE_STYLE_SPACE_H_

#include <cmath>
#include <cstddef>
#include <vector>

namespace stemma::oracle {

using LongVector = std::vector<long double>;
using LongMatrix = std::vector<LongVector>;  // a row for each input of a map

// A vector scaled to unit length, and what is needed to bound its error.
struct Scaled {
  LongVector unit;
  long double length = 0;      // before scaling
  long double magnitude = 0;   // length of the vector whose coordinates are sums of the absolute terms
};

// out[d] = sum over k of inputs[k] * map[k][d], then divided by its length. `sizes`: for each input how large the terms
// were that it is a difference of.
inline Scaled MapAndScale(const LongMatrix& map, const LongVector& inputs, const LongVector& sizes) {
  Scaled scaled;
  for (std::size_t d = 0; d < map.front().size(); ++d) {
    long double sum = 0, absolute = 0;
    for (std::size_t k = 0; k < map.size(); ++k) {
      sum += inputs[k] * map[k][d];
      absolute += sizes[k] * std::fabs(map[k][d]);
    }
    scaled.unit.push_back(sum);
    scaled.length += sum * sum;
    scaled.magnitude += absolute * absolute;
  }
  scaled.length = std::sqrt(scaled.length);
  scaled.magnitude = std::sqrt(scaled.magnitude);
  for (long double& value : scaled.unit) value = scaled.length > 0 ? value / scaled.length : 0;
  return scaled;
}

// The sets' maps side by side as one: the outputs of a set stand behind those of the sets before it.
inline LongMatrix JoinMaps(const std::vector<LongMatrix>& sets) {
  std::size_t outputs = 0;
  for (const LongMatrix& set : sets) outputs += set.front().size();
  LongMatrix joined;
  std::size_t before = 0;
  for (const LongMatrix& set : sets) {
    for (const LongVector& row : set) {
      LongVector& wide = joined.emplace_back(outputs, 0);
      for (std::size_t d = 0; d < row.size(); ++d) wide[before + d] = row[d];
    }
    before += set.front().size();
  }
  return joined;
}

inline Scaled Project(const std::vector<LongMatrix>& sets, const LongVector& shares, const LongVector& expected) {
  LongVector differences, sizes;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    differences.push_back(std::sqrt(shares[k]) - std::sqrt(expected[k]));
    sizes.push_back(std::sqrt(shares[k]) + std::sqrt(expected[k]));
  }
  return MapAndScale(JoinMaps(sets), differences, sizes);
}

inline Scaled Embed(const LongMatrix& last, const LongVector& projected, const LongVector& mean) {
  bool zero = true;
  LongVector differences, sizes;
  for (std::size_t k = 0; k < projected.size(); ++k) {
    zero = zero && projected[k] == 0;
    differences.push_back(projected[k] - mean[k]);
    sizes.push_back(std::fabs(projected[k]) + std::fabs(mean[k]));
  }
  if (zero) differences.assign(differences.size(), 0);
  return MapAndScale(last, differences, sizes);
}

inline long double CosineOf(const LongVector& a, const LongVector& b) {
  long double product = 0, square_a = 0, square_b = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    product += a[k] * b[k];
    square_a += a[k] * a[k];
    square_b += b[k] * b[k];
  }
  return square_a == 0 || square_b == 0 ? 0 : product / std::sqrt(square_a * square_b);
}

}  // namespace stemma::oracle

#endif  // STEMMA_TESTS_ORACLE_STYLE_SPACE_H_
