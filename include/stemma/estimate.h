// A statistic with what it takes to judge it.
//
// Units: `level` is a share (0.95); `n` counts independent units of the kind that `unit_of_n` names ("groups"), never the
// prompts or pairs that happen to stand behind them.
// An interval that could not be had is NaN, never one of width 0.
#ifndef STEMMA_ESTIMATE_H_
#define STEMMA_ESTIMATE_H_

#include <cstddef>
#include <limits>
#include <string>

namespace stemma {

struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();
  double level = 0.95;
  std::size_t n = 0;
  std::string unit_of_n = {};
  std::string method = {};  // how the interval was made
};

}  // namespace stemma

#endif  // STEMMA_ESTIMATE_H_
