#include "lib/report/words.h"

#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "stemma/report.h"
#include "stemma/score.h"
#include "stemma/verbal_scale.h"

namespace stemma::report {
namespace {

absl::string_view AsAbsl(std::string_view text) { return {text.data(), text.size()}; }

// "weak support (LR 2-10)".
std::string WithBoundaries(VerbalBand band) { return absl::StrFormat("%s (LR %s)", stemma::NameOf(band), BoundariesOf(band)); }

}  // namespace

std::string_view TitleOf(EvidenceClass evidence_class) {
  return evidence_class == EvidenceClass::kWeights ? "Shared weights" : "Distillation";
}

std::string_view QuestionOf(EvidenceClass evidence_class) {
  return evidence_class == EvidenceClass::kWeights
             ? "is the candidate a fine-tune, merge, resale or restyle of a reference?"
             : "was the candidate trained on the outputs of a reference?";
}

std::string SentenceOf(const Panel& panel, const ClassFinding& finding) {
  const std::string subject = finding.subject ? NameOf(panel, *finding.subject) : "any reference";
  switch (finding.verdict.verdict) {
    case Verdict::kInsufficientEvidence:
      return "no verdict can be given: " + TextOf(finding.verdict.reasons.front());
    case Verdict::kNoSupport:
      return "no support was found for derivation from " + subject;
    case Verdict::kConsistentWithSharedOrigin:
      return "nearer to " + subject + " than unrelated models are, but another source would explain that as well";
    case Verdict::kSupportsDerivation:
      return "the responses support derivation from " + subject + " or a close relative of it";
  }
  return "";
}

std::string WhatCouldBeSeen(const ClassFinding& finding) {
  std::string text = absl::StrFormat("that is no sign of innocence: with %d prompts and %d groups p could have fallen to %.3f",
                                     finding.inputs.shared_prompts, finding.search.groups, finding.search.floor());
  const ReferenceFinding* subject = SubjectOf(finding);
  if (subject != nullptr && subject->lr) absl::StrAppendFormat(&text, ", LR and its whole interval have risen to %s", FormatLr(subject->lr->bounds.upper_log10));
  return text;
}

std::string Describe(const RankP& rank) {
  const bool is_lowest = rank.at_least <= rank.always_at_least;
  const std::string floor = is_lowest ? "its floor" : absl::StrFormat("floor %.3f", rank.floor());
  const std::string_view own = rank.always_at_least == 0 ? "" : is_lowest ? ", the nearest's own" : ", the nearest's own always";
  return absl::StrFormat("p %.3f, %s (%d of %d groups as near%s; %s)", rank.p, floor, rank.at_least, rank.groups, own,
                         rank.named ? "named beforehand" : "screening");
}

std::string Describe(const LikelihoodRatio& lr) {
  if (std::isnan(lr.bounded.lower)) return FormatLr(lr.bounded.value) + " (no interval)";
  // Not that precise: what lies beyond the bound was not looked at.
  if (lr.bounded.lower == lr.bounded.upper) return FormatLr(lr.bounded.value) + " [at bound]";
  return absl::StrFormat("%s [%s, %s]", FormatLr(lr.bounded.value), FormatLr(lr.bounded.lower), FormatLr(lr.bounded.upper));
}

std::string StrengthInWords(const LikelihoodRatio& lr) {
  const VerbalBand value = VerbalBandOf(lr.bounded.value);
  if (std::isnan(lr.bounded.lower)) return WithBoundaries(value) + " by value";
  const VerbalBand lower = VerbalBandOf(lr.bounded.lower);
  if (lower == value) return WithBoundaries(value) + " by value and interval";
  return absl::StrFormat("%s by value, but %s by the lower end", WithBoundaries(value), WithBoundaries(lower));
}

std::string TextOf(const VerdictReason& reason) {
  if (reason.id != "reference_released_later") return Printable(reason.text);
  return Printable(reason.text) + " and cannot be its source; an older model that is a close relative of it is not ruled out";
}

const ReferenceFinding* NearestNotLater(const ClassFinding& finding) {
  if (!finding.inputs.reference_released_later) return nullptr;
  const ReferenceFinding* nearest = nullptr;
  for (const FamilyFinding& family : finding.families) {
    for (const ReferenceFinding& reference : family.references) {
      if (reference.released_after_candidate) continue;
      if (nearest == nullptr || reference.score > nearest->score) nearest = &reference;
    }
  }
  return nearest;
}

std::string_view NameOfCategory(std::size_t category) {
  static constexpr std::array<std::string_view, kPromptCategories> kNames = {"short answers", "middling answers",
                                                                             "long answers"};
  return kNames[category];
}

std::string NotesOn(const ReferenceFinding& reference, bool nearest) {
  std::string notes;
  const auto add = [&](std::string_view note) { absl::StrAppendFormat(&notes, "%s%s", notes.empty() ? "" : "; ", note); };
  if (reference.declared) add("declared");
  const auto add_kinship = [&](Kinship kinship, const char* whom) {
    // The column says that all in it is documented.
    const std::string name(absl::StripPrefix(AsAbsl(stemma::NameOf(kinship)), "documented "));
    if (kinship != Kinship::kUnrelated) add(absl::StrCat(name, name.starts_with("same") ? " as " : " of ", whom));
  };
  add_kinship(reference.to_candidate, "candidate");
  if (!nearest) add_kinship(reference.to_nearest, "nearest");
  if (reference.released_after_candidate) add("released after the candidate");
  if (reference.copies > 0) {
    add(absl::StrFormat("%d copies %s", reference.copies,
                        reference.copies_left_out ? "left out" : "stay in: too little is left without"));
  }
  return notes;
}

std::string NameOf(const Panel& panel, std::size_t model) { return Printable(panel.models()[model].metadata.model); }

}  // namespace stemma::report
