#include <cmath>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/report/compose.h"
#include "lib/report/svg/figures.h"
#include "lib/report/words.h"
#include "stemma/evaluation_curves.h"
#include "stemma/report.h"

namespace stemma::report {
namespace {

svg::TreePlot PlotOf(const Panel& panel, const AuditReport& report) {
  svg::TreePlot plot;
  plot.name = {"family-tree", "The candidate among its nearest models, by shared habits"};
  plot.length_title = "times the standard deviation of unrelated pairs";
  plot.reference_name = "reference";
  plot.other_name = "other model";
  for (const FamilyNode& node : report.family_tree->nodes) {
    svg::TreeNode& drawn = plot.nodes.emplace_back();
    if (node.parent) drawn.parent = static_cast<int>(*node.parent);
    drawn.branch_length = node.branch_length;
    drawn.support = node.support;
    if (node.kind == FamilyNodeKind::kCandidate) {
      drawn.label = Printable(report.candidate.model);
      drawn.member = svg::TreeMember::kCandidate;
    } else if (node.model) {
      drawn.label = NameOf(panel, *node.model);
      const bool reference = panel.models()[*node.model].metadata.reference;
      drawn.member = reference ? svg::TreeMember::kReference : svg::TreeMember::kOther;
    }
  }
  return plot;
}

std::string DescribeErrorRates(const ClassQuality& quality, bool calibrated) {
  if (!calibrated) return "not calibrated: no error rate was measured.";
  std::string text = absl::StrFormat("Cllr %.3f", quality.cllr);
  if (std::isnan(quality.cllr_upper)) {
    text += " without an interval: one organisation's references say nothing of others'";
  } else {
    absl::StrAppendFormat(&text, " [%.3f, %.3f] for other groups and other organisations' references", quality.cllr_lower,
                          quality.cllr_upper);
  }
  absl::StrAppendFormat(&text, ", from %d derived and %d unrelated pairs of %d groups, each model scored as a stranger. 0 is "
                        "perfect, 1 is worth nothing.",
                        quality.pairs_h1, quality.pairs_h2, quality.groups);
  return text;
}

const ClassEvaluation* EvaluationOf(EvidenceClass evidence_class, const PageContext& page) {
  if (page.evaluation == nullptr) return nullptr;
  for (const ClassEvaluation& evaluation : *page.evaluation) {
    if (evaluation.evidence_class == evidence_class) return &evaluation;
  }
  return nullptr;
}

void AddCurves(const ClassFinding& finding, const ClassEvaluation& evaluation, Section& section) {
  const absl::StatusOr<EvaluationCurves> curves = CurvesOf(evaluation);
  // A class without a pair of either kind has no curve to show.
  if (!curves.ok()) return;
  const std::string title(TitleOf(finding.evidence_class));
  const std::string id(stemma::NameOf(finding.evidence_class));
  svg::TippettPlot tippett;
  tippett.name = {"tippett-" + id, title + ": likelihood ratios of pairs whose truth is documented"};
  tippett.points = curves->tippett_bounded;
  const ReferenceFinding* subject = SubjectOf(finding);
  if (subject != nullptr && subject->lr) {
    tippett.bounds = subject->lr->bounds;
    tippett.present_case = svg::PresentCase{"this case", subject->lr->bounded.value};
  }
  section.items.push_back({Figure{tippett.name.title, svg::Draw(tippett),
                                  "How to read this (Tippett plot): at each likelihood ratio, the share of documented derivatives (H1) and "
                                  "of unrelated models (H2) that get at least as high a one, each scored as a stranger. Where the curve of "
                                  "H2 is above zero right of 1, unrelated models are wrongly supported."},
                           Place::kPageOnly});
  const svg::EcePlot ece{{"ece-" + id, title + ": what the likelihood ratios are worth at each prior"}, curves->ece};
  section.items.push_back({Figure{ece.name.title, svg::Draw(ece),
                                  "How to read this (empirical cross-entropy): the cost of believing these likelihood ratios, by prior odds. "
                                  "Below the neutral line they inform; the distance to the line of perfect calibration is what "
                                  "calibration could still gain."},
                           Place::kPageOnly});
}

}  // namespace

Section FamilyTreeSection(const Panel& panel, const AuditReport& report) {
  Section section{"stemma", "The stemma: who stands with whom", {}};
  if (!report.family_tree) return section;
  const FamilyTree& tree = *report.family_tree;
  section.items.push_back({Paragraph{absl::StrCat("In this tree ", tree.clade_in_words, " of prompts, these models given.")}, Place::kPageOnly});
  absl::StatusOr<svg::Figure> drawing = svg::Draw(PlotOf(panel, report));
  if (!drawing.ok()) return section;
  section.items.push_back({Figure{"The candidate among its nearest models", *std::move(drawing),
                                  absl::StrFormat("How to read this: models joined further right have more habits of writing in common, as "
                                                  "n-grams of masked text show them. Numbers at joins are bootstrap support: in how many of "
                                                  "%d draws of %d blocks of prompts the same models stand together. It is a tree of likeness "
                                                  "and no pedigree: it has no direction, and students of one teacher stand with each other.",
                                                  tree.draws, tree.blocks)},
                           Place::kPageOnly});
  return section;
}

Section CalibrationSection(const Panel& panel, const AuditReport& report, const PageContext& page) {
  Section section{"calibration", "What the likelihood ratios are worth", {}};
  for (const ClassFinding& finding : report.classes) {
    const std::size_t k = static_cast<std::size_t>(finding.evidence_class);
    const ClassQuality quality = panel.calibration() == nullptr ? ClassQuality() : panel.calibration()->quality[k];
    section.items.push_back({Paragraph{absl::StrCat(std::string(TitleOf(finding.evidence_class)), ": ",
                                                    DescribeErrorRates(quality, finding.inputs.calibrated))},
                             Place::kPageOnly});
    const ClassEvaluation* evaluation = EvaluationOf(finding.evidence_class, page);
    if (evaluation != nullptr && finding.inputs.calibrated) AddCurves(finding, *evaluation, section);
  }
  return section;
}

}  // namespace stemma::report
