#include "stemma/style_fit.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/panel/group_weights.h"

namespace stemma {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// Blocks of prompts between which one model's variation is measured, chosen by key so that order cannot matter.
constexpr std::size_t kBlocks = 23;
constexpr Eigen::Index kSetDirections = 50;
constexpr Eigen::Index kDirections = 60;
// Shares of the estimated covariances; the rest is their mean on all directions, against estimates of low rank.
constexpr double kWithinShare = 0.8;
constexpr double kPairShare = 0.2;
// Directions of less than this share of the first one's variance are rounding errors; as is all of a variance of square
// roots of shares, or of unit-length points, below the second.
constexpr double kSmallestShare = 1e-9;
constexpr double kSmallestVariance = 1e-15;

struct FineTune {
  std::size_t child;
  std::size_t parent;
};

struct Models {
  std::vector<const Signature*> signatures;  // by name
  Vector weights;                            // sum to 1
  std::vector<std::string> groups;
  std::vector<FineTune> fine_tunes;
};

bool IsFineTune(const LineageLink& link) {
  static const std::set<std::string> kRelations = {"finetuned_from", "sampled_from", "same_model"};
  // What was inferred from text must not decide how text is compared.
  return kRelations.contains(link.relation) && link.evidence.find("[measured]") == std::string::npos;
}

absl::StatusOr<Models> Collect(std::span<const Signature> signatures, const Vocabulary& vocabulary) {
  Models models;
  for (const Signature& signature : signatures) {
    if (signature.vocabulary_digest() != vocabulary.digest() || !signature.has_style()) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "signature %s: not made with vocabulary %s", signature.metadata().model, ToHex(vocabulary.digest())));
    }
    if (!signature.metadata().degenerate) models.signatures.push_back(&signature);
  }
  std::ranges::sort(models.signatures, {}, [](const Signature* s) { return std::string_view(s->metadata().model); });
  std::map<std::string_view, std::size_t> index;
  for (std::size_t m = 0; m < models.signatures.size(); ++m) {
    models.groups.push_back(GroupName(models.signatures[m]->metadata()));
    index.emplace(models.signatures[m]->metadata().model, m);
  }
  const std::set<std::string> distinct(models.groups.begin(), models.groups.end());
  if (distinct.size() < kMinGroupsToFitStyle || vocabulary.style_features().size() == 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "a style space needs features and at least %d groups of models, got %d features and %d groups",
        kMinGroupsToFitStyle, vocabulary.style_features().size(), distinct.size()));
  }
  const std::vector<double> weights = panel::GroupWeights(std::span<const Signature* const>(models.signatures));
  models.weights = Eigen::Map<const Vector>(weights.data(), static_cast<Eigen::Index>(weights.size()));
  models.weights /= models.weights.sum();
  for (std::size_t m = 0; m < models.signatures.size(); ++m) {
    for (const LineageLink& link : models.signatures[m]->metadata().lineage) {
      const auto parent = index.find(link.panel_source);
      if (parent != index.end() && IsFineTune(link)) models.fine_tunes.push_back({m, parent->second});
    }
  }
  return models;
}

// Shares of features by model, and by model and block of prompts.
struct Shares {
  Matrix whole;                // models x features
  std::vector<Matrix> blocks;  // blocks of models x features; a row of NaN where a model has no answer
};

Shares Count(const Models& models, std::size_t features) {
  const auto rows = static_cast<Eigen::Index>(models.signatures.size());
  const auto columns = static_cast<Eigen::Index>(features);
  Shares shares;
  shares.blocks.assign(kBlocks, Matrix::Zero(rows, columns));
  Matrix prompts = Matrix::Zero(rows, static_cast<Eigen::Index>(kBlocks));
  std::vector<FeatureCount> counts;
  for (Eigen::Index m = 0; m < rows; ++m) {
    const Signature& signature = *models.signatures[static_cast<std::size_t>(m)];
    for (const PromptRow& row : signature.rows()) {
      if (row.tokens == 0) continue;
      const std::size_t block = row.prompt.low % kBlocks;
      prompts(m, static_cast<Eigen::Index>(block)) += 1;
      signature.Style(row, counts);
      for (const FeatureCount& count : counts) {
        if (count.feature < columns) shares.blocks[block](m, count.feature) += static_cast<double>(count.samples) / row.samples;
      }
    }
  }
  shares.whole = Matrix::Zero(rows, columns);
  for (const Matrix& block : shares.blocks) shares.whole += block;
  const Vector totals = prompts.rowwise().sum().cwiseMax(1);
  shares.whole.array().colwise() /= totals.array();
  for (std::size_t b = 0; b < kBlocks; ++b) {
    shares.blocks[b].array().colwise() /= prompts.col(static_cast<Eigen::Index>(b)).array();
  }
  return shares;
}

Matrix Centred(const Matrix& values, const Vector& weights) {
  const Eigen::RowVectorXd mean = weights.transpose() * values;
  return values.rowwise() - mean;
}

// Directions of the most weighted variance, a column each; the largest entry of each is positive.
Matrix PrincipalDirections(const Matrix& centred, const Vector& weights, Eigen::Index most) {
  const Matrix weighted = weights.cwiseSqrt().asDiagonal() * centred;
  // Models are fewer than features: solve for the models' Gram matrix.
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(weighted * weighted.transpose());
  const Vector& values = solver.eigenvalues();  // increasing
  const Eigen::Index n = values.size();
  const double smallest = std::max(kSmallestVariance, kSmallestShare * values[n - 1]);
  Eigen::Index count = 0;
  while (count < std::min(most, n) && values[n - 1 - count] > smallest) ++count;
  Matrix directions(centred.cols(), count);
  for (Eigen::Index k = 0; k < count; ++k) {
    Vector direction = weighted.transpose() * solver.eigenvectors().col(n - 1 - k);
    direction.normalize();
    Eigen::Index largest = 0;
    direction.cwiseAbs().maxCoeff(&largest);
    directions.col(k) = direction[largest] < 0 ? Vector(-direction) : direction;
  }
  return directions;
}

Matrix Shrunk(const Matrix& covariance, double share) {
  const Eigen::Index n = covariance.rows();
  return share * covariance + (1 - share) * covariance.trace() / static_cast<double>(n) * Matrix::Identity(n, n);
}

// W with W W' = covariance^-1.
Matrix Whitening(const Matrix& covariance) {
  const Matrix inverse = covariance.llt().solve(Matrix::Identity(covariance.rows(), covariance.rows()));
  return inverse.llt().matrixL();
}

// How much one model's blocks of prompts vary around the model's mean and the blocks' means.
Matrix WithinModelCovariance(const std::vector<Matrix>& blocks, const Matrix& directions, const Vector& weights) {
  const Eigen::Index models = weights.size();
  Matrix covariance = Matrix::Zero(directions.cols(), directions.cols());
  std::vector<Matrix> deviations;
  for (const Matrix& block : blocks) {
    Matrix projected = block.cwiseSqrt() * directions;
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(directions.cols());
    double weight = 0;
    for (Eigen::Index m = 0; m < models; ++m) {
      if (!projected.row(m).allFinite()) continue;
      mean += weights[m] * projected.row(m);
      weight += weights[m];
    }
    if (weight > 0) projected.rowwise() -= mean / weight;
    deviations.push_back(std::move(projected));
  }
  for (Eigen::Index m = 0; m < models; ++m) {
    std::vector<Eigen::RowVectorXd> own;
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(directions.cols());
    for (const Matrix& block : deviations) {
      if (!block.row(m).allFinite()) continue;
      own.push_back(block.row(m));
      mean += own.back();
    }
    if (own.size() < 2) continue;
    mean /= static_cast<double>(own.size());
    for (const Eigen::RowVectorXd& row : own) {
      const Vector deviation = (row - mean).transpose();
      covariance += weights[m] / static_cast<double>(own.size()) * deviation * deviation.transpose();
    }
  }
  return covariance;
}

// Mean outer product of child minus parent; a group has one voice for each parent.
Matrix FineTuneScatter(const Models& models, const Matrix& points) {
  std::map<std::pair<std::string, std::size_t>, std::vector<Vector>> differences;
  for (const FineTune& pair : models.fine_tunes) {
    differences[{models.groups[pair.child], pair.parent}].push_back(
        (points.row(static_cast<Eigen::Index>(pair.child)) - points.row(static_cast<Eigen::Index>(pair.parent))).transpose());
  }
  Matrix scatter = Matrix::Zero(points.cols(), points.cols());
  for (const auto& [key, of_group] : differences) {
    Vector mean = Vector::Zero(points.cols());
    for (const Vector& difference : of_group) mean += difference;
    mean /= static_cast<double>(of_group.size());
    scatter += mean * mean.transpose() / static_cast<double>(differences.size());
  }
  return scatter;
}

LinearMap ToMap(const Matrix& matrix) {
  LinearMap map{static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols()), {}};
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) map.rows.push_back(static_cast<float>(matrix(r, c)));
  }
  return map;
}

// The map of one set of features: directions, whitened, scaled to unit total variance.
Matrix FitSet(const Shares& shares, Eigen::Index first, Eigen::Index count, const Vector& weights) {
  const Matrix centred = Centred(shares.whole.middleCols(first, count).cwiseSqrt(), weights);
  Matrix map = PrincipalDirections(centred, weights, kSetDirections);
  if (map.cols() == 0) return map;
  std::vector<Matrix> blocks;
  for (const Matrix& block : shares.blocks) blocks.push_back(block.middleCols(first, count));
  const Matrix within = WithinModelCovariance(blocks, map, weights);
  if (within.trace() > 0) map *= Whitening(Shrunk(within, kWithinShare));
  const double variance = weights.dot((centred * map).rowwise().squaredNorm());
  return map / std::sqrt(variance);
}

}  // namespace

absl::StatusOr<StyleSpace> FitStyleSpace(std::span<const Signature> signatures, const Vocabulary& vocabulary) {
  STEMMA_ASSIGN_OR_RETURN(const Models models, Collect(signatures, vocabulary));
  const StyleFeatures& features = vocabulary.style_features();
  const Shares shares = Count(models, features.size());
  std::vector<LinearMap> sets;
  Matrix projected(models.weights.size(), 0);
  Eigen::Index first = 0;
  for (const std::size_t size : {features.words().size(), features.openings().size()}) {
    if (size == 0) continue;
    const auto count = static_cast<Eigen::Index>(size);
    const Matrix map = FitSet(shares, first, count, models.weights);
    if (map.cols() == 0) return absl::FailedPreconditionError("the models do not differ in style");
    const Matrix outputs = Centred(shares.whole.middleCols(first, count).cwiseSqrt(), models.weights) * map;
    projected.conservativeResize(Eigen::NoChange, projected.cols() + outputs.cols());
    projected.rightCols(outputs.cols()) = outputs;
    sets.push_back(ToMap(map));
    first += count;
  }
  projected.rowwise().normalize();
  const Matrix centred = Centred(projected, models.weights);
  Matrix last = PrincipalDirections(centred, models.weights, kDirections);
  const Matrix points = centred * last;
  const double variance = models.weights.dot(points.rowwise().squaredNorm());
  Matrix scatter = FineTuneScatter(models, points);
  if (scatter.trace() > 0) {
    const auto size = static_cast<double>(points.cols());
    const Matrix mean = variance / size * Matrix::Identity(points.cols(), points.cols());
    scatter *= variance / scatter.trace();
    last *= Whitening((1 - kPairShare) * mean + kPairShare * scatter);
  }
  return StyleSpace::Create(std::move(sets), ToMap(last));
}

}  // namespace stemma
