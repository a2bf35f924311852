#include <algorithm>
#include <cstddef>

#include "absl/strings/str_format.h"
#include "lib/report/svg/axes.h"
#include "lib/report/svg/curves.h"
#include "lib/report/svg/figures.h"
#include "lib/report/svg/number.h"

namespace stemma::svg {
namespace {

constexpr double kAreaLeft = 62;
constexpr double kAreaRight = kFigureWidth - 14;
constexpr double kAreaHeight = 230;
constexpr double kTop = 10;
// The neutral curve's maximum is 1; a cost of twice that is bad enough.
constexpr double kHighest = 2;
constexpr std::size_t kRowsOfTable = 25;

using Cost = double EcePoint::*;

std::vector<Point> PointsOf(const std::vector<EcePoint>& points, Cost cost) {
  std::vector<Point> out;
  for (const EcePoint& point : points) out.push_back({point.prior_odds_log10, point.*cost});
  return out;
}

Table TableOf(const EcePlot& plot) {
  Table table = {{"prior odds", "log10", "LRs", "calibrated (PAV)", "no LRs"}, {}};
  const std::size_t stride = (plot.points.size() + kRowsOfTable - 1) / kRowsOfTable;
  for (std::size_t k = 0; k < plot.points.size(); k += stride) {
    const EcePoint& point = plot.points[k];
    table.rows.push_back({LrText(point.prior_odds_log10), FixedText(point.prior_odds_log10, 2),
                          FixedText(point.llrs, 3), FixedText(point.pav, 3), FixedText(point.neutral, 3)});
  }
  return table;
}

std::string NoteOf(const EcePlot& plot) {
  const auto beyond = std::ranges::count_if(plot.points, [](const EcePoint& point) { return point.llrs > kHighest; });
  if (beyond == 0) return "";
  return absl::StrFormat("Not drawn: the LRs cost more than %s bits at %d of %d prior odds.", FixedText(kHighest, 0),
                         beyond, plot.points.size());
}

std::string Describe(const EcePlot& plot) {
  std::string out =
      "Three curves over the prior odds: empirical cross-entropy with the LRs, with the same perfectly calibrated, and "
      "with no LRs.";
  if (plot.points.empty()) return out + " There are no points.";
  const EcePoint& even = *std::ranges::min_element(
      plot.points, {}, [](const EcePoint& point) { return std::fabs(point.prior_odds_log10); });
  absl::StrAppendFormat(&out, " At prior odds of %s: %s bits, %s bits and %s bits.", LrText(even.prior_odds_log10),
                        FixedText(even.llrs, 3), FixedText(even.pav, 3), FixedText(even.neutral, 3));
  return out;
}

}  // namespace

Figure Draw(const EcePlot& plot) {
  Extent priors, costs;
  for (const EcePoint& point : plot.points) {
    priors.Add(point.prior_odds_log10);
    for (const Cost cost : {&EcePoint::llrs, &EcePoint::pav, &EcePoint::neutral})
      costs.Add(std::min(point.*cost, kHighest));
  }
  costs.Add(0);
  costs.Add(1);
  const Axis x_axis = PowersOfTenAxis(priors, 7, "prior odds, each step ten times the last");
  const Axis y_axis = LinearAxis(costs, 5, "cross-entropy (bits)");
  const Box area = {kAreaLeft, kTop, kAreaRight, kTop + kAreaHeight};
  const Scale x(x_axis.extent, area.left, area.right), y(y_axis.extent, area.bottom, area.top);

  Canvas canvas;
  DrawHorizontalAxis(canvas, x_axis, x, area);
  DrawVerticalAxis(canvas, y_axis, y, area);
  const std::vector<Curve> curves = {
      {"no LRs", PointsOf(plot.points, &EcePoint::neutral), {.ink = Ink::kMuted, .width = 2, .dash = Dash::kDotted}},
      {"calibrated (PAV)",
       PointsOf(plot.points, &EcePoint::pav),
       {.ink = Ink::kContrast, .width = 2, .dash = Dash::kDashed}},
      {"LRs", PointsOf(plot.points, &EcePoint::llrs), {.ink = Ink::kAccent, .width = 2.5}}};
  DrawCurves(canvas, curves, x, y, area, {});
  if (plot.points.empty()) DrawNoData(canvas, area);
  const std::string note = NoteOf(plot);
  const double bottom = canvas.Paragraph(area.bottom + kAxisHeight, note);
  return {canvas.Finish(plot.name, Describe(plot) + (note.empty() ? "" : " " + note), bottom), TableOf(plot)};
}

}  // namespace stemma::svg
