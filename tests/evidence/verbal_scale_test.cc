#include "stemma/verbal_scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

namespace stemma {
namespace {

VerbalBand OfRatio(double ratio) { return VerbalBandOf(std::log10(ratio)); }

// EVIDENCE.md section 4.
TEST(VerbalScale, HasTheBandsOfTheGuideline) {
  EXPECT_EQ(OfRatio(1), VerbalBand::kNone);
  EXPECT_EQ(OfRatio(1.99), VerbalBand::kNone);
  EXPECT_EQ(OfRatio(2.01), VerbalBand::kWeak);
  EXPECT_EQ(OfRatio(9.99), VerbalBand::kWeak);
  EXPECT_EQ(OfRatio(10.01), VerbalBand::kModerate);
  EXPECT_EQ(OfRatio(99.9), VerbalBand::kModerate);
  EXPECT_EQ(OfRatio(100.1), VerbalBand::kModeratelyStrong);
  EXPECT_EQ(OfRatio(999), VerbalBand::kModeratelyStrong);
  EXPECT_EQ(OfRatio(1'001), VerbalBand::kStrong);
  EXPECT_EQ(OfRatio(9'999), VerbalBand::kStrong);
  EXPECT_EQ(OfRatio(10'001), VerbalBand::kVeryStrong);
  EXPECT_EQ(OfRatio(999'999), VerbalBand::kVeryStrong);
  EXPECT_EQ(OfRatio(1'000'001), VerbalBand::kExtremelyStrong);
}

// A ratio on a boundary must not be called by the stronger word.
TEST(VerbalScale, GivesABoundaryToTheWeakerBand) {
  EXPECT_EQ(OfRatio(2), VerbalBand::kNone);
  EXPECT_EQ(VerbalBandOf(1), VerbalBand::kWeak);
  EXPECT_EQ(VerbalBandOf(2), VerbalBand::kModerate);
  EXPECT_EQ(VerbalBandOf(3), VerbalBand::kModeratelyStrong);
  EXPECT_EQ(VerbalBandOf(4), VerbalBand::kStrong);
  EXPECT_EQ(VerbalBandOf(6), VerbalBand::kVeryStrong);
}

TEST(VerbalScale, IsSymmetric) {
  for (double llr_log10 = -8; llr_log10 <= 8; llr_log10 += 1.0 / 64) {
    EXPECT_EQ(static_cast<int>(VerbalBandOf(llr_log10)), -static_cast<int>(VerbalBandOf(-llr_log10))) << llr_log10;
    EXPECT_EQ(StrengthOf(VerbalBandOf(llr_log10)), StrengthOf(VerbalBandOf(-llr_log10))) << llr_log10;
  }
}

// "The band drops" is a comparison of bands.
TEST(VerbalScale, RisesWithTheRatio) {
  VerbalBand last = VerbalBandOf(-std::numeric_limits<double>::infinity());
  EXPECT_EQ(last, VerbalBand::kExtremelyStrongAgainst);
  std::map<VerbalBand, int> seen = {{last, 1}};
  for (double llr_log10 = -7; llr_log10 <= 7; llr_log10 += 1.0 / 64) {
    const VerbalBand band = VerbalBandOf(llr_log10);
    EXPECT_GE(band, last) << llr_log10;
    last = band;
    ++seen[band];
  }
  EXPECT_EQ(VerbalBandOf(std::numeric_limits<double>::infinity()), VerbalBand::kExtremelyStrong);
  EXPECT_EQ(seen.size(), 13U);
}

// What has no ratio supports nothing.
TEST(VerbalScale, GivesNaNNoSupport) {
  EXPECT_EQ(VerbalBandOf(std::numeric_limits<double>::quiet_NaN()), VerbalBand::kNone);
  EXPECT_EQ(VerbalBandOf(0), VerbalBand::kNone);
  EXPECT_EQ(VerbalBandOf(-0.0), VerbalBand::kNone);
}

TEST(VerbalScale, PrintsItsBoundaries) {
  EXPECT_EQ(NameOf(VerbalBand::kNone), "no support");
  EXPECT_EQ(NameOf(VerbalBand::kModeratelyStrong), "moderately strong support");
  EXPECT_EQ(NameOf(VerbalBand::kVeryStrongAgainst), "very strong support for the alternative");
  EXPECT_EQ(BoundariesOf(VerbalBand::kNone), "1/2-2");
  EXPECT_EQ(BoundariesOf(VerbalBand::kWeak), "2-10");
  EXPECT_EQ(BoundariesOf(VerbalBand::kModeratelyStrong), "100-1,000");
  EXPECT_EQ(BoundariesOf(VerbalBand::kVeryStrong), "10,000-1,000,000");
  EXPECT_EQ(BoundariesOf(VerbalBand::kExtremelyStrong), "above 1,000,000");
  EXPECT_EQ(BoundariesOf(VerbalBand::kWeakAgainst), "1/10-1/2");
  EXPECT_EQ(BoundariesOf(VerbalBand::kExtremelyStrongAgainst), "below 1/1,000,000");
}

}  // namespace
}  // namespace stemma
