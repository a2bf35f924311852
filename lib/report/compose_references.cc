#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/report/compose.h"
#include "lib/report/svg/figures.h"
#include "lib/report/words.h"
#include "stemma/report.h"

namespace stemma::report {
namespace {

struct Extent {
  std::size_t families;
  std::size_t versions_of_nearest;
  std::size_t versions_of_others;
};
constexpr Extent kBrief = {2, 2, 1};
constexpr Extent kWhole = {10, 6, 3};
constexpr std::size_t kIntervalsShown = 12;

// What is declared is shown however far it is.
Table TableOf(const Panel& panel, const std::vector<FamilyFinding>& families, std::string caption, const Extent& extent,
              std::optional<std::size_t> subject) {
  std::size_t references = 0;
  Table table{std::move(caption),
              {{"maker"}, {"version"}, {"score", true}, {"p", true}, {.title = "LR [95 %]", .on_one_line = true}, {"documented"}},
              {}};
  for (std::size_t f = 0; f < families.size(); ++f) {
    const FamilyFinding& family = families[f];
    const std::size_t versions = f == 0 ? extent.versions_of_nearest : extent.versions_of_others;
    references += family.references.size();
    std::string name = Printable(family.organisation.empty() ? family.family : family.organisation);
    for (std::size_t k = 0; k < family.references.size(); ++k) {
      const ReferenceFinding& reference = family.references[k];
      if (!reference.declared && (f >= extent.families || k >= versions)) continue;
      if (reference.model == subject) table.emphasised.push_back(table.rows.size());
      table.rows.push_back({std::exchange(name, ""), NameOf(panel, reference.model), absl::StrFormat("%.2f", reference.score),
                            absl::StrFormat("%.3f", reference.p_value), reference.lr ? Describe(*reference.lr) : "none",
                            NotesOn(reference, f == 0 && k == 0)});
    }
  }
  if (table.rows.size() < references) {
    absl::StrAppendFormat(&table.caption, ": %d of %d references", table.rows.size(), references);
  }
  return table;
}

void AddTables(const Panel& panel, const std::vector<FamilyFinding>& families, const std::string& title,
               std::optional<std::size_t> subject, Section& section) {
  if (families.empty()) {
    section.items.push_back({Paragraph{title + ": no reference answered a prompt that the candidate answered."}});
    return;
  }
  section.items.push_back({TableOf(panel, families, title, kBrief, subject), Place::kTextOnly});
  section.items.push_back({TableOf(panel, families, title, kWhole, subject), Place::kPageOnly});
}

// By unbounded LR the highest, and the subject.
void AddIntervals(const Panel& panel, const ClassFinding& finding, Section& section) {
  std::vector<const ReferenceFinding*> references;
  for (const FamilyFinding& family : finding.families) {
    for (const ReferenceFinding& reference : family.references) {
      if (reference.lr) references.push_back(&reference);
    }
  }
  std::ranges::sort(references, [](const auto* a, const auto* b) {
    return a->lr->unbounded.value != b->lr->unbounded.value ? a->lr->unbounded.value > b->lr->unbounded.value : a->model < b->model;
  });
  svg::IntervalPlot plot;
  plot.name = {absl::StrCat("intervals-", std::string(stemma::NameOf(finding.evidence_class))),
               absl::StrCat(std::string(TitleOf(finding.evidence_class)), ": likelihood ratio by reference")};
  for (const ReferenceFinding* reference : references) {
    const bool subject = reference->model == finding.subject;
    if (plot.rows.size() >= kIntervalsShown && !subject) continue;
    const Estimate& bounded = reference->lr->bounded;
    plot.rows.push_back({NameOf(panel, reference->model), bounded.value, bounded.lower, bounded.upper, reference->lr->bounds, subject});
  }
  if (plot.rows.empty()) return;
  section.items.push_back({Figure{plot.name.title, svg::Draw(plot),
                                  "How to read this: right of 1 a reference is supported as the source against independence, left of 1 "
                                  "independence is. Lines are 95 % intervals for other groups to calibrate by and other prompts; "
                                  "shaded is what the number of groups cannot carry. References whose intervals overlap are not "
                                  "told apart."},
                           Place::kPageOnly});
}

void AddInnocents(const Panel& panel, const ClassFinding& finding, const ReferenceFinding& subject, Section& section) {
  svg::InnocentsPlot plot;
  plot.name = {absl::StrCat("innocents-", std::string(stemma::NameOf(finding.evidence_class))),
               absl::StrCat(std::string(TitleOf(finding.evidence_class)), ": the candidate among unrelated groups")};
  plot.score_title = subject.declared ? "score on " + NameOf(panel, subject.model) : "best score on any reference unrelated to it";
  plot.rank = subject.declared ? subject.rank : finding.search;
  plot.candidate = {"candidate", subject.score};
  for (const GroupVote& vote : finding.votes) plot.groups.push_back({Printable(panel.groups()[vote.group]), vote.score});
  section.items.push_back({Figure{plot.name.title, svg::Draw(plot),
                                  "How to read this: each dot is a group of models that is documented to have nothing to do with the "
                                  "candidate, by its best member. p is the share of groups, the candidate counted in, that score at "
                                  "least as high; it cannot fall below its floor, however far out the candidate lies."},
                           Place::kPageOnly});
}

std::string DescribeSubject(const Panel& panel, const ReferenceFinding& subject) {
  const LikelihoodRatio& lr = *subject.lr;
  return absl::StrFormat("LR on %s: %s, %s; bounds %s to %s, unbounded %s", NameOf(panel, subject.model), Describe(lr),
                         StrengthInWords(lr), FormatLr(lr.bounds.lower_log10), FormatLr(lr.bounds.upper_log10),
                         FormatLr(lr.unbounded.value));
}

}  // namespace

Section InnocentsSection(const Panel& panel, const AuditReport& report) {
  Section section{"innocents", "Among unrelated models", {}};
  for (const ClassFinding& finding : report.classes) {
    const ReferenceFinding* subject = SubjectOf(finding);
    if (subject == nullptr) continue;
    const std::string title(TitleOf(finding.evidence_class));
    std::string text = title + ": ";
    if (subject->declared) text += Describe(subject->rank) + "; nearest of all references: ";
    text += Describe(finding.search);
    if (subject->lr) text += "; " + DescribeSubject(panel, *subject);
    section.items.push_back({Paragraph{std::move(text)}});
    AddInnocents(panel, finding, *subject, section);
  }
  section.items.push_back({Paragraph{EmbeddingsInALine(panel, report)}, Place::kTextOnly});
  return section;
}

Section ReferencesSection(const Panel& panel, const AuditReport& report) {
  Section section{"references", "References, the nearest family first", {}};
  for (const ClassFinding& finding : report.classes) {
    AddTables(panel, finding.families, std::string(TitleOf(finding.evidence_class)), finding.subject, section);
    AddIntervals(panel, finding, section);
  }
  if (report.unpaired) {
    section.items.push_back({Paragraph{"Style alone, at equal lengths of answers and whatever was asked, carries no verdict: " +
                                       Describe(report.unpaired->search)}});
    AddTables(panel, report.unpaired->families, "Style alone", std::nullopt, section);
  }
  section.items.push_back({Paragraph{"Scores in standard deviations of unrelated pairs; LR: H1 against H2, bounded by the groups; --json has all.",
                                     Tone::kNote}});
  return section;
}

}  // namespace stemma::report
