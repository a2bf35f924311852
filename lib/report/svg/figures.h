// The figures of a report, each from plain numbers: what stands in one can be tested without a panel.
//
// Shape: any text may be hostile and of any length, any number NaN or infinite: what is NaN is left out of the drawing
// and "n/a" in the table; what lies beyond an axis is drawn at its border.
// Determinism: equal data give equal bytes.
#ifndef STEMMA_LIB_REPORT_SVG_FIGURES_H_
#define STEMMA_LIB_REPORT_SVG_FIGURES_H_

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/report/svg/figure.h"
#include "stemma/lr_bounds.h"
#include "stemma/lr_metrics.h"
#include "stemma/rank_p.h"

namespace stemma::svg {

struct PresentCase {
  std::string label = {};
  double llr_log10 = 0;
};

// How often LRs of either proposition are at least as large as a value: the farther apart the curves, and the less of
// H2's lies above 1 and of H1's below, the better.
struct TippettPlot {
  FigureName name = {};
  std::vector<TippettPoint> points = {};  // ascending
  std::optional<LrBounds> bounds = {};
  std::optional<PresentCase> present_case = {};
};
Figure Draw(const TippettPlot& plot);

// What LRs cost at each prior, beside what they would cost perfectly calibrated, and to one who has none.
// A cost above twice the neutral one's maximum leaves the drawing, not the table.
struct EcePlot {
  FigureName name = {};
  std::vector<EcePoint> points = {};  // ascending
};
Figure Draw(const EcePlot& plot);

struct GroupScore {
  std::string label = {};
  double score = 0;
};

// The candidate's score among those of unrelated groups, one dot a group; filled are those that are at least as high.
struct InnocentsPlot {
  FigureName name = {};
  std::string score_title = {};  // what is on the axis, with its unit
  GroupScore candidate = {};
  std::vector<GroupScore> groups = {};  // in any order, one score a group: the sample of `rank`
  RankP rank = {};
};
Figure Draw(const InnocentsPlot& plot);

// One reference's LR, its interval, and the bounds that its calibration sets.
struct LrRow {
  std::string label = {};
  double llr_log10 = 0;
  double lower_log10 = std::numeric_limits<double>::quiet_NaN();  // NaN: no interval
  double upper_log10 = std::numeric_limits<double>::quiet_NaN();
  std::optional<LrBounds> bounds = {};
  bool emphasised = false;  // the reference that the verdict is about
};

struct IntervalPlot {
  FigureName name = {};
  std::vector<LrRow> rows = {};  // drawn in this order
};
Figure Draw(const IntervalPlot& plot);

enum class TreeMember { kCandidate, kReference, kOther };

struct TreeNode {
  int parent = -1;                                            // index of a node; -1 for the root
  double branch_length = 0;                                   // to the parent; drawn as 0 where negative or not finite
  double support = std::numeric_limits<double>::quiet_NaN();  // of the split below this node, in [0, 1]
  std::string label = {};                                     // of a leaf
  TreeMember member = TreeMember::kOther;                     // of a leaf
};

struct TreePlot {
  FigureName name = {};
  std::vector<TreeNode> nodes = {};  // in any order
  std::string length_title = {};     // unit of the scale bar: "distance"
  // What the key calls the kinds of leaf besides the candidate.
  std::string reference_name = "reference";
  std::string other_name = "other";
};
// Drawn from its root to the right: a tree that has none must be given one first.
// Errors: kInvalidArgument where the nodes are not one tree.
absl::StatusOr<Figure> Draw(const TreePlot& tree);

struct Contribution {
  std::string label = {};
  double value = 0;
};

// How much each part speaks for (right, filled) and against (left, hollow).
struct ContributionPlot {
  FigureName name = {};
  std::string value_title = {};         // "change of log10 LR"
  std::vector<Contribution> rows = {};  // drawn in this order
  int digits = 2;
};
Figure Draw(const ContributionPlot& plot);

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_FIGURES_H_
