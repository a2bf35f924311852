#include "stemma/panel_calibration.h"

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"

namespace stemma {

std::string PanelCalibration::Serialize() const {
  std::string out;
  for (const ClassQuality& of_class : quality) {
    for (const double figure : {of_class.cllr, of_class.cllr_lower, of_class.cllr_upper, of_class.cllr_frozen}) {
      base::AppendF64(out, figure);
    }
    for (const std::uint32_t count : {of_class.pairs_h1, of_class.pairs_h2, of_class.groups, of_class.organisations}) {
      base::AppendU32(out, count);
    }
  }
  for (const std::vector<CalibrationLine>& of_class : lines) {
    for (const CalibrationLine& line : of_class) {
      for (const double figure : {line.slope, line.intercept, line.lower_log10, line.upper_log10}) base::AppendF64(out, figure);
    }
  }
  return out;
}

absl::StatusOr<PanelCalibration> PanelCalibration::Parse(std::string_view bytes, std::size_t groups, std::string_view source) {
  base::ByteReader reader(bytes);
  PanelCalibration calibration;
  bool good = true;
  for (ClassQuality& of_class : calibration.quality) {
    for (double* figure : {&of_class.cllr, &of_class.cllr_lower, &of_class.cllr_upper, &of_class.cllr_frozen}) {
      good = good && reader.ReadF64(*figure);
    }
    for (std::uint32_t* count : {&of_class.pairs_h1, &of_class.pairs_h2, &of_class.groups, &of_class.organisations}) {
      good = good && reader.ReadU32(*count);
    }
  }
  for (std::vector<CalibrationLine>& of_class : calibration.lines) {
    for (std::size_t group = 0; good && group < groups; ++group) {
      CalibrationLine& line = of_class.emplace_back();
      for (double* figure : {&line.slope, &line.intercept, &line.lower_log10, &line.upper_log10}) {
        good = good && reader.ReadF64(*figure);
      }
      // A falling line, or bounds on the wrong side of 0, were never fitted.
      good = good && (!line.exists() || (line.slope >= 0 && std::isfinite(line.slope + line.intercept) &&
                                         line.lower_log10 <= 0 && line.upper_log10 >= 0));
    }
  }
  if (!good || !reader.done()) {
    return absl::DataLossError(absl::StrFormat("%s: the calibration contradicts itself", source));
  }
  return calibration;
}

}  // namespace stemma
