// What is known of an error rate after k errors among n independent units.
//
// No error among n says that the rate is small, not that it is 0: a report prints the upper limit, never "0 %".
//
// Units: n counts independent groups, never prompts or pairs; rates and levels are shares.
// Errors: kInvalidArgument for n = 0, more errors than n, or a level outside (0, 1).
// Source: Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of the binomial".
#ifndef STEMMA_ERROR_RATE_BOUND_H_
#define STEMMA_ERROR_RATE_BOUND_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "stemma/estimate.h"

namespace stemma {

// The largest rate that would still give at most `errors` errors with probability 1 - `level`; without an error
// 1 - (1 - level)^(1/n): 14.6 % for 19 groups, 5.0 % for 59, 3.0 % for 99.
absl::StatusOr<double> ErrorRateUpperBound(std::uint64_t errors, std::uint64_t n, double level = 0.95);

// The observed rate with its two-sided interval, (1 - `level`) / 2 on either side; `unit_of_n` is "groups".
absl::StatusOr<Estimate> ErrorRate(std::uint64_t errors, std::uint64_t n, double level = 0.95);

}  // namespace stemma

#endif  // STEMMA_ERROR_RATE_BOUND_H_
