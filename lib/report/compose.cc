#include "lib/report/compose.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/report/limitations.h"
#include "lib/report/words.h"
#include "stemma/report.h"

namespace stemma::report {
namespace {

constexpr std::size_t kSourcesShown = 4;
constexpr std::size_t kCopiesShown = 3;

// The date ends the question about the subject. Who else could be meant is for the reader to know, and no finding.
std::string DescribeNotLater(const Panel& panel, const ReferenceFinding& reference) {
  const std::string lr = reference.lr ? ", LR " + Describe(*reference.lr) : "";
  return absl::StrFormat("nearest of the references not known to be later: %s (score %.2f, p %.3f%s); the rules were not applied to it",
                         NameOf(panel, reference.model), reference.score, reference.p_value, lr);
}

// Other sources within the reference's interval in one sentence.
std::string DescribeWithin(const std::vector<std::string>& sources) {
  std::string text;
  for (std::size_t k = 0; k < std::min(sources.size(), kSourcesShown); ++k) absl::StrAppend(&text, k == 0 ? "" : ", ", sources[k]);
  if (sources.size() > kSourcesShown) absl::StrAppendFormat(&text, " and %d more", sources.size() - kSourcesShown);
  return absl::StrCat(text, sources.size() == 1 ? " lies" : " lie", " within the reference's interval");
}

// Those that decided, then how many more would have held the verdict back.
Bullets ReasonsOf(const Panel& panel, const ClassFinding& finding) {
  Bullets reasons;
  std::vector<std::string> sources;
  std::size_t others = 0;
  for (const VerdictReason& reason : finding.verdict.reasons) {
    if (reason.rule != finding.verdict.rule) {
      ++others;
    } else if (!reason.source.empty()) {
      sources.push_back(Printable(reason.source));
    } else {
      reasons.items.push_back(TextOf(reason));
    }
  }
  if (!sources.empty()) reasons.items.insert(reasons.items.begin(), DescribeWithin(sources));
  if (others > 0) {
    reasons.items.push_back(absl::StrFormat("later rules have %d reason%s more against support", others, others == 1 ? "" : "s"));
  }
  if (finding.verdict.verdict == Verdict::kNoSupport) reasons.items.push_back(WhatCouldBeSeen(finding));
  const ReferenceFinding* not_later = NearestNotLater(finding);
  if (not_later != nullptr) reasons.items.push_back(DescribeNotLater(panel, *not_later));
  return reasons;
}

// The same in a sentence. What the lead has told is not told again.
std::string BriefOf(const ClassFinding& finding, const Bullets& reasons, bool first_is_said) {
  std::string text = absl::StrFormat("%s: %s", TitleOf(finding.evidence_class), stemma::NameOf(finding.verdict.verdict));
  if (first_is_said) text += ", for the reason above";
  for (std::size_t k = first_is_said ? 1 : 0; k < reasons.items.size(); ++k) {
    text += (k == 0 ? ", since " : "; ") + reasons.items[k];
  }
  return text;
}

std::string DescribeCopies(const Panel& panel, const AuditReport& report) {
  std::string text = "Left out of the scores, prompts:";
  for (std::size_t k = 0; k < std::min(kCopiesShown, report.copies.size()); ++k) {
    const CopyFinding& copy = report.copies[k];
    absl::StrAppendFormat(&text, "%s %s %d%s", k == 0 ? "" : ",", NameOf(panel, copy.model), copy.prompts,
                          copy.left_out ? "" : "*");
  }
  if (report.copies.size() > kCopiesShown) {
    absl::StrAppendFormat(&text, ", and fewer with %d others", report.copies.size() - kCopiesShown);
  }
  const bool some_stay = std::ranges::any_of(report.copies, [](const CopyFinding& copy) { return !copy.left_out; });
  return some_stay ? text + " (* not left out: fewer than 10 prompts would be left)" : text;
}

std::string Lowercase(std::string_view text) { return absl::AsciiStrToLower(std::string(text)); }

std::string LeadOf(const Panel& panel, const AuditReport& report) {
  const ClassFinding& headline = report.headline_finding();
  return absl::StrFormat("%s (%s): %s.", stemma::NameOf(headline.verdict.verdict), Lowercase(TitleOf(report.headline)),
                         SentenceOf(panel, headline));
}

// Where the headline is distillation's, what was said of weights stands behind it; a text says it in its next line.
std::string PageLeadOf(const Panel& panel, const AuditReport& report) {
  const std::string lead = LeadOf(panel, report);
  if (report.headline == EvidenceClass::kWeights) return lead;
  return absl::StrFormat("%s Of shared weights: %s.", lead, stemma::NameOf(report.classes.front().verdict.verdict));
}

}  // namespace

Section CopiesSection(const Panel& panel, const AuditReport& report) {
  Section section{"copies", "Exact copies of responses", {}};
  if (!report.copies.empty()) section.items.push_back({Paragraph{DescribeCopies(panel, report)}});
  return section;
}

Section VerdictSection(const Panel& panel, const AuditReport& report) {
  Section section{"verdict", "Verdict", {}, /*framed=*/true};
  section.items.push_back({Paragraph{LeadOf(panel, report), Tone::kLead}, Place::kTextOnly});
  section.items.push_back({Paragraph{PageLeadOf(panel, report), Tone::kLead}, Place::kPageOnly});
  for (const ClassFinding& finding : report.classes) {
    Bullets reasons = ReasonsOf(panel, finding);
    const bool first_is_said =
        finding.evidence_class == report.headline && finding.verdict.verdict == Verdict::kInsufficientEvidence;
    section.items.push_back({Paragraph{BriefOf(finding, reasons, first_is_said)}, Place::kTextOnly});
    reasons.lead = absl::StrFormat("%s: %s %s%s", TitleOf(finding.evidence_class), QuestionOf(finding.evidence_class),
                                   stemma::NameOf(finding.verdict.verdict), reasons.items.empty() ? "" : ", since");
    section.items.push_back({std::move(reasons), Place::kPageOnly});
  }
  section.items.push_back({Paragraph{"A likeness is not descent: siblings, a common base and the fashion of a year bring models near, too.", Tone::kNote}});
  return section;
}

Section PropositionsSection(const AuditReport& report) {
  Section section{"propositions", "What is weighed against what", {}};
  Definitions definitions;
  std::string last_h2;
  for (const ClassFinding& finding : report.classes) {
    if (!finding.subject) continue;
    definitions.entries.push_back({absl::StrFormat("H1, %s", Lowercase(TitleOf(finding.evidence_class))), Printable(finding.propositions.h1)});
    // The alternative is the same for both where they ask about the same reference.
    if (finding.propositions.h2 == last_h2) continue;
    last_h2 = finding.propositions.h2;
    definitions.entries.push_back({"H2", Printable(last_h2)});
  }
  if (!definitions.entries.empty()) section.items.push_back({std::move(definitions)});
  for (const ClassFinding& finding : report.classes) {
    if (!finding.what_if) continue;
    section.items.push_back({Paragraph{
        absl::StrFormat("What if (%s): whoever gave H1 a probability of %g before any of this would have to give it %.2g "
                        "[%.2g, %.2g] now. The prior is theirs; no finding of this audit says what it should be.",
                        Lowercase(TitleOf(finding.evidence_class)), finding.what_if->prior, finding.what_if->posterior,
                        finding.what_if->lower, finding.what_if->upper)}});
  }
  return section;
}

Section LimitsSection(const AuditReport& report) {
  Section section{"limits", "Limits", {}};
  section.items.push_back({Paragraph{"Direction: not determined. Text does not tell who learned from whom."}, Place::kTextOnly});
  Bullets limitations;
  for (const Remark& limitation : Limitations()) limitations.items.push_back(limitation.text);
  section.items.push_back({std::move(limitations), Place::kPageOnly});
  Bullets warnings{"Warnings", {}};
  for (const Remark& warning : report.warnings) warnings.items.push_back(Printable(warning.text) + " [" + warning.id + "]");
  if (!warnings.items.empty()) section.items.push_back({std::move(warnings)});
  return section;
}

Document Compose(const Panel& panel, const AuditReport& report, const PageContext& page) {
  Document document;
  const std::string shared =
      report.shared_prompts == report.prompts ? "all" : absl::StrFormat("%d of them", report.shared_prompts);
  document.title = absl::StrFormat("%s: %d responses to %d prompts, %s shared with %s (%d models, %d groups)",
                                   Printable(report.candidate.model), report.responses, report.prompts, shared,
                                   panel.title().empty() ? "the panel" : Printable(panel.title()), panel.models().size(), panel.groups().size());
  document.sections = {CopiesSection(panel, report),      VerdictSection(panel, report),
                       PropositionsSection(report),
                       FamilyTreeSection(panel, report),  InnocentsSection(panel, report),
                       ReferencesSection(panel, report),  CalibrationSection(panel, report, page),
                       ExculpationSection(panel, report), WeightsSection(panel, report, page),
                       EmbeddingsSection(panel, report),
                       SelfIdentificationSection(report, page), LimitsSection(report),
                       MethodSection(),                   StatementsSection(page.statements),
                       DigestsSection(panel, report, page)};
  return document;
}

}  // namespace stemma::report
