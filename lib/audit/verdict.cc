#include "stemma/verdict.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "stemma/verbal_scale.h"

namespace stemma {
namespace {

using Reasons = std::vector<VerdictReason>;

void Add(Reasons& reasons, std::size_t rule, std::string id, std::string text, std::string source = {}) {
  reasons.push_back({rule, std::move(id), std::move(text), std::move(source)});
}

void LookAtSufficiency(const VerdictInputs& in, Reasons& reasons) {
  const std::size_t least = MinSharedPrompts(in.evidence_class);
  if (in.shared_prompts < least) {
    Add(reasons, 1, "too_few_prompts",
        absl::StrFormat("%d prompts are shared with the panel; %d are needed", in.shared_prompts, least));
  }
  if (in.independent_groups < kMinIndependentGroups) {
    Add(reasons, 1, "too_few_groups",
        absl::StrFormat("the panel has %d independent groups to compare with; %d are needed", in.independent_groups,
                        kMinIndependentGroups));
  }
  if (in.reference_released_later) {
    Add(reasons, 1, "reference_released_later", "the reference was released after the candidate");
  }
  if (!in.calibrated) {
    Add(reasons, 1, "not_calibrated", "not calibrated: no error rate was measured for this class of scores");
    return;
  }
  // Written so that NaN falls on the careful side, here and below.
  if (in.evidence_class == EvidenceClass::kDistillation && !(in.cllr_upper < 1)) {
    const std::string measured =
        std::isnan(in.cllr_upper) ? "has no upper limit: the panel's documented pairs do not tell"
                                  : absl::StrFormat("may be as high as %.2f; below 1 is needed", in.cllr_upper);
    Add(reasons, 1, "calibration_uninformative", "Cllr for other groups and other organisations' references " + measured);
  }
  if (std::isnan(in.llr_bounded_log10) || std::isnan(in.llr_bounded_lower_log10) || std::isnan(in.p_value)) {
    Add(reasons, 1, "not_estimated", "the likelihood ratio, its interval or p could not be estimated");
  }
}

void LookAtSupport(const VerdictInputs& in, Reasons& reasons) {
  if (in.llr_bounded_lower_log10 <= 0) {
    Add(reasons, 2, "interval_reaches_one",
        absl::StrFormat("the interval of the bounded likelihood ratio begins at %.2g, not above 1",
                        std::pow(10, in.llr_bounded_lower_log10)));
  }
  if (in.p_value > in.alpha) Add(reasons, 2, "p_above_alpha", absl::StrFormat("p is %.3f, above %.3g", in.p_value, in.alpha));
}

void LookAtAlternatives(const VerdictInputs& in, Reasons& reasons) {
  for (const Alternative& alternative : in.alternatives) {
    if (alternative.llr_log10 < in.llr_lower_log10) continue;
    const std::string source = absl::StrFormat("%s (%s)", alternative.model, Describe(alternative.kind));
    Add(reasons, 3, absl::StrFormat("%s_within_interval", NameOf(alternative.kind)), source + " lies within the reference's interval",
        source);
  }
}

bool DropsABand(double llr_log10, double left_out_log10) {
  return std::isnan(left_out_log10) || VerbalBandOf(left_out_log10) < VerbalBandOf(llr_log10);
}

void LookAtStability(const VerdictInputs& in, Reasons& reasons) {
  if (DropsABand(in.llr_bounded_log10, in.llr_group_left_out_log10)) {
    Add(reasons, 3, "band_drops_without_group", "without one group of the panel the verbal band drops");
  }
  // Prompts that have no categories cannot be left out by category.
  if (!std::isnan(in.llr_category_left_out_log10) && DropsABand(in.llr_bounded_log10, in.llr_category_left_out_log10)) {
    Add(reasons, 3, "band_drops_without_category", "without one category of prompts the verbal band drops");
  }
}

}  // namespace

std::string_view NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kInsufficientEvidence:
      return "insufficient_evidence";
    case Verdict::kNoSupport:
      return "no_support";
    case Verdict::kConsistentWithSharedOrigin:
      return "consistent_with_shared_origin";
    case Verdict::kSupportsDerivation:
      return "supports_derivation";
  }
  return "insufficient_evidence";
}

std::string_view NameOf(AlternativeKind kind) {
  switch (kind) {
    case AlternativeKind::kSibling:
      return "sibling";
    case AlternativeKind::kBase:
      return "base";
    case AlternativeKind::kFamilyMember:
      return "family_member";
    case AlternativeKind::kOtherRoot:
      return "other_root";
  }
  return "other_root";
}

std::string_view Describe(AlternativeKind kind) {
  switch (kind) {
    case AlternativeKind::kSibling:
      return "sibling";
    case AlternativeKind::kBase:
      return "documented base, teacher or version";
    case AlternativeKind::kFamilyMember:
      return "same family";
    case AlternativeKind::kOtherRoot:
      return "another line";
  }
  return "another line";
}

VerdictFinding Judge(const VerdictInputs& inputs) {
  VerdictFinding finding;
  LookAtSufficiency(inputs, finding.reasons);
  LookAtSupport(inputs, finding.reasons);
  // What has no likelihood ratio has none to compare: the first rule has said so.
  if (!std::isnan(inputs.llr_bounded_log10)) {
    LookAtAlternatives(inputs, finding.reasons);
    LookAtStability(inputs, finding.reasons);
  }
  finding.rule = finding.reasons.empty() ? 4 : finding.reasons.front().rule;
  finding.verdict = static_cast<Verdict>(finding.rule - 1);
  return finding;
}

EvidenceClass Headline(Verdict weights) {
  const bool positive = weights == Verdict::kConsistentWithSharedOrigin || weights == Verdict::kSupportsDerivation;
  return positive ? EvidenceClass::kWeights : EvidenceClass::kDistillation;
}

}  // namespace stemma
