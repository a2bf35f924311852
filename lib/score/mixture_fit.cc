#include "lib/score/mixture_fit.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/base/random.h"

namespace stemma::score {
namespace {

// How many makers are looked at with all starts, after a short look at each.
constexpr std::size_t kLookedAtClosely = 5;

Bins Selected(const Bins& bins, std::span<const std::size_t> makers) {
  Bins out;
  for (const std::size_t maker : makers) out.push_back(bins[maker]);
  return out;
}

struct Step {
  std::size_t maker = 0;
  double gain = 0;
  ClassFit fit;
};

class Selection {
 public:
  Selection(const Bins& bins, const MixtureDensities& densities, const MixtureFitOptions& options)
      : bins_(bins), densities_(densities), options_(options), times_(bins.empty() ? 0 : bins.front().size(), 1.0) {
    fit_.classes.shares = {1};
    fit_.classes.responsibility.assign(1, std::vector<double>(times_.size(), 1));
  }

  MixtureFit Run() && {
    while (fit_.makers.size() < options_.most_sources) {
      std::optional<Step> step = Best();
      if (!step) break;
      fit_.makers.push_back(step->maker);
      fit_.gains.push_back(step->gain);
      fit_.classes = std::move(step->fit);
    }
    return std::move(fit_);
  }

 private:
  ClassStart WithNew(double share, std::size_t strength) const {
    ClassStart start{fit_.classes.shares, fit_.classes.strengths};
    for (double& old : start.shares) old *= 1 - share;
    start.shares.push_back(share);
    start.strengths.push_back(strength);
    return start;
  }

  std::vector<ClassStart> ShortStarts() const {
    const std::size_t strata = densities_.source.strength.size();
    return {WithNew(.15, strata - 1 - strata / 4), WithNew(.4, strata / 4)};
  }

  std::vector<ClassStart> AllStarts() const {
    std::vector<ClassStart> starts;
    for (std::size_t s = 0; s < options_.starts; ++s) {
      base::Random random(options_.seed, fit_.makers.size() * options_.starts + s);
      const double share = .05 + .65 * random.Uniform();
      starts.push_back(WithNew(share, random.Below(densities_.source.strength.size())));
    }
    return starts;
  }

  // What a maker gains as a further source.
  Step Try(std::size_t maker, std::span<const ClassStart> starts) const {
    std::vector<std::size_t> makers = fit_.makers;
    makers.push_back(maker);
    const Bins bins = Selected(bins_, makers);
    const ClassFit without = FitClasses(bins, fit_.makers.size(), times_, densities_,
                                        {fit_.classes.shares, fit_.classes.strengths});
    Step step{maker, 0, BestOfStarts(bins, makers.size(), times_, densities_, starts)};
    step.gain = step.fit.log_posterior - without.log_posterior;
    return step;
  }

  bool Stands(const Step& step) const {
    if (step.gain < options_.least_gain) return false;
    for (std::size_t k = 0; k < step.fit.strengths.size(); ++k) {
      const double as_source = densities_.source.strength[step.fit.strengths[k]];
      const double as_stranger = std::max(densities_.stranger.strength[step.fit.levels[0][k]], 0.0);
      if (as_source - as_stranger < options_.least_separation) return false;
      if (step.fit.shares[k + 1] < options_.least_share) return false;
    }
    return true;
  }

  std::optional<Step> Best() const {
    std::vector<Step> steps;
    const std::vector<ClassStart> few = ShortStarts();
    for (std::size_t maker = 0; maker < bins_.size(); ++maker) {
      if (std::ranges::find(fit_.makers, maker) != fit_.makers.end()) continue;
      steps.push_back(Try(maker, few));
    }
    const auto by_gain = [](const Step& a, const Step& b) { return a.gain != b.gain ? a.gain > b.gain : a.maker < b.maker; };
    std::ranges::sort(steps, by_gain);
    if (steps.size() > kLookedAtClosely) steps.resize(kLookedAtClosely);
    const std::vector<ClassStart> all = AllStarts();
    for (Step& step : steps) {
      Step again = Try(step.maker, all);
      if (again.gain > step.gain) step = std::move(again);
    }
    std::ranges::sort(steps, by_gain);
    for (Step& step : steps) {
      if (Stands(step)) return std::move(step);
    }
    return std::nullopt;
  }

  const Bins& bins_;
  const MixtureDensities& densities_;
  const MixtureFitOptions& options_;
  std::vector<double> times_;
  MixtureFit fit_;
};

}  // namespace

MixtureFit SelectSources(const Bins& bins, const MixtureDensities& densities, const MixtureFitOptions& options) {
  return Selection(bins, densities, options).Run();
}

ClassFit Refit(const Bins& bins, const MixtureFit& fit, std::span<const double> times, const MixtureDensities& densities) {
  ClassStart start{fit.classes.shares, fit.classes.strengths};
  return FitClasses(Selected(bins, fit.makers), fit.makers.size(), times, densities, std::move(start));
}

}  // namespace stemma::score
