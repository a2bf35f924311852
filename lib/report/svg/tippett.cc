#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/report/svg/axes.h"
#include "lib/report/svg/curves.h"
#include "lib/report/svg/figures.h"
#include "lib/report/svg/label.h"
#include "lib/report/svg/marks.h"
#include "lib/report/svg/number.h"

namespace stemma::svg {
namespace {

constexpr double kAreaLeft = 70;
constexpr double kAreaRight = kFigureWidth - 14;
constexpr double kAreaHeight = 230;

using Share = double TippettPoint::*;

double ShareAtLeast(const std::vector<TippettPoint>& points, double llr_log10, Share share) {
  const auto at = std::ranges::lower_bound(points, llr_log10, {}, &TippettPoint::llr_log10);
  return at == points.end() ? 0 : (*at).*share;
}

// From 1 at the left border a step down behind each LR to 0 at the right one.
std::vector<Point> StepsOf(const std::vector<TippettPoint>& points, Share share, const Extent& axis) {
  std::vector<Point> steps;
  double from = axis.low;
  for (const TippettPoint& point : points) {
    const double to = std::clamp(point.llr_log10, axis.low, axis.high);
    steps.push_back({from, point.*share});
    steps.push_back({to, point.*share});
    from = to;
  }
  steps.push_back({from, 0});
  steps.push_back({axis.high, 0});
  return steps;
}

std::vector<Mark> MarksOf(const TippettPlot& plot) {
  std::vector<Mark> marks;
  const auto add_bound = [&](const char* label, double llr_log10) {
    if (std::isnan(llr_log10)) return;
    marks.push_back({.value = llr_log10,
                     .label = absl::StrFormat("%s bound %s", label, LrText(llr_log10)),
                     .stroke = {.ink = Ink::kMuted, .width = 1.5, .dash = Dash::kDotted}});
  };
  if (plot.bounds) {
    add_bound("lower", plot.bounds->lower_log10);
    add_bound("upper", plot.bounds->upper_log10);
  }
  if (plot.present_case && !std::isnan(plot.present_case->llr_log10)) {
    marks.push_back({.value = plot.present_case->llr_log10,
                     .label = absl::StrFormat("%s: LR %s", CleanText(plot.present_case->label),
                                              LrText(plot.present_case->llr_log10)),
                     .stroke = {.ink = Ink::kInk, .width = 2.5},
                     .bold = true});
  }
  return marks;
}

Axis AxisOf(const TippettPlot& plot) {
  Extent extent;
  for (const TippettPoint& point : plot.points) extent.Add(point.llr_log10);
  for (const Mark& mark : MarksOf(plot)) extent.Add(mark.value);
  return PowersOfTenAxis(extent, 7, "likelihood ratio (LR), each step ten times the last");
}

// The shares at every half power of ten, at the bounds and at the case.
Table TableOf(const TippettPlot& plot, const Extent& extent) {
  std::vector<double> thresholds;
  for (double half = 2 * extent.low; half <= 2 * extent.high; ++half) thresholds.push_back(half / 2);
  for (const Mark& mark : MarksOf(plot)) thresholds.push_back(mark.value);
  std::ranges::sort(thresholds);
  const auto repeated = std::ranges::unique(thresholds);
  thresholds.erase(repeated.begin(), repeated.end());
  Table table = {{"LR at least", "log10", "H1 (derived pairs)", "H2 (unrelated pairs)"}, {}};
  for (const double threshold : thresholds) {
    table.rows.push_back({LrText(threshold), FixedText(threshold, 2),
                          ShareText(ShareAtLeast(plot.points, threshold, &TippettPoint::h1_at_least)),
                          ShareText(ShareAtLeast(plot.points, threshold, &TippettPoint::h2_at_least))});
  }
  return table;
}

std::string Describe(const TippettPlot& plot) {
  std::string out =
      "Two falling curves: the shares of pairs whose likelihood ratio is at least the value on the horizontal axis.";
  if (plot.points.empty()) return out + " There are no pairs.";
  absl::StrAppendFormat(&out, " At least 1: %s of the derived pairs (H1), %s of the unrelated pairs (H2).",
                        ShareText(ShareAtLeast(plot.points, 0, &TippettPoint::h1_at_least)),
                        ShareText(ShareAtLeast(plot.points, 0, &TippettPoint::h2_at_least)));
  for (const Mark& mark : MarksOf(plot)) absl::StrAppendFormat(&out, " Marked: %s.", mark.label);
  return out;
}

}  // namespace

Figure Draw(const TippettPlot& plot) {
  const Axis x_axis = AxisOf(plot);
  Axis y_axis = {{0, 1}, {}, "share of pairs with at least this LR"};
  for (const int percent : {0, 20, 40, 60, 80, 100}) {
    y_axis.ticks.push_back({percent / 100.0, absl::StrFormat("%d %%", percent)});
  }
  const Scale x(x_axis.extent, kAreaLeft, kAreaRight);
  const std::vector<Mark> marks = MarksOf(plot);
  const std::vector<MarkPlace> places = PlaceMarks(marks, x);
  const double top = HeightOf(places);
  const Box area = {kAreaLeft, top, kAreaRight, top + kAreaHeight};
  const Scale y(y_axis.extent, area.bottom, area.top);

  Canvas canvas;
  DrawHorizontalAxis(canvas, x_axis, x, area);
  DrawVerticalAxis(canvas, y_axis, y, area);
  canvas.Line({x(0), area.top}, {x(0), area.bottom}, {.ink = Ink::kMuted, .width = 1});
  std::vector<Box> lines = {{x(0) - 2, area.top, x(0) + 2, area.bottom}};
  for (const MarkPlace& place : places) lines.push_back({place.x - 2, area.top, place.x + 2, area.bottom});
  DrawMarks(canvas, marks, places, area);
  std::vector<Curve> curves;
  if (!plot.points.empty()) {
    curves = {{"H1: derived",
               StepsOf(plot.points, &TippettPoint::h1_at_least, x_axis.extent),
               {.ink = Ink::kAccent, .width = 2.5}},
              {"H2: unrelated",
               StepsOf(plot.points, &TippettPoint::h2_at_least, x_axis.extent),
               {.ink = Ink::kContrast, .width = 2.5, .dash = Dash::kDashed}}};
  }
  DrawCurves(canvas, curves, x, y, area, lines);
  if (plot.points.empty()) DrawNoData(canvas, area);
  return {canvas.Finish(plot.name, Describe(plot), area.bottom + kAxisHeight), TableOf(plot, x_axis.extent)};
}

}  // namespace stemma::svg
