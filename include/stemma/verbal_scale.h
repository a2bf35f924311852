// Words for likelihood ratios, and the boundaries that are printed with them.
//
// Units: log10 of the likelihood ratio. Bands are ordered from the strongest support for the alternative to the
// strongest for the proposition, so that a lower band is a smaller value.
// A ratio on a boundary belongs to the weaker band; NaN supports nothing.
// Source: ENFSI 2015, "Guideline for evaluative reporting in forensic science", table of verbal equivalents.
#ifndef STEMMA_VERBAL_SCALE_H_
#define STEMMA_VERBAL_SCALE_H_

#include <string>
#include <string_view>

namespace stemma {

enum class VerbalBand : int {
  kExtremelyStrongAgainst = -6,
  kVeryStrongAgainst,
  kStrongAgainst,
  kModeratelyStrongAgainst,
  kModerateAgainst,
  kWeakAgainst,
  kNone,
  kWeak,
  kModerate,
  kModeratelyStrong,
  kStrong,
  kVeryStrong,
  kExtremelyStrong,
};

VerbalBand VerbalBandOf(double llr_log10);

// "moderately strong"; the same word on either side, and "no" for kNone.
std::string_view StrengthOf(VerbalBand band);

// "moderately strong support", "moderately strong support for the alternative", "no support".
std::string NameOf(VerbalBand band);

// The likelihood ratios of the band: "100-1,000", "1/1,000-1/100", "1/2-2", "above 1,000,000".
std::string BoundariesOf(VerbalBand band);

}  // namespace stemma

#endif  // STEMMA_VERBAL_SCALE_H_
