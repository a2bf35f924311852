// H1 (the candidate derives from the reference or a close relative of it) against H2 (it is independent of it), log10.
#ifndef STEMMA_LIKELIHOOD_RATIO_H_
#define STEMMA_LIKELIHOOD_RATIO_H_

#include <cstddef>
#include <limits>

#include "stemma/estimate.h"
#include "stemma/lr_bounds.h"

namespace stemma {

struct LikelihoodRatio {
  Estimate unbounded;  // two-level interval: other groups to calibrate by, other prompts
  Estimate bounded;    // what is reported: as far as the number of groups seen can carry
  LrBounds bounds;
  // The smallest bounded one when one group of the panel, never the reference's own, or one category of prompts is left out.
  double without_group_log10 = std::numeric_limits<double>::quiet_NaN();
  std::size_t group_left_out = 0;
  double without_category_log10 = std::numeric_limits<double>::quiet_NaN();
  std::size_t category_left_out = 0;  // short, middling or long answers
  std::size_t pairs_h1 = 0;  // it was calibrated by
  std::size_t pairs_h2 = 0;
};

}  // namespace stemma

#endif  // STEMMA_LIKELIHOOD_RATIO_H_
