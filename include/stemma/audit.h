// One candidate against a panel: nearest references, how often unrelated models come as near, and a verdict.
//
// Two classes, never pooled: shared weights (a fine-tune, merge or restyle), and distillation through outputs.
// The verdict is `insufficient_evidence` until the panel is calibrated; what the report gives are ranks.
// Errors: those of Scorer; kNotFound for a declared reference that the panel does not have.
// Determinism: the same result for any number of threads and any order of responses.
#ifndef STEMMA_AUDIT_H_
#define STEMMA_AUDIT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/lineage.h"
#include "stemma/panel.h"
#include "stemma/rank_p.h"
#include "stemma/score.h"
#include "stemma/sign.h"
#include "stemma/signature.h"

namespace stemma {

enum class EvidenceClass : std::uint8_t { kWeights, kDistillation };
inline constexpr std::array<EvidenceClass, 2> kEvidenceClasses = {EvidenceClass::kWeights, EvidenceClass::kDistillation};
std::string_view NameOf(EvidenceClass evidence_class);

enum class Verdict : std::uint8_t {
  kInsufficientEvidence,
  kNoSupport,
  kConsistentWithSharedOrigin,
  kSupportsDerivation,
};
std::string_view NameOf(Verdict verdict);

// Below so many shared prompts distillation is not judged.
inline constexpr std::size_t kMinPairedPrompts = 50;

// A reason or a doubt with an id that stays the same from version to version.
struct Remark {
  std::string id;
  std::string text;
};

struct ReferenceFinding {
  std::size_t model = 0;  // in the panel
  double score = 0;
  RankP rank;
  std::uint32_t n_prompts = 0;
  std::uint32_t copies = 0;
  bool declared = false;
  bool released_after_candidate = false;
  Kinship to_candidate = Kinship::kUnrelated;  // as documented
  Kinship to_nearest = Kinship::kUnrelated;    // to the nearest reference of the class
};

// Versions of one family, the nearest first.
struct FamilyFinding {
  std::string organisation;
  std::string family;
  std::vector<ReferenceFinding> references;
};

struct ClassFinding {
  EvidenceClass evidence_class = EvidenceClass::kWeights;
  std::vector<FamilyFinding> families;  // the nearest first; every reference of the panel is in one
  RankP search;                         // of the candidate's best score over all references
  Verdict verdict = Verdict::kInsufficientEvidence;
  std::vector<Remark> reasons;  // why the verdict is what it is
};

// Where few prompts are shared: what style alone says, over all answers, matched by length. It tells the classes apart
// less well than paired prompts do, and carries no verdict.
struct UnpairedFinding {
  std::vector<FamilyFinding> families;  // the nearest first
  RankP search;
};

struct CopyFinding {
  std::size_t model = 0;
  std::uint32_t prompts = 0;  // at which an answer is a copy
};

struct AuditOptions {
  std::vector<std::string> references;  // declared before scoring
  ScoreOptions score;
};

struct AuditReport {
  ModelMetadata candidate;
  Hash128 candidate_digest;
  std::size_t responses = 0;
  std::size_t prompts = 0;
  std::size_t shared_prompts = 0;
  std::optional<std::size_t> self;  // the panel's model that the candidate is
  std::vector<CopyFinding> copies;  // most copies first
  std::array<ClassFinding, 2> classes;
  std::optional<UnpairedFinding> unpaired;  // where fewer than `kMinPairedPrompts` prompts are shared
  std::vector<Remark> warnings;
};

// `inputs` may be null; where given, what was skipped while reading is told among the warnings.
absl::StatusOr<AuditReport> Audit(const Panel& panel, const Signature& candidate, const AuditOptions& options,
                                  const ResponseSet* inputs = nullptr);

}  // namespace stemma

#endif  // STEMMA_AUDIT_H_
