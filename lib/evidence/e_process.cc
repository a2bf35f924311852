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

void LearnedWins::Add(bool win) {
  constexpr double kMostAtStake = 0.75;
  const double win_probability = (wins_ + 0.5) / (pairings_ + 1);
  const double share = std::clamp(2 * win_probability - 1, 0.0, kMostAtStake);
  e_value_log10_ += std::log1p(win ? share : -share) / std::numbers::ln10;
  max_e_value_log10_ = std::max(max_e_value_log10_, e_value_log10_);
  wins_ += win ? 1 : 0;
  ++pairings_;
}

double LearnedWins::p_value() const { return std::pow(10, -max_e_value_log10_); }

}  // namespace stemma
