#include "lib/score/mixture_em.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "lib/base/sum.h"

namespace stemma::score {
namespace {

constexpr std::size_t kMaxIterations = 60;
constexpr double kConverged = 1e-3;   // of the log posterior
constexpr double kLeastShare = 1e-6;  // a class at 0 could never come back

using Histogram = std::vector<double>;  // by bin

// Prompts with the same bins cannot be told apart: they are one cell, and there are far fewer cells than prompts.
struct Cells {
  Bins bins;                          // [feature][cell]
  std::vector<double> times;          // by cell
  std::vector<std::size_t> of_prompt;
};

Cells CellsOf(const Bins& bins, std::span<const double> times) {
  std::vector<std::string> tuples(times.size());  // a byte a feature
  for (std::size_t p = 0; p < times.size(); ++p) {
    for (const std::vector<std::uint8_t>& feature : bins) tuples[p].push_back(static_cast<char>(feature[p]));
  }
  std::vector<std::string> seen = tuples;
  std::ranges::sort(seen);
  seen.erase(std::ranges::unique(seen).begin(), seen.end());
  Cells cells{Bins(bins.size()), std::vector<double>(seen.size(), 0), {}};
  for (const std::string& tuple : seen) {
    for (std::size_t f = 0; f < bins.size(); ++f) cells.bins[f].push_back(static_cast<std::uint8_t>(tuple[f]));
  }
  for (std::size_t p = 0; p < times.size(); ++p) {
    cells.of_prompt.push_back(static_cast<std::size_t>(std::ranges::lower_bound(seen, tuples[p]) - seen.begin()));
    cells.times[cells.of_prompt.back()] += times[p];
  }
  return cells;
}

class ClassModel {
 public:
  ClassModel(const Cells& cells, std::size_t sources, const MixtureDensities& densities, ClassStart start)
      : cells_(cells), bins_(cells.bins), sources_(sources), times_(cells.times), densities_(densities) {
    fit_.shares = std::move(start.shares);
    fit_.strengths = std::move(start.strengths);
    const std::vector<double>& prior = densities.stranger.log_prior;
    const auto commonest = static_cast<std::size_t>(std::ranges::max_element(prior) - prior.begin());
    fit_.levels.assign(sources + 1, std::vector<std::size_t>(bins_.size(), commonest));
    fit_.responsibility.assign(sources + 1, std::vector<double>(times_.size(), 0));
  }

  ClassFit Run() && {
    for (std::size_t iteration = 0; iteration < kMaxIterations; ++iteration) {
      const double before = fit_.log_posterior;
      fit_.log_posterior = Expect();
      if (fit_.log_posterior - before < kConverged) break;
      Maximise();
    }
    for (std::vector<double>& of_class : fit_.responsibility) {
      std::vector<double> by_prompt;
      for (const std::size_t cell : cells_.of_prompt) by_prompt.push_back(of_class[cell]);
      of_class = std::move(by_prompt);
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

  const Cells& cells_;
  const Bins& bins_;
  std::size_t sources_;
  std::span<const double> times_;
  const MixtureDensities& densities_;
  ClassFit fit_;
};

}  // namespace

ClassFit FitClasses(const Bins& bins, std::size_t sources, std::span<const double> times, const MixtureDensities& densities,
                    ClassStart start) {
  return ClassModel(CellsOf(bins, times), sources, densities, std::move(start)).Run();
}

ClassFit BestOfStarts(const Bins& bins, std::size_t sources, std::span<const double> times,
                      const MixtureDensities& densities, std::span<const ClassStart> starts) {
  const Cells cells = CellsOf(bins, times);
  ClassFit best;
  for (const ClassStart& start : starts) {
    ClassFit fit = ClassModel(cells, sources, densities, start).Run();
    if (fit.log_posterior > best.log_posterior) best = std::move(fit);
  }
  return best;
}

}  // namespace stemma::score
