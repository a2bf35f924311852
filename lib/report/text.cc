#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "absl/strings/str_format.h"
#include "stemma/report.h"
#include "stemma/verbal_scale.h"

namespace stemma {
namespace {

constexpr std::size_t kFamiliesShown = 4;
constexpr std::size_t kVersionsShown = 3;
constexpr std::size_t kCopiesShown = 3;
constexpr std::size_t kReasonsShown = 4;
constexpr std::size_t kColumns = 110;

std::string_view Question(EvidenceClass evidence_class) {
  return evidence_class == EvidenceClass::kWeights
             ? "SHARED WEIGHTS: is the candidate a fine-tune, merge, resale or restyle of a reference?"
             : "DISTILLATION: was the candidate trained on the outputs of a reference?";
}

// A line that goes on below itself where it is too long.
void AppendWrapped(std::string_view lead, std::string_view text, std::string& out) {
  std::size_t column = lead.size();
  out += lead;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column > lead.size() && column + 1 + word.size() > kColumns) {
      out += "\n" + std::string(lead.size(), ' ');
      column = lead.size();
    } else if (column > lead.size()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  out += "\n";
}

std::string DescribeRank(const RankP& rank) {
  return absl::StrFormat("p %.3f (%d of %d groups as near; floor %.3f; %s)", rank.p, rank.at_least, rank.groups,
                         rank.floor(), rank.named ? "named beforehand" : "screening");
}

// What is documented of a reference that bears on reading its row.
std::string Notes(const ReferenceFinding& reference, bool nearest) {
  std::string notes;
  const auto add = [&](std::string_view note) { absl::StrAppendFormat(&notes, "%s%s", notes.empty() ? "" : "; ", note); };
  if (reference.declared) add("declared");
  if (reference.to_candidate != Kinship::kUnrelated) {
    add(absl::StrFormat("%s of the candidate", NameOf(reference.to_candidate)));
  }
  if (!nearest && reference.to_nearest != Kinship::kUnrelated) {
    add(absl::StrFormat("%s of the nearest", NameOf(reference.to_nearest)));
  }
  if (reference.released_after_candidate) add("released after the candidate");
  if (reference.copies > 0) {
    add(absl::StrFormat("%d copies %s", reference.copies, reference.copies_left_out ? "left out" : "stay in: too little is left without"));
  }
  return notes;
}

std::string DescribeLr(const LikelihoodRatio& lr) {
  if (std::isnan(lr.bounded.lower)) return absl::StrFormat("%s (no interval)", FormatLr(lr.bounded.value));
  return absl::StrFormat("%s [%s, %s]", FormatLr(lr.bounded.value), FormatLr(lr.bounded.lower), FormatLr(lr.bounded.upper));
}

void AppendReference(const Panel& panel, const ReferenceFinding& reference, bool nearest, std::string& out) {
  const std::string notes = Notes(reference, nearest);
  const std::string name = Printable(panel.models()[reference.model].metadata.model);
  const std::string lr = reference.lr ? "  LR " + DescribeLr(*reference.lr) : "";
  absl::StrAppendFormat(&out, "      %-34s %7.2f  p %.3f%s%s%s\n", name, reference.score, reference.p_value, lr,
                        notes.empty() ? "" : "  ", notes);
}

// Those that decided, then how many more would have.
void AppendReasons(const VerdictFinding& verdict, std::string& out) {
  std::size_t others = 0, shown = 0, left = 0;
  for (const VerdictReason& reason : verdict.reasons) {
    if (reason.rule != verdict.rule) {
      ++others;
    } else if (shown == kReasonsShown) {
      ++left;
    } else {
      AppendWrapped("    - ", Printable(reason.text), out);
      ++shown;
    }
  }
  if (left > 0) absl::StrAppendFormat(&out, "    - and %d more of this kind\n", left);
  if (others > 0) absl::StrAppendFormat(&out, "    - (later rules would have held it back for %d reasons more)\n", others);
}

const ReferenceFinding* FindSubject(const ClassFinding& finding) {
  for (const FamilyFinding& family : finding.families) {
    for (const ReferenceFinding& reference : family.references) {
      if (reference.model == finding.subject) return &reference;
    }
  }
  return nullptr;
}

void AppendSubject(const Panel& panel, const ClassFinding& finding, std::string& out) {
  const ReferenceFinding* subject = FindSubject(finding);
  if (subject == nullptr || !subject->lr) return;
  const LikelihoodRatio& lr = *subject->lr;
  const VerbalBand band = VerbalBandOf(lr.bounded.value);
  AppendWrapped("  ",
                absl::StrFormat("%s: LR %s, %s (LR %s); unbounded %s; bounds %s to %s",
                                Printable(panel.models()[subject->model].metadata.model), DescribeLr(lr), NameOf(band),
                                BoundariesOf(band), FormatLr(lr.unbounded.value), FormatLr(lr.bounds.lower_log10),
                                FormatLr(lr.bounds.upper_log10)),
                out);
}

void AppendHead(const Panel& panel, const ClassFinding& finding, std::string& out) {
  absl::StrAppendFormat(&out, "\n%s\n", Question(finding.evidence_class));
  const std::string subject =
      finding.subject ? " from " + Printable(panel.models()[*finding.subject].metadata.model) : std::string();
  absl::StrAppendFormat(&out, "  verdict: %s%s\n", NameOf(finding.verdict.verdict),
                        finding.verdict.verdict == Verdict::kSupportsDerivation ? subject + " or a close relative" : "");
  AppendReasons(finding.verdict, out);
  if (finding.verdict.verdict == Verdict::kNoSupport) {
    AppendWrapped("    - ",
                  absl::StrFormat("no support found, which is no sign of innocence: with %d prompts and %d groups, p could "
                                  "have fallen to %.3f",
                                  finding.inputs.shared_prompts, finding.search.groups, finding.search.floor()),
                  out);
  }
  AppendSubject(panel, finding, out);
  if (!finding.families.empty()) {
    absl::StrAppendFormat(&out, "  nearest of all references: %s\n", DescribeRank(finding.search));
  }
}

void AppendFamilies(const Panel& panel, const std::vector<FamilyFinding>& families, std::string& out) {
  if (families.empty()) {
    out += "  no reference answered a prompt that the candidate answered\n";
    return;
  }
  out += "  nearest families, and in each the nearest versions (score in standard deviations of unrelated pairs):\n";
  for (std::size_t f = 0; f < families.size(); ++f) {
    const FamilyFinding& family = families[f];
    const bool has_declared =
        std::ranges::any_of(family.references, [](const ReferenceFinding& reference) { return reference.declared; });
    if (f >= kFamiliesShown && !has_declared) continue;
    absl::StrAppendFormat(&out, "  %2d. %s%s%s\n", f + 1, Printable(family.organisation),
                          family.organisation.empty() ? "" : " / ", Printable(family.family));
    for (std::size_t k = 0; k < family.references.size(); ++k) {
      const ReferenceFinding& reference = family.references[k];
      if (k < kVersionsShown || reference.declared) AppendReference(panel, reference, f == 0 && k == 0, out);
    }
  }
}

void AppendUnpaired(const Panel& panel, const UnpairedFinding& finding, std::string& out) {
  out += "\nSTYLE ALONE: which references write alike at equal lengths of answers, whatever was asked? (no verdict)\n";
  absl::StrAppendFormat(&out, "  nearest of all references: %s\n", DescribeRank(finding.search));
  AppendFamilies(panel, finding.families, out);
}

void AppendCopies(const Panel& panel, const AuditReport& report, std::string& out) {
  if (report.copies.empty()) return;
  const bool some_stay = std::ranges::any_of(report.copies, [](const CopyFinding& copy) { return !copy.left_out; });
  out += "\nEXACT COPIES of responses (left out of the scores):";
  for (std::size_t k = 0; k < std::min(kCopiesShown, report.copies.size()); ++k) {
    const CopyFinding& copy = report.copies[k];
    absl::StrAppendFormat(&out, "%s %s %d%s", k == 0 ? "" : ",", Printable(panel.models()[copy.model].metadata.model),
                          copy.prompts, copy.left_out ? "" : "*");
  }
  if (report.copies.size() > kCopiesShown) {
    absl::StrAppendFormat(&out, ", and fewer with %d others", report.copies.size() - kCopiesShown);
  }
  if (some_stay) out += "\n* not left out: fewer than 10 prompts would be left";
  out += "\n";
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(&out, "\\x%02x", byte);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string FormatLr(double llr_log10) {
  if (std::isnan(llr_log10)) return "n/a";
  // What no number of comparisons could carry is told by its order alone.
  if (std::abs(llr_log10) > 6) return absl::StrFormat("10^%.0f", llr_log10);
  const int exponent = static_cast<int>(std::floor(llr_log10));
  const double unit = std::pow(10, exponent - 1);
  const double rounded = std::round(std::pow(10, llr_log10) / unit) * unit;
  return absl::StrFormat("%.*f", std::max(0, 1 - exponent), rounded);
}

std::string AuditToText(const Panel& panel, const AuditReport& report) {
  std::string out = absl::StrFormat(
      "%s: %d responses to %d prompts, %d of them shared with the panel%s%s (%d models in %d groups)\n",
      Printable(report.candidate.model), report.responses, report.prompts, report.shared_prompts, panel.title().empty() ? "" : " ",
      Printable(panel.title()), panel.models().size(), panel.groups().size());
  out += "A likeness is not descent: siblings, a common base and the fashion of a year bring models near, too.\n";
  absl::StrAppendFormat(&out, "Verdict (%s): %s\n", NameOf(report.headline),
                        NameOf(report.classes[static_cast<std::size_t>(report.headline)].verdict.verdict));
  AppendCopies(panel, report, out);
  for (const ClassFinding& finding : report.classes) {
    AppendHead(panel, finding, out);
    AppendFamilies(panel, finding.families, out);
  }
  if (report.unpaired) AppendUnpaired(panel, *report.unpaired, out);
  out += "\nDirection: not determined. Text does not tell who learned from whom.\n";
  if (!report.warnings.empty()) out += "\nWarnings\n";
  for (const Remark& warning : report.warnings) {
    AppendWrapped("  - ", Printable(warning.text) + " [" + warning.id + "]", out);
  }
  return out;
}

}  // namespace stemma
