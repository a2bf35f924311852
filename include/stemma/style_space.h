// From shares of style features to a point whose direction tells models apart: two linear maps, each followed by a
// scaling to unit length.
//
// The first takes, set of features by set, the difference of square roots sqrt(share) - sqrt(expected share) to the
// directions in which models differ, scaled by how much one model varies from prompt to prompt; the second, behind
// subtracting a panel's mean, to those that stay when models are fine-tuned. See `FitStyleSpace`.
// Shape: `features()` -> `projected_size()` -> `size()`.
// Errors: kDataLoss for bytes that no writer made.
// Determinism: sums of doubles in fixed order.
// Source: square roots as for multinomial shares (Hellinger 1909; Bishop, Fienberg and Holland 1975, 14.6); maps
// after within-class covariance normalisation (Hatch, Kajarekar and Stolcke 2006) as in speaker verification.
#ifndef STEMMA_STYLE_SPACE_H_
#define STEMMA_STYLE_SPACE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace stemma {

// A linear map, a row for each input.
struct LinearMap {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::vector<float> rows;

  friend bool operator==(const LinearMap&, const LinearMap&) = default;
};

class StyleSpace {
 public:
  // `sets`: one map for each set of features, in the order of the features. `last`: from all their outputs together.
  // Errors: kInvalidArgument where sizes contradict each other or a number is not finite.
  static absl::StatusOr<StyleSpace> Create(std::vector<LinearMap> sets, LinearMap last);
  static absl::StatusOr<StyleSpace> Parse(std::string_view bytes, std::string_view source);
  std::string Serialize() const;

  std::size_t features() const { return features_; }
  std::size_t projected_size() const { return last_.inputs; }
  std::size_t size() const { return last_.outputs; }

  // Of unit length, or zero where no share differs from what was expected. Preconditions: `features()` numbers each.
  std::vector<double> Project(std::span<const double> shares, std::span<const double> expected) const;
  // Of unit length; zero for zero. `mean`: of the panel's projected models.
  std::vector<double> Embed(std::span<const double> projected, std::span<const double> mean) const;

 private:
  StyleSpace() = default;

  std::vector<LinearMap> sets_;
  LinearMap last_;
  std::size_t features_ = 0;
};

}  // namespace stemma

#endif  // STEMMA_STYLE_SPACE_H_
