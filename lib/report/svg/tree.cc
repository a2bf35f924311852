#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/report/svg/canvas.h"
#include "lib/report/svg/figures.h"
#include "lib/report/svg/label.h"
#include "lib/report/svg/number.h"
#include "lib/report/svg/scale.h"

namespace stemma::svg {
namespace {

constexpr double kLeft = 8;
constexpr double kTop = 4;
constexpr double kRowHeight = 23;
constexpr double kLabelGap = 12;
constexpr double kLabelWidth = 215;

// The nodes in the order in which they are drawn, with what the drawing needs of each.
struct Layout {
  std::vector<std::vector<std::size_t>> children;  // the smaller part of a split first
  std::vector<std::size_t> order;                  // each node before its children
  std::vector<std::size_t> leaves;                 // below each node, itself included
  std::vector<double> depth;                       // distance from the root
  std::vector<double> row;                         // leaves at 0, 1, ..., inner nodes between
};

bool IsLeaf(const Layout& layout, std::size_t node) { return layout.children[node].empty(); }

// Neighbour joining makes some branches a little shorter than nothing.
double LengthOf(const TreeNode& node) {
  constexpr double kLongest = 1e9;
  return std::isfinite(node.branch_length) ? std::clamp(node.branch_length, 0.0, kLongest) : 0;
}

absl::StatusOr<std::size_t> FindRoot(const std::vector<TreeNode>& nodes) {
  std::size_t roots = 0, root = 0;
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const int parent = nodes[k].parent;
    if (parent < -1 || parent >= static_cast<int>(nodes.size())) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the parent of node %d must be in [-1, %d), got %d", k, nodes.size(), parent));
    }
    if (parent == -1) {
      ++roots;
      root = k;
    }
  }
  if (roots != 1) return absl::InvalidArgumentError(absl::StrFormat("a tree must have one root, got %d", roots));
  return root;
}

std::vector<std::vector<std::size_t>> ChildrenOf(const std::vector<TreeNode>& nodes) {
  std::vector<std::vector<std::size_t>> children(nodes.size());
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    if (nodes[k].parent >= 0) children[static_cast<std::size_t>(nodes[k].parent)].push_back(k);
  }
  return children;
}

// Each node before its children, from the root down; nodes of a cycle are not reached.
std::vector<std::size_t> OrderFrom(std::size_t root, const std::vector<std::vector<std::size_t>>& children) {
  std::vector<std::size_t> order, open = {root};
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    order.push_back(node);
    open.insert(open.end(), children[node].rbegin(), children[node].rend());
  }
  return order;
}

void CountLeaves(Layout& layout) {
  layout.leaves.assign(layout.children.size(), 0);
  for (auto node = layout.order.rbegin(); node != layout.order.rend(); ++node) {
    if (IsLeaf(layout, *node)) layout.leaves[*node] = 1;
    for (const std::size_t child : layout.children[*node]) layout.leaves[*node] += layout.leaves[child];
  }
}

void PlaceRows(Layout& layout) {
  layout.row.assign(layout.children.size(), 0);
  double next = 0;
  for (const std::size_t node : layout.order) {
    if (IsLeaf(layout, node)) layout.row[node] = next++;
  }
  for (auto node = layout.order.rbegin(); node != layout.order.rend(); ++node) {
    const std::vector<std::size_t>& children = layout.children[*node];
    if (!children.empty()) layout.row[*node] = (layout.row[children.front()] + layout.row[children.back()]) / 2;
  }
}

absl::StatusOr<Layout> LayOut(const std::vector<TreeNode>& nodes) {
  STEMMA_ASSIGN_OR_RETURN(const std::size_t root, FindRoot(nodes));
  Layout layout;
  layout.children = ChildrenOf(nodes);
  layout.order = OrderFrom(root, layout.children);
  if (layout.order.size() != nodes.size()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("all nodes must descend from the root, got %d of %d", layout.order.size(), nodes.size()));
  }
  CountLeaves(layout);
  for (std::vector<std::size_t>& children : layout.children) {
    std::ranges::sort(children, {}, [&](std::size_t child) { return std::pair(layout.leaves[child], child); });
  }
  layout.order = OrderFrom(root, layout.children);
  layout.depth.assign(nodes.size(), 0);
  for (const std::size_t node : layout.order) {
    if (node != root)
      layout.depth[node] = layout.depth[static_cast<std::size_t>(nodes[node].parent)] + LengthOf(nodes[node]);
  }
  PlaceRows(layout);
  return layout;
}

bool IsCandidate(const TreeNode& node) { return node.member == TreeMember::kCandidate; }

// Empty for leaves and the root, which every tree holds, and for what is no share.
std::string SupportOf(const TreePlot& tree, const Layout& layout, std::size_t node) {
  const double support = tree.nodes[node].support;
  if (IsLeaf(layout, node) || tree.nodes[node].parent < 0 || !(support >= 0 && support <= 1)) return "";
  return FixedText(100 * support, 0) + " %";
}

// How a kind of leaf is drawn.
struct Kind {
  TreeMember member;
  Shape shape;
  double radius;
  Ink ink;
};

constexpr std::array<Kind, 3> kKinds = {{{TreeMember::kCandidate, Shape::kDiamond, 7.5, Ink::kAccent},
                                         {TreeMember::kReference, Shape::kDisc, 4.5, Ink::kInk},
                                         {TreeMember::kOther, Shape::kRing, 4, Ink::kMuted}}};

const Kind& KindOf(const TreeNode& node) { return kKinds[static_cast<std::size_t>(node.member)]; }

std::string NameOf(TreeMember member, const TreePlot& tree) {
  switch (member) {
    case TreeMember::kCandidate:
      return "candidate";
    case TreeMember::kReference:
      return CleanText(tree.reference_name);
    case TreeMember::kOther:
      return CleanText(tree.other_name);
  }
  return "";
}

class Drawing {
 public:
  Drawing(const TreePlot& tree, const Layout& layout) : tree_(tree), layout_(layout), unit_(Unit()) {}

  std::string Draw(std::string_view description) {
    for (const std::size_t node : layout_.order) DrawBranches(node);
    for (const std::size_t node : layout_.order) {
      if (IsLeaf(layout_, node)) DrawLeaf(node);
    }
    for (const std::size_t node : layout_.order) DrawSupport(node);
    const double bottom = DrawKey(DrawScaleBar(Y(static_cast<double>(Leaves()) - 1) + kRowHeight));
    return canvas_.Finish(tree_.name, description, bottom);
  }

  bool HasSupport() const {
    return std::ranges::any_of(layout_.order,
                               [&](std::size_t node) { return !SupportOf(tree_, layout_, node).empty(); });
  }

 private:
  std::size_t Leaves() const { return layout_.leaves[layout_.order.front()]; }
  double X(double depth) const { return kLeft + depth * unit_; }
  static double Y(double row) { return kTop + kRowHeight * (row + 0.5); }
  Point At(std::size_t node) const { return {X(layout_.depth[node]), Y(layout_.row[node])}; }

  double LabelWidthOf(std::size_t leaf) const {
    const TreeNode& node = tree_.nodes[leaf];
    return std::min(kLabelWidth, TextWidth(CleanText(node.label), kTextSize, IsCandidate(node)));
  }

  // Drawing units to a unit of length: the most for which the label of each leaf still fits. 0 where all leaves are
  // one.
  double Unit() const {
    constexpr double kShortest = 1e-6;
    double unit = std::numeric_limits<double>::infinity();
    for (const std::size_t node : layout_.order) {
      if (!IsLeaf(layout_, node) || layout_.depth[node] < kShortest) continue;
      unit = std::min(unit, (kFigureWidth - kLeft - kLabelGap - LabelWidthOf(node)) / layout_.depth[node]);
    }
    return std::isfinite(unit) ? unit : 0;
  }

  // The line from each child to the height of its parent, and the one that joins them.
  void DrawBranches(std::size_t node) {
    if (IsLeaf(layout_, node)) return;
    const std::vector<std::size_t>& children = layout_.children[node];
    const double x = At(node).x;
    Join({x, At(children.front()).y}, {x, At(children.back()).y}, {.ink = Ink::kInk, .width = 1.5});
    for (const std::size_t child : children) {
      const bool is_candidate = IsLeaf(layout_, child) && IsCandidate(tree_.nodes[child]);
      const Stroke plain = {.ink = Ink::kInk, .width = 1.5}, strong = {.ink = Ink::kAccent, .width = 3.5};
      Join({x, At(child).y}, At(child), is_candidate ? strong : plain);
    }
  }

  void Join(Point from, Point to, const Stroke& stroke) {
    canvas_.Line(from, to, stroke);
    taken_.push_back({std::min(from.x, to.x) - 1, std::min(from.y, to.y) - 1, std::max(from.x, to.x) + 1,
                      std::max(from.y, to.y) + 1});
  }

  void DrawLeaf(std::size_t leaf) {
    const TreeNode& node = tree_.nodes[leaf];
    const Kind& kind = KindOf(node);
    const Point at = At(leaf);
    canvas_.Symbol(kind.shape, at, kind.radius, kind.ink);
    const TextStyle style = {.bold = IsCandidate(node), .halo = true, .max_width = kLabelWidth};
    const Point text = {at.x + kLabelGap, BaseLine(at.y, kTextSize)};
    canvas_.Text(text, node.label, style);
    taken_.push_back({at.x - kind.radius, at.y - kind.radius, at.x + kind.radius, at.y + kind.radius});
    taken_.push_back(TextBox(text, node.label, style));
  }

  // At the first of some places beside the node where nothing else is; where there is none, right of the node.
  void DrawSupport(std::size_t node) {
    const std::string text = SupportOf(tree_, layout_, node);
    if (text.empty()) return;
    const Point at = At(node);
    const double middle = BaseLine(at.y, kSmallSize);
    TextStyle style = {.size = kSmallSize, .ink = Ink::kMuted, .halo = true};
    const std::array<std::pair<Point, Anchor>, 5> places = {{{{at.x + 4, middle}, Anchor::kStart},
                                                             {{at.x - 4, at.y - 4}, Anchor::kEnd},
                                                             {{at.x - 4, at.y + 13}, Anchor::kEnd},
                                                             {{at.x + 4, middle - 9}, Anchor::kStart},
                                                             {{at.x + 4, middle + 9}, Anchor::kStart}}};
    std::pair<Point, Anchor> chosen = places.front();
    for (const auto& place : places) {
      style.anchor = place.second;
      if (IsFree(TextBox(place.first, text, style))) {
        chosen = place;
        break;
      }
    }
    style.anchor = chosen.second;
    canvas_.Text(chosen.first, text, style);
    taken_.push_back(TextBox(chosen.first, text, style));
  }

  bool IsFree(const Box& box) const {
    return box.left >= 0 && std::ranges::none_of(taken_, [&](const Box& taken) { return Overlap(box, taken); });
  }

  // About a fifth of the tree's width. Returns: where it ends.
  double DrawScaleBar(double y) {
    if (unit_ <= 0) return y;
    const double length = RoundLength(0.2 * (kFigureWidth - kLabelWidth) / unit_);
    const double left = kLeft, right = kLeft + length * unit_;
    const Stroke stroke = {.ink = Ink::kInk, .width = 1.5};
    canvas_.Line({left, y}, {right, y}, stroke);
    canvas_.Line({left, y - 4}, {left, y + 4}, stroke);
    canvas_.Line({right, y - 4}, {right, y + 4}, stroke);
    const Axis axis = LinearAxis({0, length}, 1, "");
    canvas_.Text({right + 8, BaseLine(y, kSmallSize)}, axis.ticks.back().label + " " + tree_.length_title,
                 {.size = kSmallSize, .ink = Ink::kMuted, .max_width = kFigureWidth - right - 8});
    return y + 14;
  }

  static double RoundLength(double about) { return LinearAxis({0, about}, 1, "").extent.high; }

  // Which symbol means what, of those that occur.
  double DrawKey(double top) {
    double x = kLeft;
    const double y = top + kLineHeight / 2;
    for (const Kind& kind : kKinds) {
      const bool occurs = std::ranges::any_of(layout_.order, [&](std::size_t node) {
        return IsLeaf(layout_, node) && tree_.nodes[node].member == kind.member;
      });
      if (!occurs) continue;
      canvas_.Symbol(kind.shape, {x, y}, kind.radius, kind.ink);
      const std::string name = NameOf(kind.member, tree_);
      canvas_.Text({x + kLabelGap, BaseLine(y, kSmallSize)}, name, {.size = kSmallSize, .ink = Ink::kMuted});
      x += TextWidth(name, kSmallSize) + 3 * kLabelGap;
    }
    top += kLineHeight + 4;
    return HasSupport() ? canvas_.Paragraph(top, "Per cent: how many of the resampled trees hold the same split.")
                        : top;
  }

  const TreePlot& tree_;
  const Layout& layout_;
  double unit_;
  Canvas canvas_;
  std::vector<Box> taken_;
};

// Splits are numbered in the order of drawing.
Table TableOf(const TreePlot& tree, const Layout& layout) {
  Table table = {{"node", "parent", "branch length", "support", "kind"}, {}};
  std::vector<std::string> names(tree.nodes.size());
  std::size_t splits = 0;
  for (const std::size_t k : layout.order) {
    const TreeNode& node = tree.nodes[k];
    const bool is_leaf = IsLeaf(layout, k), is_root = node.parent < 0;
    names[k] = is_leaf ? CleanText(node.label) : absl::StrFormat("split %d (%d models)", ++splits, layout.leaves[k]);
    const std::string support = SupportOf(tree, layout, k);
    table.rows.push_back({names[k], is_root ? "root" : names[static_cast<std::size_t>(node.parent)],
                          is_root ? "n/a" : FixedText(node.branch_length, 4), support.empty() ? "n/a" : support,
                          is_leaf ? NameOf(node.member, tree) : "split"});
  }
  return table;
}

// How many stand nearest to the candidate, and how sure that is.
std::string Describe(const TreePlot& tree, const Layout& layout) {
  std::string out =
      absl::StrFormat("A tree of %d models by likeness of their responses.", layout.leaves[layout.order.front()]);
  for (const std::size_t k : layout.order) {
    if (!IsLeaf(layout, k) || !IsCandidate(tree.nodes[k]) || tree.nodes[k].parent < 0) continue;
    const auto split = static_cast<std::size_t>(tree.nodes[k].parent);
    absl::StrAppendFormat(&out, " The smallest split that holds the candidate %s has %d models",
                          CleanText(tree.nodes[k].label), layout.leaves[split]);
    const double support = tree.nodes[split].support;
    out +=
        std::isnan(support) || tree.nodes[split].parent < 0 ? "." : ", support " + FixedText(100 * support, 0) + " %.";
  }
  return out;
}

}  // namespace

absl::StatusOr<Figure> Draw(const TreePlot& tree) {
  STEMMA_ASSIGN_OR_RETURN(const Layout layout, LayOut(tree.nodes));
  return Figure{Drawing(tree, layout).Draw(Describe(tree, layout)), TableOf(tree, layout)};
}

}  // namespace stemma::svg
