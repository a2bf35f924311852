#include "stemma/posterior.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "absl/status/status.h"

namespace stemma {
namespace {

// Odds of 1 to 99 times 100 are 100 to 99; a likelihood ratio of 1 leaves every prior where it is.
TEST(Posterior, IsPriorOddsTimesLikelihoodRatio) {
  EXPECT_NEAR(PosteriorOf(0.01, 2).value(), 100.0 / 199, 1e-12);
  EXPECT_NEAR(PosteriorOf(0.5, -1).value(), 1.0 / 11, 1e-12);
  for (const double prior : {1e-9, 0.01, 0.5, 0.99}) EXPECT_NEAR(PosteriorOf(prior, 0).value(), prior, 1e-12);
}

TEST(Posterior, HasNoNumberToOverflow) {
  EXPECT_EQ(PosteriorOf(0.01, 1000).value(), 1);
  EXPECT_EQ(PosteriorOf(0.01, -1000).value(), 0);
  EXPECT_TRUE(std::isnan(PosteriorOf(0.01, std::numeric_limits<double>::quiet_NaN()).value()));
}

// Who is certain beforehand needs no evidence.
TEST(Posterior, RefusesCertainty) {
  for (const double prior : {0.0, 1.0, -0.1, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
    const auto posterior = PosteriorOf(prior, 1);
    ASSERT_TRUE(absl::IsInvalidArgument(posterior.status())) << prior;
    EXPECT_NE(posterior.status().message().find("above 0 and below 1"), posterior.status().message().npos);
  }
}

}  // namespace
}  // namespace stemma
