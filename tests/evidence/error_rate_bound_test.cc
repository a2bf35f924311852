#include "stemma/error_rate_bound.h"

#include <gtest/gtest.h>

#include <cmath>

namespace stemma {
namespace {

double Upper(std::uint64_t errors, std::uint64_t n, double level = 0.95) {
  return ErrorRateUpperBound(errors, n, level).value();
}

// P(Binomial(n, x) <= k), term by term.
double LowerTail(std::uint64_t n, double x, std::uint64_t k) {
  long double term = std::pow(1 - static_cast<long double>(x), static_cast<long double>(n));
  long double sum = term;
  for (std::uint64_t j = 1; j <= k; ++j) {
    term *= static_cast<long double>(n - j + 1) / static_cast<long double>(j) * static_cast<long double>(x) /
            (1 - static_cast<long double>(x));
    sum += term;
  }
  return static_cast<double>(sum);
}

// EVIDENCE.md section 6; a report must print these, never "0 %".
TEST(ErrorRateUpperBound, OfNoErrorHasItsClosedForm) {
  EXPECT_NEAR(Upper(0, 19), 0.146, 5e-4);
  EXPECT_NEAR(Upper(0, 59), 0.050, 5e-4);
  EXPECT_NEAR(Upper(0, 99), 0.030, 5e-4);
  for (const std::uint64_t n : {1U, 2U, 19U, 59U, 99U, 1'000U, 100'000U}) {
    for (const double level : {0.5, 0.9, 0.95, 0.999}) {
      const double expected = -std::expm1(std::log1p(-level) / static_cast<double>(n));
      EXPECT_NEAR(Upper(0, n, level) / expected, 1, 1e-12) << n << " " << level;
    }
  }
}

// By its definition: at the bound, so few errors have a probability of 1 - level.
TEST(ErrorRateUpperBound, MakesSoFewErrorsJustThatUnlikely) {
  for (std::uint64_t n = 1; n <= 60; ++n) {
    EXPECT_EQ(Upper(n, n), 1);
    for (std::uint64_t errors = 0; errors < n; ++errors) {
      for (const double level : {0.8, 0.95, 0.99}) {
        EXPECT_NEAR(LowerTail(n, Upper(errors, n, level), errors), 1 - level, 1e-12) << errors << " of " << n;
      }
    }
  }
}

// Whatever the true rate, the bound is below it with probability at most 1 - level, and the interval misses it with at
// most that: summed over all outcomes.
TEST(ErrorRateUpperBound, HoldsItsLevelForEveryTrueRate) {
  constexpr std::uint64_t kN = 30;
  for (int percent = 1; percent < 100; ++percent) {
    const double rate = percent / 100.0;
    double above = 0, outside = 0;
    for (std::uint64_t errors = 0; errors <= kN; ++errors) {
      const double probability = LowerTail(kN, rate, errors) - (errors > 0 ? LowerTail(kN, rate, errors - 1) : 0);
      const Estimate interval = ErrorRate(errors, kN).value();
      above += Upper(errors, kN) < rate ? probability : 0;
      outside += interval.lower > rate || interval.upper < rate ? probability : 0;
    }
    EXPECT_LE(above, 0.05 + 1e-12) << percent << " %";
    EXPECT_LE(outside, 0.05 + 1e-12) << percent << " %";
  }
}

TEST(ErrorRate, HasALimitOnEitherSide) {
  const Estimate rate = ErrorRate(3, 40, 0.9).value();
  EXPECT_DOUBLE_EQ(rate.value, 3.0 / 40);
  EXPECT_NEAR(1 - LowerTail(40, rate.lower, 2), 0.05, 1e-12);
  EXPECT_NEAR(LowerTail(40, rate.upper, 3), 0.05, 1e-12);
  EXPECT_EQ(rate.level, 0.9);
  EXPECT_EQ(rate.n, 40U);
  EXPECT_EQ(rate.unit_of_n, "groups");
  EXPECT_EQ(rate.method, "Clopper-Pearson");
  EXPECT_EQ(ErrorRate(0, 40)->lower, 0);
  EXPECT_EQ(ErrorRate(40, 40)->upper, 1);
}

// Errors and successes are two names: the interval of the one is the mirror image of the other's.
TEST(ErrorRate, IsSymmetric) {
  for (std::uint64_t errors = 0; errors <= 25; ++errors) {
    EXPECT_NEAR(ErrorRate(errors, 25)->lower, 1 - ErrorRate(25 - errors, 25)->upper, 1e-13) << errors;
  }
}

TEST(ErrorRate, RefusesWhatIsNoCount) {
  EXPECT_EQ(ErrorRateUpperBound(0, 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorRate(4, 3).status().message(), "errors must be at most the 3 units, got 4");
  EXPECT_EQ(ErrorRate(1, 3, 1).status().message(), "level must be in (0, 1), got 1");
  EXPECT_FALSE(ErrorRateUpperBound(1, 3, 0).ok());
  EXPECT_FALSE(ErrorRateUpperBound(1, 3, NAN).ok());
}

}  // namespace
}  // namespace stemma
