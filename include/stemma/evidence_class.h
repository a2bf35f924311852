// The two questions that are asked of a candidate. They are never pooled: each has scores, calibration, thresholds and
// tables of its own.
#ifndef STEMMA_EVIDENCE_CLASS_H_
#define STEMMA_EVIDENCE_CLASS_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace stemma {

enum class EvidenceClass : std::uint8_t {
  kWeights,       // shared weights: a fine-tune, merge, resale or restyle
  kDistillation,  // trained on outputs
};
inline constexpr std::array<EvidenceClass, 2> kEvidenceClasses = {EvidenceClass::kWeights, EvidenceClass::kDistillation};

std::string_view NameOf(EvidenceClass evidence_class);

}  // namespace stemma

#endif  // STEMMA_EVIDENCE_CLASS_H_
