#include "stemma/same_power.h"

namespace stemma {
namespace {

// Printed by scripts/same-table.
constexpr SamePower kMeasured[] = {
    {"rerun", 6, {0.11, 0.62, 0.83, 0.83}},
    {"decoding", 4, {0.08, 0.19, 0.25, 1.00}},
    {"host", 3, {0.39, 0.67, 0.89, 1.00}},
    {"version", 14, {0.63, 0.98, 1.00, 1.00}},
    {"size", 18, {0.58, 0.78, 0.84, 0.94}},
    {"fine-tune", 8, {0.56, 1.00, 1.00, 1.00}},
    {"restyle", 8, {0.58, 0.88, 0.96, 1.00}},
    {"unrelated", 20, {0.88, 1.00, 1.00, 1.00}},
};

}  // namespace

std::span<const SamePower> MeasuredSamePower() { return kMeasured; }

}  // namespace stemma
