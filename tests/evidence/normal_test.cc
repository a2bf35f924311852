#include "lib/evidence/normal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace stemma::evidence {
namespace {

struct Known {
  double argument;
  double value;
};

// Computed with 60 digits (mpmath): both sides of the borders between the three rational functions, and the far tails.
TEST(Normal, QuantileIsExactToAUnitIn10To15) {
  const std::vector<Known> kQuantiles = {
      {5e-324, -38.467405617144346251},      {1e-300, -37.047096299361199237},
      {1e-100, -21.273453560965324294},      {1e-20, -9.2623400897984075796},
      {1.3e-11, -6.6676114565107408347},     {1.4e-11, -6.6567230915181836356},
      {1e-06, -4.7534243088228989573},       {0.001, -3.0902323061678135354},
      {0.02425, -1.9729610513118848376},     {0.074, -1.4466320671589785099},
      {0.075, -1.4395314709384559349},       {0.076, -1.4325027208258116188},
      {0.3, -0.52440051270804081597},        {0.4999, -0.00025066283008800749239},
      {0.5000001, 2.5066282733116483012e-7}, {0.8, 0.8416212335729143638},
      {0.924, 1.43250272082581191},          {0.926, 1.446632067158978807},
      {0.975, 1.9599639845400538556},        {0.999, 3.0902323061678132778},
      {0.9999999999, 6.3613408896974218642}, {0.9999999999999999, 8.2095361516013868556}};
  for (const auto& [probability, quantile] : kQuantiles) {
    EXPECT_NEAR(NormalQuantile(probability) / quantile, 1, 1e-15) << probability;
  }
}

TEST(Normal, QuantileOfTheMiddleAndTheEnds) {
  EXPECT_EQ(NormalQuantile(0.5), 0);
  EXPECT_EQ(NormalQuantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(NormalQuantile(1), std::numeric_limits<double>::infinity());
  for (const double probability : {-0.1, 1.1, std::nan("")}) EXPECT_TRUE(std::isnan(NormalQuantile(probability)));
}

// Computed with 60 digits (mpmath). In the tail an argument's rounding counts x^2-fold.
TEST(Normal, ProbabilityKeepsItsDigits) {
  const std::vector<Known> kProbabilities = {{-10, 7.619853024160526066e-24}, {-5, 2.8665157187919391167e-7},
                                             {-2, 0.0227501319481792072},     {-1, 0.15865525393145705141},
                                             {-0.5, 0.30853753872598689636},  {0, 0.5},
                                             {0.3, 0.61791142218895263307},   {1.5, 0.933192798731141934},
                                             {3, 0.99865010196836990547},     {8, 0.9999999999999993779}};
  for (const auto& [x, probability] : kProbabilities) {
    EXPECT_NEAR(NormalCdf(x) / probability, 1, 4e-16 * (1 + x * x)) << x;
  }
}

TEST(Normal, QuantileInvertsTheProbability) {
  for (int k = -800; k <= 500; ++k) {
    const double x = k / 100.0;
    // A unit in the last place of the probability moves the quantile by 1 / density.
    const double density = std::exp(-x * x / 2) / 2.5066282746310002;
    EXPECT_NEAR(NormalQuantile(NormalCdf(x)), x, 1e-14 + 2e-16 * NormalCdf(x) * (1 + x * x) / density) << x;
  }
}

}  // namespace
}  // namespace stemma::evidence
