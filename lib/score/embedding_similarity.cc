#include "stemma/embedding_similarity.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "lib/score/vectors.h"

namespace stemma {
namespace {

using score::Dot;
using score::Mean;
using score::Normalise;

double SquaredDistance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

absl::Status CheckPoints(const Points& x, const Points& y, std::size_t least_rows) {
  for (const auto& [points, name] : {std::pair(&x, "first"), std::pair(&y, "second")}) {
    if (points->dims == 0 || points->values.size() % points->dims != 0) {
      return absl::InvalidArgumentError(absl::StrFormat("the %s points: %d values are no rows of %d", name,
                                                        points->values.size(), points->dims));
    }
    if (points->rows() < least_rows) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the %s points: at least %d rows are needed, got %d", name, least_rows, points->rows()));
    }
    const auto bad = std::ranges::find_if(points->values, [](double value) { return !std::isfinite(value); });
    if (bad != points->values.end()) {
      const auto place = static_cast<std::size_t>(bad - points->values.begin());
      return absl::InvalidArgumentError(absl::StrFormat("the %s points: row %d, column %d is %g; values must be finite", name,
                                                        place / points->dims, place % points->dims, *bad));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOneSpace(const Points& x, const Points& y, std::size_t least_rows) {
  STEMMA_RETURN_IF_ERROR(CheckPoints(x, y, least_rows));
  if (x.dims == y.dims) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("points of %d and of %d dimensions cannot be compared", x.dims, y.dims));
}

std::vector<double> ColumnMeans(const Points& points) {
  std::vector<double> means;
  for (std::size_t d = 0; d < points.dims; ++d) {
    Mean mean;
    for (std::size_t k = 0; k < points.rows(); ++k) mean.Add(points.row(k)[d]);
    means.push_back(mean.value());
  }
  return means;
}

std::vector<double> Centred(const Points& points) {
  const std::vector<double> means = ColumnMeans(points);
  std::vector<double> centred(points.values.begin(), points.values.end());
  for (std::size_t k = 0; k < centred.size(); ++k) centred[k] -= means[k % points.dims];
  return centred;
}

// The squared Frobenius norm of x' y. Plain sums over rows, in their order.
double SquaredCrossProduct(const Points& x, const Points& y) {
  std::vector<double> products(x.dims * y.dims, 0);
  for (std::size_t k = 0; k < x.rows(); ++k) {
    for (std::size_t a = 0; a < x.dims; ++a) {
      const double factor = x.row(k)[a];
      for (std::size_t b = 0; b < y.dims; ++b) products[a * y.dims + b] += factor * y.row(k)[b];
    }
  }
  base::FixedOrderSum sum;
  for (const double product : products) sum.Add(product * product);
  return sum.value();
}

// The sum over all pairs of rows, each point of x with each of y.
template <typename Function>
double SumOverPairs(const Points& x, const Points& y, const Function& of_squared_distance) {
  base::FixedOrderSum sum;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = 0; j < y.rows(); ++j) sum.Add(of_squared_distance(SquaredDistance(x.row(i), y.row(j))));
  }
  return sum.value();
}

// The same over each two different points of x once.
template <typename Function>
double SumWithin(const Points& x, const Function& of_squared_distance) {
  base::FixedOrderSum sum;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = i + 1; j < x.rows(); ++j) sum.Add(of_squared_distance(SquaredDistance(x.row(i), x.row(j))));
  }
  return sum.value();
}

// Means of all rows, or of those of some prompts.
std::vector<double> RowMeans(const EmbeddingSignature& signature, std::span<const std::size_t> rows) {
  const std::size_t dims = signature.space().dims;
  std::vector<double> means(rows.size() * dims);
  for (std::size_t k = 0; k < rows.size(); ++k) signature.Mean(rows[k], std::span(means).subspan(k * dims, dims));
  return means;
}

}  // namespace

absl::StatusOr<double> LinearCka(const Points& x, const Points& y) {
  STEMMA_RETURN_IF_ERROR(CheckPoints(x, y, 2));
  if (x.rows() != y.rows()) {
    return absl::InvalidArgumentError(absl::StrFormat("CKA compares rows in pairs, got %d and %d", x.rows(), y.rows()));
  }
  const std::vector<double> centred_x = Centred(x);
  const std::vector<double> centred_y = Centred(y);
  const Points from_x = {centred_x, x.dims};
  const Points from_y = {centred_y, y.dims};
  const double norm = std::sqrt(SquaredCrossProduct(from_x, from_x)) * std::sqrt(SquaredCrossProduct(from_y, from_y));
  if (!(norm > 0)) return absl::InvalidArgumentError("CKA needs rows that differ; all of one side are equal");
  return SquaredCrossProduct(from_x, from_y) / norm;
}

absl::StatusOr<double> MedianDistance(const Points& x, const Points& y) {
  STEMMA_RETURN_IF_ERROR(CheckOneSpace(x, y, 1));
  std::vector<double> both(x.values.begin(), x.values.end());
  both.insert(both.end(), y.values.begin(), y.values.end());
  const Points points = {both, x.dims};
  std::vector<double> squares;
  squares.reserve(points.rows() * (points.rows() - 1) / 2);
  for (std::size_t i = 0; i < points.rows(); ++i) {
    for (std::size_t j = i + 1; j < points.rows(); ++j) squares.push_back(SquaredDistance(points.row(i), points.row(j)));
  }
  const auto middle = squares.begin() + static_cast<std::ptrdiff_t>(squares.size() / 2);
  std::ranges::nth_element(squares, middle);
  const double upper = std::sqrt(*middle);
  if (squares.size() % 2 == 1) return upper;
  return (std::sqrt(*std::max_element(squares.begin(), middle)) + upper) / 2;
}

absl::StatusOr<double> MmdSquared(const Points& x, const Points& y, double bandwidth) {
  STEMMA_RETURN_IF_ERROR(CheckOneSpace(x, y, 2));
  if (!(bandwidth > 0) || !std::isfinite(bandwidth)) {
    return absl::InvalidArgumentError(absl::StrFormat("the bandwidth must be above 0 and finite, got %g", bandwidth));
  }
  const auto kernel = [&](double squared_distance) { return std::exp(-squared_distance / (2 * bandwidth * bandwidth)); };
  const auto n = static_cast<double>(x.rows());
  const auto m = static_cast<double>(y.rows());
  return 2 * SumWithin(x, kernel) / (n * (n - 1)) + 2 * SumWithin(y, kernel) / (m * (m - 1)) -
         2 * SumOverPairs(x, y, kernel) / (n * m);
}

absl::StatusOr<double> EnergyDistance(const Points& x, const Points& y) {
  STEMMA_RETURN_IF_ERROR(CheckOneSpace(x, y, 1));
  const auto distance = [](double squared_distance) { return std::sqrt(squared_distance); };
  const auto n = static_cast<double>(x.rows());
  const auto m = static_cast<double>(y.rows());
  const double squared = 2 * SumOverPairs(x, y, distance) / (n * m) - 2 * SumWithin(x, distance) / (n * n) -
                         2 * SumWithin(y, distance) / (m * m);
  // Not below 0 but for rounding.
  return std::sqrt(std::max(squared, 0.0));
}

absl::StatusOr<EmbeddingComparison> CompareEmbeddings(const EmbeddingSignature& a, const EmbeddingSignature& b) {
  STEMMA_RETURN_IF_ERROR(CheckComparable(a.space(), b.space()));
  std::vector<std::size_t> shared_a, shared_b;
  for (std::size_t row = 0; row < a.rows().size(); ++row) {
    const std::optional<std::size_t> other = b.Find(a.rows()[row].prompt);
    if (!other) continue;
    shared_a.push_back(row);
    shared_b.push_back(*other);
  }
  if (shared_a.size() < 2) {
    return absl::InvalidArgumentError(
        absl::StrFormat("two models must share at least 2 prompts to be compared, got %d", shared_a.size()));
  }
  std::vector<std::size_t> all_a(a.rows().size()), all_b(b.rows().size());
  std::iota(all_a.begin(), all_a.end(), std::size_t{0});
  std::iota(all_b.begin(), all_b.end(), std::size_t{0});
  const std::size_t dims = a.space().dims;
  std::vector<double> paired_a = RowMeans(a, shared_a), paired_b = RowMeans(b, shared_b);
  const std::vector<double> cloud_a = RowMeans(a, all_a), cloud_b = RowMeans(b, all_b);
  EmbeddingComparison comparison;
  comparison.shared_prompts = shared_a.size();
  STEMMA_ASSIGN_OR_RETURN(comparison.linear_cka, LinearCka({paired_a, dims}, {paired_b, dims}));
  STEMMA_ASSIGN_OR_RETURN(comparison.bandwidth, MedianDistance({cloud_a, dims}, {cloud_b, dims}));
  STEMMA_ASSIGN_OR_RETURN(comparison.mmd_squared, MmdSquared({cloud_a, dims}, {cloud_b, dims}, comparison.bandwidth));
  STEMMA_ASSIGN_OR_RETURN(comparison.energy_distance, EnergyDistance({cloud_a, dims}, {cloud_b, dims}));
  Mean cosine;
  for (std::size_t k = 0; k < shared_a.size(); ++k) {
    const std::span<double> first = std::span(paired_a).subspan(k * dims, dims);
    const std::span<double> second = std::span(paired_b).subspan(k * dims, dims);
    if (Normalise(first) && Normalise(second)) cosine.Add(Dot(first, second));
  }
  comparison.mean_cosine = cosine.value();
  return comparison;
}

}  // namespace stemma
