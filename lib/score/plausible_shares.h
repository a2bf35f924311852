// Which shares of the prompts a maker may have written, where it is not known how near its own models are to those of the panel.
//
// A large share of a distant model and a small one of a near model look much alike. So a share's interval is taken over all
// strata of likeness (`mixture_em.h`): of the maker as a source, and as a stranger at all other prompts. The likelihood is
// raised to a power below 1, since the densities are those of other models: prompts say less than if they were its own.
// With the power .1 intervals of 95 % held 115 of 121 shares of donors, and 111 of 115 of candidates (docs/mixture.md).
// Determinism: sums run in the order of shares and strata.
// Complexity: shares times pairs of strata times bins: some 10 ms.
// Source: Holmes and Walker 2017, "Assigning a value to a power likelihood in a general Bayesian model" (Biometrika 104).
#ifndef STEMMA_LIB_SCORE_PLAUSIBLE_SHARES_H_
#define STEMMA_LIB_SCORE_PLAUSIBLE_SHARES_H_

#include <cstdint>
#include <span>

#include "lib/score/mixture_em.h"

namespace stemma::score {

struct PlausibleShares {
  double lower = 0;
  double upper = 1;
};

// `bins`: the maker's, by prompt. Shares are uniform beforehand, in steps of .01. From 0 to 1 where no pair of strata is as far
// apart as `least_separation`.
PlausibleShares FindPlausibleShares(std::span<const std::uint8_t> bins, const MixtureDensities& densities,
                                    double least_separation, double level);

}  // namespace stemma::score

#endif  // STEMMA_LIB_SCORE_PLAUSIBLE_SHARES_H_
