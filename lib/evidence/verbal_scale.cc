#include "stemma/verbal_scale.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>

#include "absl/strings/str_format.h"

namespace stemma {
namespace {

// A degree of support, without its direction: from the lower boundary up to that of the next.
struct Degree {
  std::string_view strength;
  double above_log10;
  std::string_view above;
};

// log10(2) rather than 0.3010..., so that a ratio of 2 lies on the boundary.
const std::array<Degree, 7> kDegrees = {{{"no", -1, ""},
                                         {"weak", std::log10(2.0), "2"},
                                         {"moderate", 1, "10"},
                                         {"moderately strong", 2, "100"},
                                         {"strong", 3, "1,000"},
                                         {"very strong", 4, "10,000"},
                                         {"extremely strong", 6, "1,000,000"}}};

std::size_t DegreeOf(VerbalBand band) { return static_cast<std::size_t>(std::abs(static_cast<int>(band))); }

bool IsAgainst(VerbalBand band) { return band < VerbalBand::kNone; }

}  // namespace

VerbalBand VerbalBandOf(double llr_log10) {
  int degree = 0;
  for (std::size_t k = 1; k < kDegrees.size(); ++k) degree += std::fabs(llr_log10) > kDegrees[k].above_log10;
  return static_cast<VerbalBand>(llr_log10 < 0 ? -degree : degree);
}

std::string_view StrengthOf(VerbalBand band) { return kDegrees[DegreeOf(band)].strength; }

std::string NameOf(VerbalBand band) {
  return absl::StrFormat("%s support%s", StrengthOf(band), IsAgainst(band) ? " for the alternative" : "");
}

std::string BoundariesOf(VerbalBand band) {
  if (band == VerbalBand::kNone) return "1/2-2";
  const std::size_t degree = DegreeOf(band);
  const std::string lower(kDegrees[degree].above);
  const bool last = degree + 1 == kDegrees.size();
  const std::string upper(last ? "" : kDegrees[degree + 1].above);
  if (IsAgainst(band)) return last ? "below 1/" + lower : "1/" + upper + "-1/" + lower;
  return last ? "above " + lower : lower + "-" + upper;
}

}  // namespace stemma
