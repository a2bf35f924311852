#include "lib/report/svg/axes.h"

#include <algorithm>

#include "lib/report/svg/label.h"

namespace stemma::svg {
namespace {

constexpr Stroke kGridline = {.ink = Ink::kGrid, .width = 1};
constexpr Stroke kAxisLine = {.ink = Ink::kMuted, .width = 1};
constexpr double kGap = 6;

}  // namespace

void DrawHorizontalAxis(Canvas& canvas, const Axis& axis, const Scale& scale, const Box& area) {
  double free_from = 0;
  for (const Tick& tick : axis.ticks) {
    const double x = scale(tick.value);
    canvas.Line({x, area.top}, {x, area.bottom}, kGridline);
    // Labels at the border of the figure move inwards.
    const double half = TextWidth(tick.label, kSmallSize) / 2;
    const double centre = std::clamp(x, half, kFigureWidth - half);
    if (centre - half < free_from) continue;
    canvas.Text({centre, area.bottom + 5 + kSmallSize}, tick.label, {.anchor = Anchor::kMiddle, .size = kSmallSize});
    free_from = centre + half + kGap;
  }
  canvas.Line({area.left, area.bottom}, {area.right, area.bottom}, kAxisLine);
  canvas.Text({(area.left + area.right) / 2, area.bottom + kAxisHeight - 6}, axis.title,
              {.anchor = Anchor::kMiddle, .size = kSmallSize, .ink = Ink::kMuted});
}

void DrawVerticalAxis(Canvas& canvas, const Axis& axis, const Scale& scale, const Box& area) {
  for (const Tick& tick : axis.ticks) {
    const double y = scale(tick.value);
    canvas.Line({area.left, y}, {area.right, y}, kGridline);
    canvas.Text({area.left - kGap, BaseLine(y, kSmallSize)}, tick.label, {.anchor = Anchor::kEnd, .size = kSmallSize});
  }
  canvas.Line({area.left, area.top}, {area.left, area.bottom}, kAxisLine);
  canvas.TextUpwards({kSmallSize, (area.top + area.bottom) / 2}, axis.title,
                     {.anchor = Anchor::kMiddle, .size = kSmallSize, .ink = Ink::kMuted});
}

void DrawNoData(Canvas& canvas, const Box& area) {
  canvas.Text({(area.left + area.right) / 2, BaseLine((area.top + area.bottom) / 2, kTextSize)}, "no data",
              {.anchor = Anchor::kMiddle, .ink = Ink::kMuted, .halo = true});
}

}  // namespace stemma::svg
