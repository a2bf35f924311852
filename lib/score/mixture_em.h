// Which of a few sources each prompt's response came from: a latent class model fitted by expectation maximisation.
//
// Every prompt has one source: one of the candidate makers, or "other". A maker's likeness at a prompt (a bin of
// `mixture_scores.h`) comes from a source density where it is the source, else from a stranger density. Both come in strata
// of strength: a rerun is nearer than a version, and some strangers are nearer than others. A source has one stratum, as
// has each maker under each other source.
//
// Shape: bins are `[feature][prompt]`; the first `sources` features may be sources, those behind them are only observed.
// Class 0 is "other", class k + 1 is feature k.
// Determinism: sums run in the order of the prompts; a start decides everything.
// Complexity: an iteration is linear in different tuples of bins (at most the prompts) times classes times features.
// Source: Dempster, Laird and Rubin 1977; Lazarsfeld and Henry 1968 for latent classes.
#ifndef STEMMA_LIB_SCORE_MIXTURE_EM_H_
#define STEMMA_LIB_SCORE_MIXTURE_EM_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace stemma::score {

// A likeness that is not there: the maker's models did not answer, or the response is a copy.
inline constexpr std::uint8_t kNoBin = UINT8_MAX;

// Densities over bins, one for each stratum, the weakest first.
struct StrataDensities {
  std::vector<std::vector<double>> log_density;  // [stratum][bin]
  std::vector<double> log_prior;
  std::vector<double> strength;  // the stratum's mean likeness
};

struct MixtureDensities {
  StrataDensities source;
  StrataDensities stranger;
};

using Bins = std::vector<std::vector<std::uint8_t>>;  // [feature][prompt]

struct ClassStart {
  std::vector<double> shares;          // by class
  std::vector<std::size_t> strengths;  // by source: a stratum
};

struct ClassFit {
  double log_posterior = -std::numeric_limits<double>::infinity();  // with the priors of all strata
  std::vector<double> shares;
  std::vector<std::size_t> strengths;
  std::vector<std::vector<std::size_t>> levels;      // [class][feature]: the stratum of a stranger
  std::vector<std::vector<double>> responsibility;  // [class][prompt]
};

// `times` counts each prompt so often. Preconditions: sizes fit, shares are above 0.
ClassFit FitClasses(const Bins& bins, std::size_t sources, std::span<const double> times, const MixtureDensities& densities,
                    ClassStart start);

// The best of several starts.
ClassFit BestOfStarts(const Bins& bins, std::size_t sources, std::span<const double> times,
                      const MixtureDensities& densities, std::span<const ClassStart> starts);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_MIXTURE_EM_H_
