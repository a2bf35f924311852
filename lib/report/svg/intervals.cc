#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/str_format.h"
#include "lib/report/svg/axes.h"
#include "lib/report/svg/figures.h"
#include "lib/report/svg/label.h"
#include "lib/report/svg/number.h"
#include "stemma/verbal_scale.h"

namespace stemma::svg {
namespace {

constexpr double kAreaLeft = 190;
constexpr double kAreaRight = kFigureWidth - 14;
constexpr double kLabelWidth = kAreaLeft - 14;
constexpr double kTop = 26;
constexpr double kRowHeight = 42;
constexpr double kSymbol = 5;
constexpr double kArrow = 6;

// The lower boundary of each band in favour; a test holds them to VerbalBandOf.
std::vector<double> BoundariesWithin(const Extent& extent) {
  std::vector<double> boundaries;
  for (const double boundary : {std::log10(2.0), 1.0, 2.0, 3.0, 4.0, 6.0}) {
    for (const double value : {-boundary, boundary}) {
      if (extent.Holds(value)) boundaries.push_back(value);
    }
  }
  return boundaries;
}

std::string IntervalText(const LrRow& row) {
  if (std::isnan(row.llr_log10)) return "no LR";
  const std::string value = "LR " + LrText(row.llr_log10);
  if (std::isnan(row.lower_log10) || std::isnan(row.upper_log10)) return value + ", no interval";
  return absl::StrFormat("%s (%s to %s)", value, LrText(row.lower_log10), LrText(row.upper_log10));
}

// A line, with a head where it goes on beyond the border.
void DrawWhisker(Canvas& canvas, const LrRow& row, double y, const Scale& x, Ink ink) {
  if (std::isnan(row.lower_log10) || std::isnan(row.upper_log10)) return;
  const double left = x(row.lower_log10), right = x(row.upper_log10);
  const Stroke stroke = {.ink = ink, .width = 2.5};
  canvas.Line({left, y}, {right, y}, stroke);
  const auto draw_end = [&](double at, bool goes_on, double inwards) {
    if (goes_on) {
      const std::array<Point, 3> head = {
          {{at + inwards * kArrow, y - kArrow}, {at, y}, {at + inwards * kArrow, y + kArrow}}};
      canvas.Polyline(head, stroke);
    } else {
      canvas.Line({at, y - kArrow}, {at, y + kArrow}, stroke);
    }
  };
  draw_end(left, row.lower_log10 < x.domain().low, 1);
  draw_end(right, row.upper_log10 > x.domain().high, -1);
}

// What lies beyond the bounds that the row's calibration carries.
void ShadeBeyond(Canvas& canvas, const LrRow& row, double top, const Scale& x) {
  if (!row.bounds || std::isnan(row.bounds->lower_log10) || std::isnan(row.bounds->upper_log10)) return;
  const double lower = x(row.bounds->lower_log10), upper = x(row.bounds->upper_log10);
  if (lower > kAreaLeft) canvas.Rectangle({kAreaLeft, top, lower, top + kRowHeight}, Ink::kShade);
  if (upper < kAreaRight) canvas.Rectangle({upper, top, kAreaRight, top + kRowHeight}, Ink::kShade);
}

void DrawRow(Canvas& canvas, const LrRow& row, double top, const Scale& x) {
  const Ink ink = row.emphasised ? Ink::kAccent : Ink::kInk;
  const double y = top + kRowHeight / 2;
  canvas.Text({0, y - 3}, row.label, {.bold = row.emphasised, .max_width = kLabelWidth});
  canvas.Text({0, y + kSmallSize + 1}, IntervalText(row),
              {.size = kSmallSize, .ink = Ink::kMuted, .max_width = kLabelWidth});
  if (std::isnan(row.llr_log10)) return;
  DrawWhisker(canvas, row, y, x, ink);
  canvas.Symbol(row.emphasised ? Shape::kDiamond : Shape::kDisc, {x(row.llr_log10), y},
                row.emphasised ? kSymbol + 3 : kSymbol, ink);
}

// The names of the bands in favour that the axis reaches; those against are called the same.
std::string NoteOf(const IntervalPlot& plot, const Extent& extent) {
  std::string out = "Dotted lines: support begins above an LR of";
  const char* separator = " ";
  for (const double boundary : BoundariesWithin({0, std::max(extent.high, -extent.low)})) {
    const double just_above = boundary + 0.01;
    const std::string lr = boundary < 1 ? "2" : PowerOfTen(static_cast<int>(boundary));
    absl::StrAppendFormat(&out, "%s%s (%s)", separator, lr, StrengthOf(VerbalBandOf(just_above)));
    separator = ", ";
  }
  out += "; against, below one over these.";
  if (std::ranges::any_of(plot.rows, [](const LrRow& row) { return row.bounds.has_value(); })) {
    out += " Shaded: beyond the bounds that the number of comparisons of known truth can carry.";
  }
  return out;
}

Axis AxisOf(const IntervalPlot& plot) {
  Extent extent;
  for (const LrRow& row : plot.rows) {
    for (const double value : {row.llr_log10, row.lower_log10, row.upper_log10}) extent.Add(value);
    if (row.bounds) {
      extent.Add(row.bounds->lower_log10);
      extent.Add(row.bounds->upper_log10);
    }
  }
  return PowersOfTenAxis(extent, 5, "likelihood ratio (LR)");
}

Table TableOf(const IntervalPlot& plot) {
  Table table = {{"reference", "LR", "lower", "upper", "log10 LR", "support", "lower bound", "upper bound"}, {}};
  for (const LrRow& row : plot.rows) {
    table.rows.push_back(
        {CleanText(row.label), LrText(row.llr_log10), LrText(row.lower_log10), LrText(row.upper_log10),
         FixedText(row.llr_log10, 2), std::isnan(row.llr_log10) ? "n/a" : NameOf(VerbalBandOf(row.llr_log10)),
         row.bounds ? LrText(row.bounds->lower_log10) : "n/a", row.bounds ? LrText(row.bounds->upper_log10) : "n/a"});
  }
  return table;
}

std::string Describe(const IntervalPlot& plot) {
  std::string out =
      absl::StrFormat("Likelihood ratios with their intervals, one row a reference, %d rows.", plot.rows.size());
  for (const LrRow& row : plot.rows) {
    if (row.emphasised) absl::StrAppendFormat(&out, " %s: %s.", CleanText(row.label), IntervalText(row));
  }
  return out;
}

}  // namespace

Figure Draw(const IntervalPlot& plot) {
  const Axis axis = AxisOf(plot);
  const Scale x(axis.extent, kAreaLeft, kAreaRight);
  const Box area = {kAreaLeft, kTop, kAreaRight,
                    kTop + kRowHeight * static_cast<double>(std::max<std::size_t>(1, plot.rows.size()))};

  Canvas canvas;
  for (std::size_t k = 0; k < plot.rows.size(); ++k) {
    ShadeBeyond(canvas, plot.rows[k], area.top + kRowHeight * static_cast<double>(k), x);
  }
  DrawHorizontalAxis(canvas, axis, x, area);
  for (const double boundary : BoundariesWithin(axis.extent)) {
    canvas.Line({x(boundary), area.top}, {x(boundary), area.bottom},
                {.ink = Ink::kMuted, .width = 1, .dash = Dash::kDotted});
  }
  canvas.Line({x(0), area.top - 20}, {x(0), area.bottom}, {.ink = Ink::kInk, .width = 1.5});
  const TextStyle side = {.size = kSmallSize, .ink = Ink::kMuted};
  canvas.Text({x(0) + 6, area.top - 8}, "for descent →", side);
  canvas.Text({x(0) - 6, area.top - 8}, "← against", {.anchor = Anchor::kEnd, .size = side.size, .ink = side.ink});
  for (std::size_t k = 0; k < plot.rows.size(); ++k) {
    DrawRow(canvas, plot.rows[k], area.top + kRowHeight * static_cast<double>(k), x);
  }
  if (plot.rows.empty()) DrawNoData(canvas, area);
  const std::string note = NoteOf(plot, axis.extent);
  const double bottom = canvas.Paragraph(area.bottom + kAxisHeight, note);
  return {canvas.Finish(plot.name, Describe(plot) + " " + note, bottom), TableOf(plot)};
}

}  // namespace stemma::svg
