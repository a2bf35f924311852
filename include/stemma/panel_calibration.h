// What follows from a panel's scores of strangers, kept so that an audit need not compute it: the lines that turn scores
// into likelihood ratios, their bounds, and what the likelihood ratios were worth.
//
// Shape: by class; lines by group of the panel, each made without that group's pairs: the one for references of the group.
// Units: log10 LRs; Cllr in bits. NaN where too few pairs were left.
// Errors: kDataLoss for bytes that no writer made.
#ifndef STEMMA_PANEL_CALIBRATION_H_
#define STEMMA_PANEL_CALIBRATION_H_

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace stemma {

struct CalibrationLine {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  double slope = kNone;
  double intercept = kNone;
  double lower_log10 = kNone;  // bounds
  double upper_log10 = kNone;

  bool exists() const { return !std::isnan(slope); }
};

struct ClassQuality {
  double cllr = CalibrationLine::kNone;        // for strangers
  double cllr_lower = CalibrationLine::kNone;  // 95 % interval for other groups of candidates and other organisations' references
  double cllr_upper = CalibrationLine::kNone;
  double cllr_frozen = CalibrationLine::kNone;  // had the models been scored by the panel that they are in, itself alone left out
  std::uint32_t pairs_h1 = 0;
  std::uint32_t pairs_h2 = 0;
  std::uint32_t groups = 0;
  std::uint32_t organisations = 0;  // of the references
};

struct PanelCalibration {
  std::array<ClassQuality, 2> quality = {};
  std::array<std::vector<CalibrationLine>, 2> lines = {};

  std::string Serialize() const;
  static absl::StatusOr<PanelCalibration> Parse(std::string_view bytes, std::size_t groups, std::string_view source);
};

}  // namespace stemma

#endif  // STEMMA_PANEL_CALIBRATION_H_
