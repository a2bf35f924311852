#include "tests/oracle/centring.h"

#include <cmath>

namespace stemma::oracle {
namespace {

std::vector<double> Weights(const std::vector<Standing>& models, std::optional<std::size_t> self) {
  std::vector<double> weights;
  for (std::size_t m = 0; m < models.size(); ++m) {
    double members = 0;
    for (std::size_t k = 0; k < models.size(); ++k) {
      if (k != self && models[k].counts && models[k].group == models[m].group) members += 1;
    }
    weights.push_back(m != self && models[m].counts ? 1 / members : 0);
  }
  return weights;
}

double MeanOutside(const Row& row, const std::string& group, const std::vector<Standing>& models,
                   const std::vector<double>& weights) {
  double sum = 0, weight = 0;
  for (std::size_t m = 0; m < models.size(); ++m) {
    if (!row[m] || weights[m] == 0 || models[m].group == group) continue;
    sum += weights[m] * *row[m];
    weight += weights[m];
  }
  return sum / weight;
}

}  // namespace

Centred Centre(const Row& row, const std::vector<Row>& matrix, const std::vector<Standing>& models,
               const std::string& group, std::optional<std::size_t> self) {
  const std::vector<double> weights = Weights(models, self);
  const std::size_t n = models.size();
  std::vector<double> means;
  for (std::size_t m = 0; m < n; ++m) means.push_back(MeanOutside(matrix[m], models[m].group, models, weights));
  // Every pair is met twice, as (a, b) and (b, a): that changes no mean.
  const auto mean_over_pairs = [&](const auto& value) {
    double sum = 0, weight = 0;
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < n; ++b) {
        if (weights[a] == 0 || weights[b] == 0 || models[a].group == models[b].group || !matrix[a][b]) continue;
        sum += weights[a] * weights[b] * value(a, b);
        weight += weights[a] * weights[b];
      }
    }
    return sum / weight;
  };
  const double overall = mean_over_pairs([&](std::size_t a, std::size_t b) { return *matrix[a][b]; });
  const auto numerator = [&](std::size_t a, std::size_t b) { return *matrix[a][b] - means[a] - means[b] + overall; };
  const double mean = mean_over_pairs(numerator);
  Centred centred;
  centred.deviation = std::sqrt(mean_over_pairs([&](std::size_t a, std::size_t b) {
    const double difference = numerator(a, b) - mean;
    return difference * difference;
  }));
  const double own_mean = MeanOutside(row, group, models, weights);
  for (std::size_t m = 0; m < n; ++m) {
    centred.scores.push_back(
        row[m] ? std::optional((*row[m] - own_mean - means[m] + overall) / centred.deviation) : std::nullopt);
  }
  return centred;
}

}  // namespace stemma::oracle
