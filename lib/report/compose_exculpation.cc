#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/report/compose.h"
#include "lib/report/words.h"
#include "stemma/report.h"

namespace stemma::report {
namespace {

std::string DescribeAlternative(const Panel& panel, const AlternativeFinding& alternative) {
  const std::string strength = alternative.lr ? "LR " + Describe(*alternative.lr) : absl::StrFormat("score %.2f", alternative.score);
  return absl::StrFormat("the best other explanation is %s (%s), %s", NameOf(panel, alternative.model),
                         stemma::Describe(alternative.kind), strength);
}

std::string DescribeLeftOut(const Panel& panel, const LikelihoodRatio& lr) {
  const std::string group = FormatLr(lr.without_group_log10);
  const std::string category = FormatLr(lr.without_category_log10);
  const std::string all = FormatLr(lr.bounded.value);
  if (group == all && category == all) {
    return "LR stays at " + all + " without any one group of the panel or third of the prompts";
  }
  return absl::StrFormat("LR falls to no less than %s without a group of the panel (%s), %s without a third of the prompts (%s)", group,
                         Printable(panel.groups()[lr.group_left_out]), category, NameOfCategory(lr.category_left_out));
}

std::string DescribeFeatures(const std::vector<FeatureFinding>& features) {
  std::string text = "unrelated groups as near by single features:";
  for (std::size_t k = 0; k < features.size(); ++k) {
    const FeatureFinding& feature = features[k];
    absl::StrAppendFormat(&text, "%s %s %d of %d (score %.2f)", k == 0 ? "" : ",", stemma::NameOf(feature.group),
                          feature.rank.at_least, feature.rank.groups, feature.score);
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
  for (const ClassFinding& finding : report.classes) {
    const std::string title(TitleOf(finding.evidence_class));
    if (const auto& alternative = finding.exculpation.best_alternative) {
      section.items.push_back({Bullets{"", {title + ": " + DescribeAlternative(panel, *alternative)}}});
    }
    const ReferenceFinding* subject = SubjectOf(finding);
    if (subject != nullptr && subject->lr && !std::isnan(subject->lr->without_group_log10)) {
      section.items.push_back({Bullets{"", {title + ": " + DescribeLeftOut(panel, *subject->lr)}}});
    }
  }
  for (const ClassFinding& finding : report.classes) {
    // What single features and prompts say of a reference is the same in both classes.
    if (&finding != &report.classes.front() && finding.subject == report.classes.front().subject) continue;
    const Exculpation& found = finding.exculpation;
    Bullets bullets;
    const std::string of = finding.subject ? "of " + NameOf(panel, *finding.subject) + ", " : "";
    if (!found.features.empty()) bullets.items.push_back(of + DescribeFeatures(found.features));
    if (found.prompts.prompts > 0) bullets.items.push_back(of + DescribePrompts(found.prompts));
    bullets.items.push_back(DescribeNotExcluded(found.not_excluded));
    section.items.push_back({std::move(bullets)});
  }
  return section;
}

}  // namespace stemma::report
