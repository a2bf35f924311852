// The verdict on one candidate and one reference, for one class of evidence: four ordered rules, the first of which that
// holds decides.
//
//   1  too little to judge by, or no measured error rate                 insufficient_evidence
//   2  the interval of the likelihood ratio reaches 1, or p > alpha      no_support
//   3  another source lies within the reference's interval, or the
//      verbal band drops without one panel group or prompt category     consistent_with_shared_origin
//   4  otherwise                                                        supports_derivation (from the reference or a
//                                                                       close relative)
//
// All rules are looked at, so that a reader sees each one that decided, and each that would have held a verdict back.
// Units: likelihood ratios are log10; p_value and alpha are shares.
// Determinism: a pure function of its inputs. What is NaN was not estimated, and never speaks for derivation.
// Source: verbal bands after ENFSI 2015, "Guideline for evaluative reporting in forensic science", section 2.4.
#ifndef STEMMA_VERDICT_H_
#define STEMMA_VERDICT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/evidence_class.h"

namespace stemma {

enum class Verdict : std::uint8_t {
  kInsufficientEvidence,
  kNoSupport,
  kConsistentWithSharedOrigin,
  kSupportsDerivation,
};
std::string_view NameOf(Verdict verdict);

// Below these there is too little to tell.
inline constexpr std::size_t kMinPairedPromptsWeights = 10;
inline constexpr std::size_t kMinPairedPrompts = 50;      // distillation
inline constexpr std::size_t kMinIndependentGroups = 19;  // 1 / (19 + 1) = .05, the default alpha

constexpr std::size_t MinSharedPrompts(EvidenceClass evidence_class) {
  return evidence_class == EvidenceClass::kWeights ? kMinPairedPromptsWeights : kMinPairedPrompts;
}

// Another source that could explain the likeness.
enum class AlternativeKind : std::uint8_t {
  kSibling,       // another model made from the reference, or of the same base, teacher or data
  kBase,          // what the reference was itself made from, or a documented source of the candidate
  kFamilyMember,  // another version of the reference, or another model of its organisation
  kOtherRoot,     // a reference of another line
};
inline constexpr std::array<AlternativeKind, 4> kAlternativeKinds = {
    AlternativeKind::kSibling, AlternativeKind::kBase, AlternativeKind::kFamilyMember, AlternativeKind::kOtherRoot};
std::string_view NameOf(AlternativeKind kind);    // "family_member": part of ids
std::string_view Describe(AlternativeKind kind);  // "same family": for readers

struct Alternative {
  AlternativeKind kind = AlternativeKind::kOtherRoot;
  std::string model;
  double llr_log10 = std::numeric_limits<double>::quiet_NaN();  // unbounded, as the candidate's source
};

struct VerdictInputs {
  static constexpr double kNotEstimated = std::numeric_limits<double>::quiet_NaN();

  EvidenceClass evidence_class = EvidenceClass::kWeights;
  std::size_t shared_prompts = 0;
  std::size_t independent_groups = 0;  // unrelated to the reference and to the candidate
  bool reference_released_later = false;
  bool calibrated = false;
  // Upper end of the 95 % interval of Cllr for other groups of candidates and other organisations' references; looked at for
  // distillation alone.
  double cllr_upper = kNotEstimated;

  double llr_bounded_log10 = kNotEstimated;
  double llr_bounded_lower_log10 = kNotEstimated;  // of its two-level interval
  double llr_lower_log10 = kNotEstimated;          // the same, unbounded: what alternatives are held against
  double p_value = kNotEstimated;
  double alpha = 0.05;

  std::vector<Alternative> alternatives;
  // The smallest bounded LR with one panel group, or one category of prompts, left out.
  double llr_group_left_out_log10 = kNotEstimated;
  double llr_category_left_out_log10 = kNotEstimated;  // NaN also where prompts have no categories
};

// A rule's condition that holds.
struct VerdictReason {
  std::size_t rule = 0;  // 1, 2 or 3
  std::string id;        // stays the same from version to version
  std::string text;
  std::string source = {};  // another model that explains the likeness, with its kinship; the text begins with it
};

struct VerdictFinding {
  Verdict verdict = Verdict::kInsufficientEvidence;
  std::size_t rule = 1;                // that decided
  std::vector<VerdictReason> reasons;  // by rule: those of `rule` decided, those of later rules would have held back
};

VerdictFinding Judge(const VerdictInputs& inputs);

// Which class speaks for both: shared weights where their verdict is positive (rule 3 or 4 decided), else distillation.
EvidenceClass Headline(Verdict weights);

}  // namespace stemma

#endif  // STEMMA_VERDICT_H_
