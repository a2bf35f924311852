#include "lib/evidence/beta.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace stemma::evidence {
namespace {

// P(Binomial(n, x) >= k), term by term in long double, from small terms to large ones.
long double BinomialTail(int n, long double x, int k) {
  long double sum = 0;
  for (int j = n; j >= k; --j) {
    long double term = 1;
    for (int i = 1; i <= j; ++i) term *= x * static_cast<long double>(n - j + i) / static_cast<long double>(i);
    sum += term * std::pow(1 - x, static_cast<long double>(n - j));
  }
  return sum;
}

// Every small binomial tail, against the sum of its terms.
TEST(IncompleteBeta, IsTheTailOfTheBinomialDistribution) {
  for (int n = 1; n <= 40; ++n) {
    for (int k = 1; k <= n; ++k) {
      for (const double x : {1e-8, 0.01, 0.05, 0.3, 0.5, 0.51, 0.9, 0.999}) {
        const long double expected = BinomialTail(n, x, k);
        const double log_expected = static_cast<double>(std::log(expected));
        ASSERT_NEAR(LogIncompleteBeta(x, k, n - k + 1), log_expected, 1e-13 * (1 - log_expected)) << n << " " << k;
        if (log_expected < -700) continue;  // too small for a double, or close to it
        ASSERT_NEAR(IncompleteBeta(x, k, n - k + 1) / static_cast<double>(expected), 1, 1e-12) << n << " " << k;
      }
    }
  }
}

// Closed forms: I_x(a, 1) = x^a, I_x(1, b) = 1 - (1 - x)^b, and the arcsine law, which has halves for parameters.
TEST(IncompleteBeta, HasItsClosedForms) {
  for (const double x : {1e-6, 0.2, 0.5, 0.75, 0.999}) {
    for (const double a : {0.5, 1.0, 3.5, 200.0, 10'000.0}) {
      EXPECT_NEAR(LogIncompleteBeta(x, a, 1), a * std::log(x), 1e-12 * (1 - a * std::log(x))) << x << " " << a;
      EXPECT_NEAR(IncompleteBeta(x, 1, a), -std::expm1(a * std::log1p(-x)), 1e-12) << x << " " << a;
    }
    EXPECT_NEAR(IncompleteBeta(x, 0.5, 0.5), 2 / std::numbers::pi * std::asin(std::sqrt(x)), 1e-14) << x;
  }
  EXPECT_EQ(IncompleteBeta(0, 2, 3), 0);
  EXPECT_EQ(IncompleteBeta(1, 2, 3), 1);
  EXPECT_EQ(LogIncompleteBeta(0, 2, 3), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(LogIncompleteBeta(1, 2, 3), 0);
}

// Both tails make up the whole, and half of a symmetric distribution lies below its middle, for large parameters too.
TEST(IncompleteBeta, IsSymmetric) {
  for (const double a : {0.5, 2.0, 77.0, 5'000.0, 1e6}) {
    EXPECT_NEAR(IncompleteBeta(0.5, a, a), 0.5, 1e-12) << a;
    for (const double b : {0.7, 30.0, 4'000.0}) {
      const double mean = a / (a + b);
      EXPECT_NEAR(IncompleteBeta(mean, a, b) + IncompleteBeta(1 - mean, b, a), 1, 1e-12) << a << " " << b;
    }
  }
}

TEST(LogBeta, IsThatOfFactorials) {
  double expected = 0;  // B(n + 1, n + 1) = B(n, n) n / (2 (2 n + 1))
  for (int n = 1; n <= 5'000; ++n) {
    EXPECT_NEAR(LogBeta(n, n), expected, 1e-13 * (1 - expected)) << n;
    expected += std::log(n / (2.0 * (2 * n + 1)));
  }
  EXPECT_NEAR(LogBeta(0.5, 0.5), std::log(std::numbers::pi), 1e-14);
  EXPECT_NEAR(LogBeta(2, 3), std::log(1.0 / 12), 1e-14);
}

TEST(IncompleteBetaInverse, TurnsTheFunctionRound) {
  for (const double a : {0.5, 1.0, 7.0, 300.0}) {
    for (const double b : {0.5, 1.0, 20.0, 5'000.0}) {
      for (const double p : {1e-9, 0.025, 0.5, 0.95, 0.999}) {
        EXPECT_NEAR(IncompleteBeta(IncompleteBetaInverse(p, a, b), a, b), p, 1e-11) << a << " " << b << " " << p;
      }
      EXPECT_EQ(IncompleteBetaInverse(0, a, b), 0);
      EXPECT_EQ(IncompleteBetaInverse(1, a, b), 1);
    }
  }
}

// With 1, 2 and 4 degrees of freedom there are closed forms; the others are printed in every table.
TEST(StudentQuantile, AgreesWithClosedFormsAndTables) {
  for (const double p : {0.5, 0.6, 0.9, 0.975, 0.9999}) {
    const double one = std::tan(std::numbers::pi * (p - 0.5));
    EXPECT_NEAR(StudentQuantile(p, 1), one, 1e-11 * (1 + one)) << p;
    const double two = (2 * p - 1) * std::sqrt(2 / (4 * p * (1 - p)));
    EXPECT_NEAR(StudentQuantile(p, 2), two, 1e-11 * (1 + two)) << p;
    EXPECT_NEAR(StudentQuantile(1 - p, 2), -two, 1e-11 * (1 + two)) << p;
  }
  EXPECT_NEAR(StudentQuantile(0.975, 9), 2.2622, 5e-5);
  EXPECT_NEAR(StudentQuantile(0.975, 19), 2.0930, 5e-5);
  EXPECT_NEAR(StudentQuantile(0.95, 30), 1.6973, 5e-5);
  EXPECT_NEAR(StudentQuantile(0.975, 1e9), 1.959963985, 1e-7);
  // Between whole degrees it lies between their quantiles.
  EXPECT_GT(StudentQuantile(0.975, 9.5), StudentQuantile(0.975, 10));
  EXPECT_LT(StudentQuantile(0.975, 9.5), StudentQuantile(0.975, 9));
}

}  // namespace
}  // namespace stemma::evidence
