#include "stemma/same_power.h"

namespace stemma {
namespace {

// Printed by scripts/same-table.
constexpr SamePower kMeasured[] = {
    {"rerun", 6, {0.03, 0.58, 0.83, 1.00}},
    {"decoding", 4, {0.08, 0.19, 0.25, 1.00}},
    {"host", 3, {0.22, 0.67, 0.89, 1.00}},
    {"version", 14, {0.62, 0.98, 1.00, 1.00}},
    {"size", 18, {0.57, 0.79, 0.84, 0.94}},
    {"fine-tune", 8, {0.50, 1.00, 1.00, 1.00}},
    {"restyle", 8, {0.58, 0.84, 0.96, 1.00}},
    {"unrelated", 20, {0.85, 1.00, 1.00, 1.00}},
};

}  // namespace

std::span<const SamePower> MeasuredSamePower() { return kMeasured; }

}  // namespace stemma
