#include <algorithm>
#include <cstddef>

#include "absl/strings/str_format.h"
#include "lib/report/svg/axes.h"
#include "lib/report/svg/figures.h"
#include "lib/report/svg/label.h"
#include "lib/report/svg/number.h"

namespace stemma::svg {
namespace {

constexpr double kLabelWidth = 160;
constexpr double kTop = 26;
constexpr double kRowHeight = 28;
constexpr double kTallRowHeight = 2 * kLineHeight + 8;
constexpr double kBarHeight = 15;
constexpr double kLeastWidth = 40;
constexpr double kGap = 5;

// Labels are phrases here, and may have two lines.
double RowHeightOf(const ContributionPlot& plot) {
  const bool is_tall = std::ranges::any_of(
      plot.rows, [](const Contribution& row) { return TextWidth(CleanText(row.label), kTextSize) > kLabelWidth; });
  return is_tall ? kTallRowHeight : kRowHeight;
}

// Where bars may be: between them and the border stand their values.
Box AreaOf(const ContributionPlot& plot, const Extent& values) {
  double left = 0, right = 0;
  for (const Contribution& row : plot.rows) {
    const double width = TextWidth(SignedText(row.value, plot.digits), kSmallSize) + 2 * kGap;
    (row.value < 0 ? left : right) = std::max(row.value < 0 ? left : right, width);
  }
  const double height = RowHeightOf(plot) * static_cast<double>(std::max<std::size_t>(1, plot.rows.size()));
  const double from = kLabelWidth + kGap + (values.low < 0 ? left : 2 * kGap);
  const double to = std::max(from + kLeastWidth, kFigureWidth - std::max(right, 2 * kGap));
  return {from, kTop, to, kTop + height};
}

void DrawRow(Canvas& canvas, const Contribution& row, int digits, double middle, const Scale& x) {
  canvas.TwoLines({0, middle}, row.label, {.max_width = kLabelWidth});
  const double from = x(0), to = std::isnan(row.value) ? from : x(row.value);
  const Box bar = {std::min(from, to), middle - kBarHeight / 2, std::max(from, to), middle + kBarHeight / 2};
  if (to > from) canvas.Rectangle(bar, Ink::kAccent);
  if (to < from) canvas.Outline(bar, {.ink = Ink::kContrast, .width = 2});
  canvas.Text({to < from ? to - kGap : to + kGap, BaseLine(middle, kSmallSize)}, SignedText(row.value, digits),
              {.anchor = to < from ? Anchor::kEnd : Anchor::kStart, .size = kSmallSize, .halo = true});
}

std::string Describe(const ContributionPlot& plot) {
  const auto speaks_for = std::ranges::count_if(plot.rows, [](const Contribution& row) { return row.value > 0; });
  const auto against = std::ranges::count_if(plot.rows, [](const Contribution& row) { return row.value < 0; });
  std::string out = absl::StrFormat("Bars of %s: %d speak for descent, %d against.", CleanText(plot.value_title),
                                    speaks_for, against);
  const auto largest = std::ranges::max_element(
      plot.rows, {}, [](const Contribution& row) { return std::isnan(row.value) ? -1 : std::fabs(row.value); });
  if (largest != plot.rows.end()) {
    absl::StrAppendFormat(&out, " The largest: %s, %s.", CleanText(largest->label),
                          SignedText(largest->value, plot.digits));
  }
  return out;
}

Table TableOf(const ContributionPlot& plot) {
  Table table = {{"part", CleanText(plot.value_title), "speaks"}, {}};
  for (const Contribution& row : plot.rows) {
    const char* side = row.value > 0 ? "for" : row.value < 0 ? "against" : "neither";
    table.rows.push_back(
        {CleanText(row.label), SignedText(row.value, plot.digits), std::isnan(row.value) ? "n/a" : side});
  }
  return table;
}

}  // namespace

Figure Draw(const ContributionPlot& plot) {
  Extent values;
  values.Add(0);
  for (const Contribution& row : plot.rows) values.Add(row.value);
  const Axis axis = LinearAxis(values, 4, plot.value_title);
  const Box area = AreaOf(plot, axis.extent);
  const Scale x(axis.extent, area.left, area.right);

  Canvas canvas;
  DrawHorizontalAxis(canvas, axis, x, area);
  canvas.Line({x(0), area.top - 20}, {x(0), area.bottom}, {.ink = Ink::kInk, .width = 1.5});
  const TextStyle side = {.size = kSmallSize, .ink = Ink::kMuted};
  if (values.high > 0) canvas.Text({x(0) + 6, area.top - 8}, "for descent →", side);
  if (values.low < 0) {
    canvas.Text({x(0) - 6, area.top - 8}, "← against", {.anchor = Anchor::kEnd, .size = side.size, .ink = side.ink});
  }
  for (std::size_t k = 0; k < plot.rows.size(); ++k) {
    DrawRow(canvas, plot.rows[k], plot.digits, area.top + RowHeightOf(plot) * (static_cast<double>(k) + 0.5), x);
  }
  if (plot.rows.empty()) DrawNoData(canvas, area);
  return {canvas.Finish(plot.name, Describe(plot), area.bottom + kAxisHeight), TableOf(plot)};
}

}  // namespace stemma::svg
