#include "stemma/e_process.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lib/evidence/beta.h"

namespace stemma {

double PairedWinsELog10(std::uint64_t wins, std::uint64_t losses) {
  const double a = static_cast<double>(wins) + 1;
  const double b = static_cast<double>(losses) + 1;
  // The part of the beta integral above 1/2 is, by symmetry, that of Beta(b, a) below.
  const double log_integral = evidence::LogBeta(a, b) + evidence::LogIncompleteBeta(0.5, b, a);
  return (a + b - 1) * std::numbers::ln2 / std::numbers::ln10 + log_integral / std::numbers::ln10;
}

void PairedWins::Add(bool win) {
  ++(win ? wins_ : losses_);
  e_value_log10_ = PairedWinsELog10(wins_, losses_);
  max_e_value_log10_ = std::max(max_e_value_log10_, e_value_log10_);
}

double PairedWins::p_value() const { return std::pow(10, -max_e_value_log10_); }

}  // namespace stemma
