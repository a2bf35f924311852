#include "lib/score/mixture_em.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/base/sum.h"

namespace stemma::score {
namespace {

constexpr std::size_t kMaxIterations = 60;
constexpr double kConverged = 1e-3;   // of the log posterior
constexpr double kLeastShare = 1e-6;  // a class at 0 could never come back

using Histogram = std::vector<double>;  // by bin

class ClassModel {
 public:
  ClassModel(const Bins& bins, std::size_t sources, std::span<const double> times, const MixtureDensities& densities,
             ClassStart start)
      : bins_(bins), sources_(sources), times_(times), densities_(densities) {
    fit_.shares = std::move(start.shares);
    fit_.strengths = std::move(start.strengths);
    const std::vector<double>& prior = densities.stranger.log_prior;
    const auto commonest = static_cast<std::size_t>(std::ranges::max_element(prior) - prior.begin());
    fit_.levels.assign(sources + 1, std::vector<std::size_t>(bins.size(), commonest));
    fit_.responsibility.assign(sources + 1, std::vector<double>(times.size(), 0));
  }

  ClassFit Run() && {
    for (std::size_t iteration = 0; iteration < kMaxIterations; ++iteration) {
      const double before = fit_.log_posterior;
      fit_.log_posterior = Expect();
      if (fit_.log_posterior - before < kConverged) break;
      Maximise();
    }
    return std::move(fit_);
  }

 private:
  bool IsSource(std::size_t c, std::size_t feature) const { return c > 0 && c - 1 == feature; }

  const std::vector<double>& DensityOf(std::size_t c, std::size_t feature) const {
    return IsSource(c, feature) ? densities_.source.log_density[fit_.strengths[feature]]
                                : densities_.stranger.log_density[fit_.levels[c][feature]];
  }

  // Fills responsibilities; the log posterior.
  double Expect() {
    for (std::size_t c = 0; c <= sources_; ++c) {
      std::ranges::fill(fit_.responsibility[c], std::log(fit_.shares[c]));
      for (std::size_t f = 0; f < bins_.size(); ++f) {
        const std::vector<double>& density = DensityOf(c, f);
        for (std::size_t p = 0; p < times_.size(); ++p) {
          if (bins_[f][p] != kNoBin) fit_.responsibility[c][p] += density[bins_[f][p]];
        }
      }
    }
    base::FixedOrderSum log_likelihood;
    for (std::size_t p = 0; p < times_.size(); ++p) {
      double largest = fit_.responsibility[0][p];
      for (std::size_t c = 1; c <= sources_; ++c) largest = std::max(largest, fit_.responsibility[c][p]);
      double sum = 0;
      for (std::size_t c = 0; c <= sources_; ++c) {
        double& r = fit_.responsibility[c][p];
        r = std::exp(r - largest);
        sum += r;
      }
      for (std::size_t c = 0; c <= sources_; ++c) fit_.responsibility[c][p] /= sum;
      log_likelihood.Add(times_[p] * (std::log(sum) + largest));
    }
    return log_likelihood.value() + LogPrior();
  }

  double LogPrior() const {
    double sum = 0;
    for (const std::size_t stratum : fit_.strengths) sum += densities_.source.log_prior[stratum];
    for (std::size_t c = 0; c <= sources_; ++c) {
      for (std::size_t f = 0; f < bins_.size(); ++f) {
        if (!IsSource(c, f)) sum += densities_.stranger.log_prior[fit_.levels[c][f]];
      }
    }
    return sum;
  }

  static std::size_t BestStratum(const StrataDensities& strata, const Histogram& seen) {
    std::size_t best = 0;
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < strata.log_density.size(); ++k) {
      double sum = strata.log_prior[k];
      for (std::size_t b = 0; b < seen.size(); ++b) sum += seen[b] * strata.log_density[k][b];
      if (sum > most) {
        most = sum;
        best = k;
      }
    }
    return best;
  }

  void Maximise() {
    double all = 0;
    for (const double times : times_) all += times;
    for (std::size_t c = 0; c <= sources_; ++c) {
      double sum = 0;
      for (std::size_t p = 0; p < times_.size(); ++p) sum += times_[p] * fit_.responsibility[c][p];
      fit_.shares[c] = std::max(sum / all, kLeastShare);
      for (std::size_t f = 0; f < bins_.size(); ++f) {
        Histogram seen(densities_.stranger.log_density.front().size(), 0);
        for (std::size_t p = 0; p < times_.size(); ++p) {
          if (bins_[f][p] != kNoBin) seen[bins_[f][p]] += times_[p] * fit_.responsibility[c][p];
        }
        if (IsSource(c, f)) {
          fit_.strengths[f] = BestStratum(densities_.source, seen);
        } else {
          fit_.levels[c][f] = BestStratum(densities_.stranger, seen);
        }
      }
    }
  }

  const Bins& bins_;
  std::size_t sources_;
  std::span<const double> times_;
  const MixtureDensities& densities_;
  ClassFit fit_;
};

}  // namespace

ClassFit FitClasses(const Bins& bins, std::size_t sources, std::span<const double> times, const MixtureDensities& densities,
                    ClassStart start) {
  return ClassModel(bins, sources, times, densities, std::move(start)).Run();
}

ClassFit BestOfStarts(const Bins& bins, std::size_t sources, std::span<const double> times,
                      const MixtureDensities& densities, std::span<const ClassStart> starts) {
  ClassFit best;
  for (const ClassStart& start : starts) {
    ClassFit fit = FitClasses(bins, sources, times, densities, start);
    if (fit.log_posterior > best.log_posterior) best = std::move(fit);
  }
  return best;
}

}  // namespace stemma::score
