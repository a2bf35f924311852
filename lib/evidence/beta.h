// The incomplete beta function I_x(a, b) and what is read off it: binomial tails, limits of shares, Student's
// quantiles.
//
// Shape: a, b > 0; x and p in [0, 1].
// Errors: relative error of I about 1e-15 max(1, a + b) |ln I| / (a + b), tested to 1e-12 up to a + b = 10,000.
// Complexity: some sqrt(a + b) steps of a continued fraction; an inverse takes about 60 to 100 of them.
// Source: Press et al. 2007, "Numerical Recipes", section 6.4 (continued fraction by the modified method of Lentz);
// Loader 2000, "Fast and accurate computation of binomial probabilities" (the factor before it without cancellation).
#ifndef STEMMA_LIB_EVIDENCE_BETA_H_
#define STEMMA_LIB_EVIDENCE_BETA_H_

namespace stemma::evidence {

// ln B(a, b).
double LogBeta(double a, double b);

// I_x(a, b): the share of a Beta(a, b) variable at most x. For whole a and b that is P(Binomial(a + b - 1, x) >= a).
double IncompleteBeta(double x, double a, double b);

// Its logarithm, also where the share itself is too small for a double.
double LogIncompleteBeta(double x, double a, double b);

// The x with I_x(a, b) = p.
double IncompleteBetaInverse(double p, double a, double b);

// The quantile of Student's t with `degrees` > 0 degrees of freedom, not necessarily a whole number. p in (0, 1).
double StudentQuantile(double p, double degrees);

}  // namespace stemma::evidence

#endif  // STEMMA_LIB_EVIDENCE_BETA_H_
