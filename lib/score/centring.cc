#include "lib/score/centring.h"

#include <cmath>
#include <limits>

namespace stemma::score {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Plain sums, in the order of the terms: their rounding error is some 10^-13 of a mean of 20,000 terms, and every model of
// a panel is centred for each candidate.
class WeightedMean {
 public:
  void Add(double weight, double value) {
    weights_ += weight;
    values_ += weight * value;
  }
  double weight() const { return weights_; }
  double value() const { return values_ / weights_; }

 private:
  double weights_ = 0;
  double values_ = 0;
};

std::size_t CountGroups(const Cohort& cohort, std::span<const double> weights) {
  std::vector<bool> seen(cohort.groups.size(), false);
  std::size_t groups = 0;
  for (std::size_t m = 0; m < weights.size(); ++m) {
    if (weights[m] == 0 || seen[cohort.groups[m]]) continue;
    seen[cohort.groups[m]] = true;
    ++groups;
  }
  return groups;
}

// Mean similarity of one model, whose row this is, to models outside its group; NaN where there is none.
double Typicality(std::span<const double> row, const Cohort& cohort, std::span<const double> weights,
                  std::optional<std::size_t> group) {
  WeightedMean mean;
  for (std::size_t m = 0; m < row.size(); ++m) {
    if (weights[m] > 0 && cohort.groups[m] != group && !std::isnan(row[m])) mean.Add(weights[m], row[m]);
  }
  return mean.weight() > 0 ? mean.value() : kNaN;
}

}  // namespace

std::optional<Centring> Centring::Fit(std::span<const double> matrix, const Cohort& cohort,
                                      std::optional<std::size_t> self) {
  constexpr std::size_t kMinGroups = 3;
  const std::size_t n = cohort.groups.size();
  Centring centring;
  centring.cohort_ = cohort;
  centring.weights_ = GroupWeights(cohort, self);
  const std::vector<double>& weights = centring.weights_;
  if (CountGroups(cohort, weights) < kMinGroups) return std::nullopt;
  for (std::size_t m = 0; m < n; ++m) {
    centring.typicality_.push_back(Typicality(matrix.subspan(m * n, n), cohort, weights, cohort.groups[m]));
  }
  const auto is_unrelated_pair = [&](std::size_t a, std::size_t b) {
    return weights[a] > 0 && weights[b] > 0 && cohort.groups[a] != cohort.groups[b] && !std::isnan(matrix[a * n + b]);
  };
  WeightedMean overall;
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = a + 1; b < n; ++b) {
      if (is_unrelated_pair(a, b)) overall.Add(weights[a] * weights[b], matrix[a * n + b]);
    }
  }
  if (!(overall.weight() > 0)) return std::nullopt;
  centring.overall_ = overall.value();
  WeightedMean mean, square;
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = a + 1; b < n; ++b) {
      if (!is_unrelated_pair(a, b)) continue;
      const double value = matrix[a * n + b] - centring.typicality_[a] - centring.typicality_[b] + centring.overall_;
      mean.Add(weights[a] * weights[b], value);
      square.Add(weights[a] * weights[b], value * value);
    }
  }
  centring.deviation_ = std::sqrt(square.value() - mean.value() * mean.value());
  if (!(centring.deviation_ > 0)) return std::nullopt;
  return centring;
}

std::vector<double> Centring::Apply(std::span<const double> row, std::optional<std::size_t> group) const {
  const double own_typicality = Typicality(row, cohort_, weights_, group);
  std::vector<double> scores;
  for (std::size_t m = 0; m < row.size(); ++m) {
    scores.push_back((row[m] - own_typicality - typicality_[m] + overall_) / deviation_);
  }
  return scores;
}

std::optional<std::vector<double>> Centre(std::span<const double> row, std::span<const double> matrix,
                                          const Cohort& cohort, std::optional<std::size_t> group,
                                          std::optional<std::size_t> self) {
  const std::optional<Centring> centring = Centring::Fit(matrix, cohort, self);
  if (!centring) return std::nullopt;
  return centring->Apply(row, group);
}

}  // namespace stemma::score
