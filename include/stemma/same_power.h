// How often the test of stemma/same_model.h found differences of documented kinds, measured on the panels of
// docs/same.md by scripts/same-table.
//
// Not the power against an unknown difference: that depends on its size. Shares of pairs of real models, one sample a
// side, at alpha .05; each pair counts the same, with the mean over its draws of prompts.
#ifndef STEMMA_SAME_POWER_H_
#define STEMMA_SAME_POWER_H_

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "stemma/same_model.h"

namespace stemma {

struct SamePower {
  std::string_view relation;  // "version", ...
  std::size_t pairs = 0;
  std::array<double, kPowerPrompts.size()> found = {};  // at `kPowerPrompts`; NaN where no pair has as many
};

std::span<const SamePower> MeasuredSamePower();

}  // namespace stemma

#endif  // STEMMA_SAME_POWER_H_
