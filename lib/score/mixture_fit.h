// Which makers are sources of a candidate's responses: one is added at a time, as long as prompts gain enough by it.
//
// A further source is held against the same likenesses without it: against strangers' densities under each source so far.
// So makers whose models resemble each other do not come in together.
// Determinism: depends on the seed alone.
#ifndef STEMMA_LIB_SCORE_MIXTURE_FIT_H_
#define STEMMA_LIB_SCORE_MIXTURE_FIT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/score/mixture_em.h"

namespace stemma::score {

struct MixtureFitOptions {
  double least_gain = 40;         // of the log posterior, for each source
  double least_share = 0.05;      // below it no source is told from chance
  double least_separation = 1.2;  // of a source's strength and the same maker's as a stranger
  std::size_t most_sources = 4;
  std::size_t starts = 10;
  std::uint64_t seed = 1;
};

struct MixtureFit {
  std::vector<std::size_t> makers;  // the sources: features of all bins
  std::vector<double> gains;        // by source, when it was added
  ClassFit classes;                 // class 0 is "other"
};

// `bins`: of all makers.
MixtureFit SelectSources(const Bins& bins, const MixtureDensities& densities, const MixtureFitOptions& options);

// The same sources where each prompt counts so often; starts from `fit`.
ClassFit Refit(const Bins& bins, const MixtureFit& fit, std::span<const double> times, const MixtureDensities& densities);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_MIXTURE_FIT_H_
