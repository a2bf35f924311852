#include "stemma/multiple_testing.h"

#include <algorithm>
#include <numeric>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"

namespace stemma {
namespace {

absl::Status Check(std::span<const double> p_values) {
  for (std::size_t k = 0; k < p_values.size(); ++k) {
    if (p_values[k] >= 0 && p_values[k] <= 1) continue;
    return absl::InvalidArgumentError(absl::StrFormat("p-values must be in [0, 1], got %g at %d", p_values[k], k));
  }
  return absl::OkStatus();
}

// Positions from the smallest p to the largest. Equal ones get the same adjusted value in either order.
std::vector<std::size_t> Rising(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return p_values[a] != p_values[b] ? p_values[a] < p_values[b] : a < b;
  });
  return order;
}

}  // namespace

absl::StatusOr<std::vector<double>> HolmAdjusted(std::span<const double> p_values) {
  STEMMA_RETURN_IF_ERROR(Check(p_values));
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  std::size_t left = p_values.size();
  for (const std::size_t k : Rising(p_values)) {
    largest = std::max(largest, static_cast<double>(left--) * p_values[k]);
    adjusted[k] = std::min(largest, 1.0);
  }
  return adjusted;
}

absl::StatusOr<std::vector<double>> BenjaminiHochbergAdjusted(std::span<const double> p_values) {
  STEMMA_RETURN_IF_ERROR(Check(p_values));
  const double tests = static_cast<double>(p_values.size());
  const std::vector<std::size_t> order = Rising(p_values);
  std::vector<double> adjusted(p_values.size());
  double smallest = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t k = order[rank - 1];
    smallest = std::min(smallest, tests * p_values[k] / static_cast<double>(rank));
    adjusted[k] = smallest;
  }
  return adjusted;
}

bool HolmUnreachable(std::size_t tests, std::size_t groups, double alpha) {
  // A quotient, since 0.29 * 100 < 29 in doubles, while 29 / 100 == 0.29.
  return static_cast<double>(tests) / static_cast<double>(groups + 1) > alpha;
}

}  // namespace stemma
