#include "lib/report/svg/number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "lib/report/two_figures.h"

namespace stemma::svg {
namespace {

constexpr char kMinus[] = "\u2212";

std::string Superscript(int exponent) {
  static constexpr std::array<const char*, 10> kDigits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent < 0 ? "⁻" : "";
  for (const char digit : absl::StrFormat("%d", std::abs(exponent)))
    out += kDigits[static_cast<std::size_t>(digit - '0')];
  return out;
}

bool IsZero(const std::string& digits) { return digits.find_first_not_of("-0.") == std::string::npos; }

// What has more digits than anyone reads is told by its order.
std::string Unsigned(double value, int digits) {
  constexpr double kLongest = 1e15;
  if (std::isinf(value)) return "∞";
  if (value >= kLongest) return "10" + Superscript(static_cast<int>(std::lround(std::log10(value))));
  return absl::StrFormat("%.*f", digits, value);
}

// The sign of what is shown: a value that rounds to 0 has none.
std::string WithSign(double value, int digits, const char* plus) {
  if (std::isnan(value)) return "n/a";
  const std::string text = Unsigned(std::fabs(value), digits);
  if (IsZero(text)) return text;
  return (value < 0 ? kMinus : plus) + text;
}

}  // namespace

std::string Coordinate(double units) {
  if (!std::isfinite(units)) return "0";
  std::string text = absl::StrFormat("%.2f", units);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return IsZero(text) ? "0" : text;
}

std::string FixedText(double value, int digits) { return WithSign(value, digits, ""); }

std::string SignedText(double value, int digits) { return WithSign(value, digits, "+"); }

std::string LrText(double llr_log10) {
  if (std::isnan(llr_log10)) return "n/a";
  if (std::isinf(llr_log10)) return llr_log10 > 0 ? "∞" : "0";
  if (report::IsToldByOrder(llr_log10)) {
    return "10" + Superscript(static_cast<int>(std::lround(std::clamp(llr_log10, -999.0, 999.0))));
  }
  return report::TwoFigures(llr_log10);
}

std::string PowerOfTen(int exponent) {
  if (exponent < -3 || exponent > 3) return "10" + Superscript(exponent);
  static constexpr std::array<const char*, 7> kPowers = {"0.001", "0.01", "0.1", "1", "10", "100", "1,000"};
  return kPowers[static_cast<std::size_t>(exponent + 3)];
}

std::string ShareText(double share) {
  constexpr double kRounding = 1e-9;
  if (!(share >= 0 && share <= 1 + kRounding)) return "n/a";
  if (share == 0) return "none";
  return share < 0.001 ? "below 0.1 %" : absl::StrFormat("%.1f %%", 100 * share);
}

}  // namespace stemma::svg
