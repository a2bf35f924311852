#include "lib/evidence/beta.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace stemma::evidence {
namespace {

// 2 pi, of which the logarithm's half is Stirling's constant.
constexpr double kTwoPi = 2 * std::numbers::pi;

// What Stirling's formula lacks: ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2). std::lgamma writes a global
// variable, and the difference of its large values would lose the digits that matter here.
double StirlingError(double x) {
  // The series' first term left out is below 1e-15 from here on.
  constexpr double kLarge = 10;
  double below = 0;
  for (; x < kLarge; ++x) below += (x + 0.5) * std::log1p(1 / x) - 1;
  const double square = x * x;
  // Bernoulli numbers B_2k / (2k (2k - 1)).
  const double series =
      1.0 / 12 +
      (-1.0 / 360 + (1.0 / 1260 + (-1.0 / 1680 + (1.0 / 1188 - 691.0 / 360360 / square) / square) / square) / square) /
          square;
  return below + series / x;
}

// k ln(k / mean) for k = mean + excess, exact to the last digits also where the excess is small.
double Deviance(double k, double mean, double excess) {
  const double relative = excess / mean;
  return k * (std::fabs(relative) < 0.5 ? std::log1p(relative) : std::log(k / mean));
}

// ln of x^a rest^b / B(a, b), where rest = 1 - x: of the two, the smaller is precise.
double LogPower(double x, double rest, double a, double b) {
  const double n = a + b;
  const double excess = x < rest ? a - n * x : n * rest - b;  // what `a` has too much `b` lacks
  return 0.5 * std::log(a / n * b / kTwoPi) - Deviance(a, n * x, excess) - Deviance(b, n * rest, -excess) +
         StirlingError(n) - StirlingError(a) - StirlingError(b);
}

// a I_x(a, b) B(a, b) / (x^a (1 - x)^b); converges fast for x < (a + 1) / (a + b + 2).
double ContinuedFraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;  // in place of 0, which would be divided by
  constexpr int kMaxSteps = 1'000'000;
  const auto nonzero = [](double value) { return std::fabs(value) < kTiny ? kTiny : value; };
  double numerator = 1;
  double denominator = 1 / nonzero(1 - (a + b) * x / (a + 1));
  double fraction = denominator;
  const auto step = [&](double coefficient) {
    denominator = 1 / nonzero(1 + coefficient * denominator);
    numerator = nonzero(1 + coefficient / numerator);
    fraction *= numerator * denominator;
    return numerator * denominator;
  };
  for (int k = 1; k < kMaxSteps; ++k) {
    step(k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k)));
    const double factor = step(-(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1)));
    if (!(std::fabs(factor - 1) >= std::numeric_limits<double>::epsilon())) break;  // NaN stays NaN
  }
  return fraction;
}

bool ConvergesFast(double x, double a, double b) { return x < (a + 1) / (a + b + 2); }

double LogLowerTail(double x, double rest, double a, double b) {
  return LogPower(x, rest, a, b) + std::log(ContinuedFraction(x, a, b) / a);
}

// The value at which a rising function of x in [0, 1] reaches its target, to the last bit.
template <typename Reached>
double Bisect(const Reached& reached) {
  double below = 0;
  double above = 1;
  for (;;) {
    const double middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) return middle;
    (reached(middle) ? above : below) = middle;
  }
}

}  // namespace

double LogBeta(double a, double b) {
  const double n = a + b;
  return 0.5 * std::log(kTwoPi / a * n / b) + a * std::log(a / n) + b * std::log(b / n) + StirlingError(a) +
         StirlingError(b) - StirlingError(n);
}

double LogIncompleteBeta(double x, double a, double b) {
  if (x <= 0) return -std::numeric_limits<double>::infinity();
  if (x >= 1) return 0;
  return ConvergesFast(x, a, b) ? LogLowerTail(x, 1 - x, a, b) : std::log1p(-std::exp(LogLowerTail(1 - x, x, b, a)));
}

double IncompleteBeta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return ConvergesFast(x, a, b) ? std::exp(LogLowerTail(x, 1 - x, a, b)) : 1 - std::exp(LogLowerTail(1 - x, x, b, a));
}

double IncompleteBetaInverse(double p, double a, double b) {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  return Bisect([&](double x) { return IncompleteBeta(x, a, b) >= p; });
}

double StudentQuantile(double p, double degrees) {
  if (p < 0.5) return -StudentQuantile(1 - p, degrees);
  // t^2 / (degrees + t^2) is a Beta(1/2, degrees / 2) variable; of it and what it lacks to 1, the smaller is precise.
  const double share = IncompleteBetaInverse(2 * p - 1, 0.5, degrees / 2);
  if (share < 0.5) return std::sqrt(degrees * share / (1 - share));
  const double rest = IncompleteBetaInverse(2 * (1 - p), degrees / 2, 0.5);
  return std::sqrt(degrees * (1 - rest) / rest);
}

}  // namespace stemma::evidence
