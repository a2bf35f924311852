#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/report/compose.h"
#include "lib/report/svg/figures.h"
#include "lib/report/words.h"
#include "stemma/report.h"

namespace stemma {
namespace report {
namespace {

const Excerpt* ExcerptOf(const Hash128& prompt, const PageContext& page) {
  if (page.case_file == nullptr) return nullptr;
  const auto found = std::ranges::find(page.case_file->excerpts, prompt, &Excerpt::prompt_key);
  return found == page.case_file->excerpts.end() ? nullptr : &*found;
}

std::string Cut(const std::string& text, bool is_cut) { return Printable(text) + (is_cut ? " …" : ""); }

Table TableOf(const std::vector<PromptFinding>& findings, std::string caption, const PageContext& page) {
  Table table{std::move(caption), {{"excess", true}, {"prompt"}, {"answer"}}, {}};
  for (const PromptFinding& finding : findings) {
    const Excerpt* excerpt = ExcerptOf(finding.prompt, page);
    const std::string key = "key " + ToHex(finding.prompt);
    table.rows.push_back({absl::StrFormat("%+.3f", finding.excess),
                          excerpt == nullptr || excerpt->prompt.empty() ? key : Cut(excerpt->prompt, excerpt->prompt_is_cut),
                          excerpt == nullptr ? "not at hand" : Cut(excerpt->answer, excerpt->answer_is_cut)});
  }
  return table;
}

void AddFeatures(const Panel& panel, const ClassFinding& finding, Section& section) {
  svg::ContributionPlot plot;
  plot.name = {absl::StrCat("features-", std::string(stemma::NameOf(finding.evidence_class))),
               "Likeness to " + NameOf(panel, *finding.subject) + " by single features"};
  plot.value_title = "standard deviations of unrelated pairs";
  for (const FeatureFinding& feature : finding.exculpation.features) {
    plot.rows.push_back({std::string(stemma::NameOf(feature.group)), feature.score});
  }
  if (plot.rows.empty()) return;
  section.items.push_back({Figure{plot.name.title, svg::Draw(plot),
                                  "How to read this: 0 is what two unrelated models have in common. A feature that stands far below the "
                                  "others points away from the reference, whatever their mean says."},
                           Place::kPageOnly});
}

const ClassFinding* Other(const AuditReport& report, const ClassFinding& finding) {
  return &finding == &report.classes.front() ? nullptr : &report.classes.front();
}

// The other class has said the same of the same reference.
bool IsSaid(const AuditReport& report, const ClassFinding& finding) {
  const ClassFinding* other = Other(report, finding);
  return other != nullptr && other->subject == finding.subject;
}

std::string DescribeRate(const ClaimRate& rate) {
  return absl::StrFormat("Of %d public models of the panel %d make such a claim at all, and %d claim another maker than their own: by itself "
                         "it says nothing of descent.",
                         rate.models, rate.with_claim, rate.with_foreign_claim);
}

}  // namespace

Section WeightsSection(const Panel& panel, const AuditReport& report, const PageContext& page) {
  Section section{"weights-of-features", "Which features and prompts weigh most", {}};
  for (const ClassFinding& finding : report.classes) {
    if (!finding.subject || IsSaid(report, finding)) continue;
    AddFeatures(panel, finding, section);
    const PromptFindings& prompts = finding.exculpation.prompts;
    const std::string name = NameOf(panel, *finding.subject);
    if (!prompts.strongest_towards.empty()) {
      section.items.push_back({TableOf(prompts.strongest_towards, "Prompts that point most towards " + name, page), Place::kPageOnly});
    }
    if (!prompts.strongest_away.empty()) {
      section.items.push_back({TableOf(prompts.strongest_away, "Prompts that point most away from " + name, page), Place::kPageOnly});
    }
  }
  if (section.items.empty()) return section;
  section.items.push_back({Paragraph{"Excess is by how much the cosine of masked n-grams at one prompt is above what is usual there for such a "
                                     "candidate and such a reference. Single prompts show what was counted; none of them is evidence.",
                                     Tone::kNote},
                           Place::kPageOnly});
  return section;
}

Section SelfIdentificationSection(const AuditReport&, const PageContext& page) {
  Section section{"self-identification", "Annex: what the candidate says of itself", {}};
  if (page.case_file == nullptr || page.case_file->access != TextAccess::kRead) return section;
  const SelfIdentificationCounts& counts = page.case_file->self_identification;
  std::string text = absl::StrFormat("%d of %d answers claim in the first person to be, or to be made by, somebody", counts.answers_with_claim,
                                     counts.answers);
  for (std::size_t k = 0; k < counts.makers.size(); ++k) {
    absl::StrAppendFormat(&text, "%s %s %d", k == 0 ? ":" : ",", Printable(counts.makers[k].maker), counts.makers[k].answers);
  }
  section.items.push_back({Paragraph{text + ". This enters no score: names of makers and models are masked before anything is counted."},
                           Place::kPageOnly});
  if (page.base_rates != nullptr) {
    section.items.push_back({Paragraph{DescribeRate(RateOfClaims(*page.base_rates))}, Place::kPageOnly});
  }
  return section;
}

}  // namespace report

std::vector<Hash128> PromptsToShow(const AuditReport& report) {
  std::vector<Hash128> prompts;
  for (const ClassFinding& finding : report.classes) {
    if (!finding.subject || report::IsSaid(report, finding)) continue;
    const PromptFindings& found = finding.exculpation.prompts;
    for (const auto* side : {&found.strongest_towards, &found.strongest_away}) {
      for (const PromptFinding& prompt : *side) prompts.push_back(prompt.prompt);
    }
  }
  return prompts;
}

}  // namespace stemma
