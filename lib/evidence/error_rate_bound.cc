#include "stemma/error_rate_bound.h"

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/evidence/beta.h"

namespace stemma {
namespace {

absl::Status Check(std::uint64_t errors, std::uint64_t n, double level) {
  if (n == 0) return absl::InvalidArgumentError("an error rate needs at least 1 unit, got 0");
  if (errors > n) {
    return absl::InvalidArgumentError(absl::StrFormat("errors must be at most the %d units, got %d", n, errors));
  }
  if (!(level > 0 && level < 1)) {
    return absl::InvalidArgumentError(absl::StrFormat("level must be in (0, 1), got %g", level));
  }
  return absl::OkStatus();
}

// P(Binomial(n, x) >= k) = I_x(k, n - k + 1) is `p` at the returned x.
double RateWithTail(double p, std::uint64_t k, std::uint64_t n) {
  return evidence::IncompleteBetaInverse(p, static_cast<double>(k), static_cast<double>(n - k + 1));
}

double Upper(std::uint64_t errors, std::uint64_t n, double level) {
  return errors == n ? 1 : RateWithTail(level, errors + 1, n);
}

double Lower(std::uint64_t errors, std::uint64_t n, double level) {
  return errors == 0 ? 0 : RateWithTail(1 - level, errors, n);
}

}  // namespace

absl::StatusOr<double> ErrorRateUpperBound(std::uint64_t errors, std::uint64_t n, double level) {
  STEMMA_RETURN_IF_ERROR(Check(errors, n, level));
  return Upper(errors, n, level);
}

absl::StatusOr<Estimate> ErrorRate(std::uint64_t errors, std::uint64_t n, double level) {
  STEMMA_RETURN_IF_ERROR(Check(errors, n, level));
  const double one_sided = (1 + level) / 2;
  Estimate rate;
  rate.value = static_cast<double>(errors) / static_cast<double>(n);
  rate.lower = Lower(errors, n, one_sided);
  rate.upper = Upper(errors, n, one_sided);
  rate.level = level;
  rate.n = n;
  rate.unit_of_n = "groups";
  rate.method = "Clopper-Pearson";
  return rate;
}

}  // namespace stemma
