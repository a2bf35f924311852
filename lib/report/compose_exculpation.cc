#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "lib/report/compose.h"
#include "lib/report/words.h"
#include "stemma/report.h"

namespace stemma::report {
namespace {

std::string InLowercase(EvidenceClass evidence_class) {
  return absl::AsciiStrToLower(std::string(TitleOf(evidence_class)));
}

std::string StrengthOf(const AlternativeFinding& alternative) {
  return alternative.lr ? "LR " + Describe(*alternative.lr) : absl::StrFormat("score %.2f", alternative.score);
}

std::string DescribeAlternative(const Panel& panel, const AlternativeFinding& alternative) {
  return absl::StrFormat("best other explanation: %s (%s)", NameOf(panel, alternative.model), stemma::Describe(alternative.kind));
}

// A line for both classes where they agree.
Bullets AlternativesOf(const Panel& panel, const AuditReport& report) {
  const auto& weights = report.classes[0].exculpation.best_alternative;
  const auto& distillation = report.classes[1].exculpation.best_alternative;
  if (weights && distillation && weights->model == distillation->model && weights->kind == distillation->kind) {
    return {"", {absl::StrFormat("%s: weights %s, distillation %s", DescribeAlternative(panel, *weights), StrengthOf(*weights),
                                 StrengthOf(*distillation))}};
  }
  Bullets bullets;
  for (const ClassFinding& finding : report.classes) {
    const auto& alternative = finding.exculpation.best_alternative;
    if (!alternative) continue;
    bullets.items.push_back(absl::StrFormat("%s: %s, %s", TitleOf(finding.evidence_class), DescribeAlternative(panel, *alternative),
                                            StrengthOf(*alternative)));
  }
  return bullets;
}

// Null where there is nothing to leave out.
const LikelihoodRatio* LeftOutOf(const ClassFinding& finding) {
  const ReferenceFinding* subject = SubjectOf(finding);
  return subject != nullptr && subject->lr && !std::isnan(subject->lr->without_group_log10) ? &*subject->lr : nullptr;
}

bool IsSteady(const LikelihoodRatio& lr) {
  const std::string all = FormatLr(lr.bounded.value);
  return FormatLr(lr.without_group_log10) == all && FormatLr(lr.without_category_log10) == all;
}

std::string DescribeDrop(const Panel& panel, const LikelihoodRatio& lr) {
  const std::string group = FormatLr(lr.without_group_log10);
  const std::string category = FormatLr(lr.without_category_log10);
  return absl::StrFormat("LR falls to no less than %s without a group (%s), %s without a third of the prompts (%s)", group,
                         Printable(panel.groups()[lr.group_left_out]), category, NameOfCategory(lr.category_left_out));
}

Bullets LeftOutOf(const Panel& panel, const AuditReport& report) {
  Bullets bullets;
  std::string steady;
  for (const ClassFinding& finding : report.classes) {
    const LikelihoodRatio* lr = LeftOutOf(finding);
    if (lr == nullptr) continue;
    const std::string title(TitleOf(finding.evidence_class));
    if (IsSteady(*lr)) {
      absl::StrAppendFormat(&steady, "%s %s (%s)", steady.empty() ? "" : ",", FormatLr(lr->bounded.value), InLowercase(finding.evidence_class));
    } else {
      bullets.items.push_back(title + ": " + DescribeDrop(panel, *lr));
    }
  }
  if (!steady.empty()) {
    bullets.items.push_back("without any one group or third of the prompts the LR stays at" + steady);
  }
  return bullets;
}

std::string DescribeFeatures(const std::vector<FeatureFinding>& features) {
  std::string text = "unrelated groups as near:";
  for (std::size_t k = 0; k < features.size(); ++k) {
    const FeatureFinding& feature = features[k];
    absl::StrAppendFormat(&text, "%s %d", k == 0 ? "" : ",", feature.rank.at_least);
    if (k == 0 || feature.rank.groups != features.front().rank.groups) absl::StrAppendFormat(&text, " of %d", feature.rank.groups);
    absl::StrAppendFormat(&text, " by %s (%s%.2f)", stemma::NameOf(feature.group), k == 0 ? "score " : "", feature.score);
  }
  return text;
}

std::string DescribePrompts(const PromptFindings& prompts) {
  std::string text = absl::StrFormat("%d of %d prompts point away", prompts.away, prompts.prompts);
  if (prompts.groups > 0) {
    absl::StrAppendFormat(&text, " (for unrelated groups %.0f %% of them in the middle, %.0f %% at the least)",
                          100 * (1 - prompts.unrelated_median), 100 * (1 - prompts.unrelated_highest));
  }
  return text;
}

std::string DescribeNotExcluded(const std::vector<PanelGap>& gaps) {
  std::string text = "this panel cannot exclude";
  for (std::size_t k = 0; k < gaps.size(); ++k) absl::StrAppendFormat(&text, "%s %s", k == 0 ? "" : ";", Printable(gaps[k].explanation));
  return text;
}

}  // namespace

Section ExculpationSection(const Panel& panel, const AuditReport& report) {
  Section section{"exculpation", "The other side: what may speak against derivation", {}, /*framed=*/true};
  Bullets bullets = AlternativesOf(panel, report);
  for (std::string& item : LeftOutOf(panel, report).items) bullets.items.push_back(std::move(item));
  const bool one_subject = report.classes[0].subject == report.classes[1].subject;
  for (const ClassFinding& finding : report.classes) {
    // What single features and prompts say of a reference is the same in both classes.
    if (&finding != &report.classes.front() && finding.subject == report.classes.front().subject) continue;
    const Exculpation& found = finding.exculpation;
    const std::string of = finding.subject && !one_subject ? "of " + NameOf(panel, *finding.subject) + ", " : "";
    if (!found.features.empty()) bullets.items.push_back(of + DescribeFeatures(found.features));
    if (found.prompts.prompts > 0) bullets.items.push_back(of + DescribePrompts(found.prompts));
    bullets.items.push_back(DescribeNotExcluded(found.not_excluded));
  }
  section.items.push_back({std::move(bullets)});
  if (auto disagreement = WhereEmbeddingsDisagree(panel, report)) {
    section.items.push_back({Bullets{"", {*std::move(disagreement)}}, Place::kPageOnly});
  }
  return section;
}

}  // namespace stemma::report
