#include "stemma/posterior.h"

#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace stemma {

absl::StatusOr<double> PosteriorOf(double prior, double llr_log10) {
  if (!(prior > 0 && prior < 1)) {
    return absl::InvalidArgumentError(absl::StrFormat("a prior must be above 0 and below 1, got %g", prior));
  }
  // By the log odds: no likelihood ratio overflows.
  return 1 / (1 + std::exp(std::log1p(-prior) - std::log(prior) - llr_log10 * std::log(10.0)));
}

}  // namespace stemma
