#include "lib/score/plausible_shares.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace stemma::score {
namespace {

constexpr double kPower = 0.1;
constexpr std::size_t kSteps = 100;
using ByShare = std::array<double, kSteps + 1>;

double ShareAt(std::size_t step) { return static_cast<double>(step) / static_cast<double>(kSteps); }

// By stratum.
std::vector<std::vector<double>> DensitiesOf(const StrataDensities& strata) {
  std::vector<std::vector<double>> densities = strata.log_density;
  for (std::vector<double>& density : densities) {
    for (double& value : density) value = std::exp(value);
  }
  return densities;
}

// Of each share, with the maker in one stratum as a source and in another one as a stranger.
ByShare LogLikelihoods(const std::vector<double>& seen, const std::vector<double>& source, const std::vector<double>& stranger) {
  ByShare sums{};
  for (std::size_t step = 0; step <= kSteps; ++step) {
    for (std::size_t b = 0; b < seen.size(); ++b) {
      if (seen[b] > 0) sums[step] += seen[b] * std::log(ShareAt(step) * source[b] + (1 - ShareAt(step)) * stranger[b]);
    }
  }
  return sums;
}

std::vector<ByShare> LogPosteriors(const std::vector<double>& seen, const MixtureDensities& densities, double least_separation) {
  const StrataDensities& source = densities.source;
  const StrataDensities& stranger = densities.stranger;
  const std::vector<std::vector<double>> as_source = DensitiesOf(source), as_stranger = DensitiesOf(stranger);
  std::vector<ByShare> all;
  for (std::size_t s = 0; s < source.strength.size(); ++s) {
    for (std::size_t l = 0; l < stranger.strength.size(); ++l) {
      if (source.strength[s] - std::max(stranger.strength[l], 0.0) < least_separation) continue;
      all.push_back(LogLikelihoods(seen, as_source[s], as_stranger[l]));
      for (double& sum : all.back()) sum += source.log_prior[s] + stranger.log_prior[l];
    }
  }
  return all;
}

}  // namespace

PlausibleShares FindPlausibleShares(std::span<const std::uint8_t> bins, const MixtureDensities& densities,
                                    double least_separation, double level) {
  std::vector<double> seen(densities.stranger.log_density.front().size(), 0);
  for (const std::uint8_t bin : bins) {
    if (bin != kNoBin) ++seen[bin];
  }
  const std::vector<ByShare> posteriors = LogPosteriors(seen, densities, least_separation);
  if (posteriors.empty()) return {};
  double most = posteriors.front().front();
  for (const ByShare& posterior : posteriors) most = std::max(most, std::ranges::max(posterior));
  ByShare weights{};
  double all = 0;
  for (const ByShare& posterior : posteriors) {
    for (std::size_t step = 0; step <= kSteps; ++step) {
      const double weight = std::exp(kPower * (posterior[step] - most));
      weights[step] += weight;
      all += weight;
    }
  }
  const auto quantile = [&](double q) {
    double passed = 0;
    for (std::size_t step = 0; step < kSteps; ++step) {
      passed += weights[step];
      if (passed >= q * all) return ShareAt(step);
    }
    return 1.0;
  };
  return {quantile((1 - level) / 2), quantile((1 + level) / 2)};
}

}  // namespace stemma::score
