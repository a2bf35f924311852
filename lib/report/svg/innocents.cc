#include <algorithm>
#include <cstddef>
#include <span>

#include "absl/strings/str_format.h"
#include "lib/report/svg/axes.h"
#include "lib/report/svg/figures.h"
#include "lib/report/svg/label.h"
#include "lib/report/svg/marks.h"
#include "lib/report/svg/number.h"

namespace stemma::svg {
namespace {

constexpr double kAreaLeft = 16;
constexpr double kAreaRight = kFigureWidth - 16;
constexpr double kRadius = 4.5;
// Dots of the lowest row stand this far above the axis, clear of the candidate's diamond.
constexpr double kFoot = 14;
constexpr double kLeastHeight = 60;
constexpr double kMostHeight = 170;

struct Dot {
  double x = 0;
  double height = 0;  // of its centre above the lowest dots'
  bool as_high = false;
};

// Highest first; those without a score before all, since they count as at least as high as anything.
std::vector<GroupScore> Sorted(const std::vector<GroupScore>& groups) {
  std::vector<GroupScore> sorted = groups;
  for (GroupScore& group : sorted) group.label = CleanText(group.label);
  std::ranges::sort(sorted, [](const GroupScore& a, const GroupScore& b) {
    if (std::isnan(a.score) != std::isnan(b.score)) return std::isnan(a.score);
    if (!std::isnan(a.score) && a.score != b.score) return a.score > b.score;
    return a.label < b.label;
  });
  return sorted;
}

// As RankAmong counts.
bool IsAsHigh(const GroupScore& group, double candidate) { return !(group.score < candidate); }

// Presses dots together that would reach too high, and no others.
void LimitHeight(std::span<Dot> heap) {
  double highest = 0;
  for (const Dot& dot : heap) highest = std::max(highest, dot.height);
  if (highest <= kMostHeight) return;
  for (Dot& dot : heap) dot.height *= kMostHeight / highest;
}

// Each dot at its own place on the axis, at the lowest height where it lies on no other.
std::vector<Dot> Stack(const std::vector<GroupScore>& sorted, double candidate, const Scale& scale) {
  constexpr double kStep = 2 * kRadius + 1;
  std::vector<Dot> dots;
  std::vector<double> last;  // place of the last dot at each height
  std::size_t heap = 0;      // the first of those dots that touch one another
  for (const GroupScore& group : sorted) {
    if (std::isnan(group.score)) continue;
    const double x = scale(group.score);
    std::size_t level = 0;
    while (level < last.size() && last[level] - x < kStep) ++level;
    if (level == last.size()) last.push_back(x);
    last[level] = x;
    if (!dots.empty() && dots.back().x - x >= kStep) {
      LimitHeight(std::span(dots).subspan(heap));
      heap = dots.size();
    }
    dots.push_back({x, kStep * static_cast<double>(level), IsAsHigh(group, candidate)});
  }
  LimitHeight(std::span(dots).subspan(heap));
  return dots;
}

std::vector<Mark> MarksOf(const InnocentsPlot& plot, const std::vector<GroupScore>& sorted) {
  std::vector<Mark> marks;
  if (!std::isnan(plot.candidate.score)) {
    marks.push_back(
        {.value = plot.candidate.score,
         .label = absl::StrFormat("%s %s", CleanText(plot.candidate.label), FixedText(plot.candidate.score, 2)),
         .stroke = {.ink = Ink::kAccent, .width = 2.5},
         .bold = true});
  }
  const auto highest = std::ranges::find_if(sorted, [](const GroupScore& group) { return !std::isnan(group.score); });
  if (highest != sorted.end()) {
    marks.push_back({.value = highest->score,
                     .label = absl::StrFormat("highest group: %s %s", highest->label, FixedText(highest->score, 2)),
                     .stroke = {.ink = Ink::kMuted, .width = 1.5, .dash = Dash::kDotted}});
  }
  return marks;
}

std::string NoteOf(const InnocentsPlot& plot) {
  const RankP& rank = plot.rank;
  std::string out = absl::StrFormat(
      "Each dot is a group of unrelated models; filled: at least as high as the candidate (%d of %d). So p = %s, and "
      "with so many "
      "groups it cannot fall below %s. The reference was %s.",
      rank.at_least, rank.groups, FixedText(rank.p, 3), FixedText(rank.floor(), 3),
      rank.named ? "named beforehand" : "found by search");
  const auto unscored =
      std::ranges::count_if(plot.groups, [](const GroupScore& group) { return std::isnan(group.score); });
  if (unscored > 0) absl::StrAppendFormat(&out, " Without a score, and counted as at least as high: %d.", unscored);
  return out;
}

Table TableOf(const InnocentsPlot& plot, const std::vector<GroupScore>& sorted) {
  Table table = {{"rank", "group", "score"}, {}};
  const std::string candidate = CleanText(plot.candidate.label) + " (candidate)";
  bool is_listed = false;
  for (const GroupScore& group : sorted) {
    if (!is_listed && !IsAsHigh(group, plot.candidate.score)) {
      table.rows.push_back({"", candidate, FixedText(plot.candidate.score, 2)});
      is_listed = true;
    }
    const std::size_t rank = table.rows.size() + (is_listed ? 0 : 1);
    table.rows.push_back({absl::StrFormat("%d", rank), group.label, FixedText(group.score, 2)});
  }
  if (!is_listed) table.rows.push_back({"", candidate, FixedText(plot.candidate.score, 2)});
  return table;
}

std::string Describe(const InnocentsPlot& plot, const std::vector<Mark>& marks) {
  std::string out = absl::StrFormat("A dot plot of %s.", CleanText(plot.score_title));
  for (const Mark& mark : marks) absl::StrAppendFormat(&out, " Marked: %s.", mark.label);
  return out + " " + NoteOf(plot);
}

double HeightFor(const std::vector<Dot>& dots) {
  double highest = 0;
  for (const Dot& dot : dots) highest = std::max(highest, dot.height);
  return std::max(kLeastHeight, kFoot + highest + kRadius + 4);
}

}  // namespace

Figure Draw(const InnocentsPlot& plot) {
  const std::vector<GroupScore> sorted = Sorted(plot.groups);
  Extent extent;
  for (const GroupScore& group : sorted) extent.Add(group.score);
  extent.Add(plot.candidate.score);
  const Axis axis = LinearAxis(extent, 6, plot.score_title);
  const Scale x(axis.extent, kAreaLeft, kAreaRight);
  const std::vector<Mark> marks = MarksOf(plot, sorted);
  const std::vector<MarkPlace> places = PlaceMarks(marks, x);
  const std::vector<Dot> dots = Stack(sorted, plot.candidate.score, x);
  const double top = HeightOf(places);
  const Box area = {kAreaLeft, top, kAreaRight, top + HeightFor(dots)};

  Canvas canvas;
  DrawHorizontalAxis(canvas, axis, x, area);
  DrawMarks(canvas, marks, places, area);
  for (const Dot& dot : dots) {
    const Point centre = {dot.x, area.bottom - kFoot - dot.height};
    canvas.Symbol(dot.as_high ? Shape::kDisc : Shape::kRing, centre, kRadius, dot.as_high ? Ink::kInk : Ink::kMuted);
  }
  if (dots.empty()) DrawNoData(canvas, area);
  const double bottom = canvas.Paragraph(area.bottom + kAxisHeight, NoteOf(plot));
  return {canvas.Finish(plot.name, Describe(plot, marks), bottom), TableOf(plot, sorted)};
}

}  // namespace stemma::svg
