#include "lib/report/svg/curves.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "lib/report/svg/label.h"

namespace stemma::svg {
namespace {

using Line = std::vector<Point>;

// Where a curve that leaves the area crosses its border.
Point Crossing(const Point& inside, const Point& outside, double limit) {
  if (!std::isfinite(outside.y)) return {outside.x, limit};
  const double share = (limit - inside.y) / (outside.y - inside.y);
  return {inside.x + share * (outside.x - inside.x), limit};
}

// The pieces of a curve within the area, in values.
std::vector<Line> PiecesWithin(const std::vector<Point>& points, double limit) {
  std::vector<Line> pieces(1);
  for (std::size_t k = 0; k < points.size(); ++k) {
    const Point& point = points[k];
    const bool inside = point.y <= limit;
    const bool crosses =
        k > 0 && inside != (points[k - 1].y <= limit) && !std::isnan(point.y) && !std::isnan(points[k - 1].y);
    if (crosses)
      pieces.back().push_back(inside ? Crossing(point, points[k - 1], limit) : Crossing(points[k - 1], point, limit));
    if (inside) {
      pieces.back().push_back(point);
    } else if (!pieces.back().empty()) {
      pieces.emplace_back();
    }
  }
  return pieces;
}

std::vector<Line> PlacesOf(const Curve& curve, const Scale& x, const Scale& y) {
  // A share of 1 may be a rounding above it.
  constexpr double kRounding = 1e-9;
  std::vector<Line> lines = PiecesWithin(curve.points, y.domain().high + kRounding * y.domain().length());
  for (Line& line : lines) {
    for (Point& point : line) point = {x(point.x), y(point.y)};
  }
  return lines;
}

// Points along a curve, about `kStep` apart however many points it has.
void AppendSamples(const Line& line, std::vector<Point>& samples) {
  constexpr double kStep = 3;
  const auto add = [&](Point point) {
    const bool near =
        !samples.empty() && std::fabs(point.x - samples.back().x) + std::fabs(point.y - samples.back().y) < kStep / 2;
    if (!near) samples.push_back(point);
  };
  for (std::size_t k = 0; k + 1 < line.size(); ++k) {
    const double dx = line[k + 1].x - line[k].x, dy = line[k + 1].y - line[k].y;
    const int steps = static_cast<int>(std::ceil(std::max(std::fabs(dx), std::fabs(dy)) / kStep));
    for (int s = 0; s < steps; ++s) add({line[k].x + dx * s / steps, line[k].y + dy * s / steps});
  }
  if (!line.empty()) add(line.back());
}

double Distance(const Box& box, Point point) {
  const double dx = std::max({box.left - point.x, 0.0, point.x - box.right});
  const double dy = std::max({box.top - point.y, 0.0, point.y - box.bottom});
  return std::sqrt(dx * dx + dy * dy);
}

double Distance(const Box& box, std::span<const Point> points) {
  double least = std::numeric_limits<double>::infinity();
  for (const Point& point : points) least = std::min(least, Distance(box, point));
  return least;
}

bool IsWithin(const Box& inner, const Box& outer) {
  return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top &&
         inner.bottom <= outer.bottom;
}

// Boxes of the label's size on all sides of `point`, near ones first.
std::vector<Box> BoxesAt(Point point, double width) {
  constexpr double kHeight = kTextSize;
  std::vector<Box> boxes;
  for (const double gap : {5.0, 12.0}) {
    for (const double dx : {gap, -width / 4, -width / 2, -3 * width / 4, -width - gap}) {
      for (const double dy : {-kHeight - gap, -kHeight / 2, gap}) {
        boxes.push_back({point.x + dx, point.y + dy, point.x + dx + width, point.y + dy + kHeight});
      }
    }
  }
  return boxes;
}

class LabelPlacer {
 public:
  LabelPlacer(const Box& area, std::vector<std::vector<Point>> samples, std::span<const Box> obstacles)
      : area_(area), samples_(std::move(samples)), taken_(obstacles.begin(), obstacles.end()) {}

  // The box beside the k-th curve that is farthest from all else; among equal ones the first.
  Box Place(std::size_t k, double width) {
    constexpr std::size_t kPlacesTried = 60;
    Box best = {area_.right - width, area_.top, area_.right, area_.top + kTextSize};
    double best_score = -std::numeric_limits<double>::infinity();
    const std::size_t stride = samples_[k].size() / kPlacesTried + 1;
    for (std::size_t s = 0; s < samples_[k].size(); s += stride) {
      for (const Box& box : BoxesAt(samples_[k][s], width)) {
        const double score = Score(k, box);
        if (score > best_score) {
          best_score = score;
          best = box;
        }
      }
    }
    taken_.push_back(best);
    return best;
  }

 private:
  double Score(std::size_t k, const Box& box) const {
    // Farther than this from other curves no reader doubts which one is meant.
    constexpr double kClear = 30;
    if (!IsWithin(box, area_)) return -std::numeric_limits<double>::infinity();
    double score = 0;
    for (const Box& taken : taken_) score -= Overlap(box, taken) ? 100 : 0;
    double others = kClear;
    for (std::size_t c = 0; c < samples_.size(); ++c) {
      if (c != k) others = std::min(others, Distance(box, samples_[c]));
    }
    const double own = Distance(box, samples_[k]);
    return score + others - (own < 4 ? 60 : own);
  }

  Box area_;
  std::vector<std::vector<Point>> samples_;
  std::vector<Box> taken_;
};

}  // namespace

void DrawCurves(Canvas& canvas, std::span<const Curve> curves, const Scale& x, const Scale& y, const Box& area,
                std::span<const Box> obstacles) {
  std::vector<std::vector<Point>> samples(curves.size());
  for (std::size_t c = 0; c < curves.size(); ++c) {
    for (const Line& line : PlacesOf(curves[c], x, y)) {
      canvas.Polyline(line, curves[c].stroke);
      AppendSamples(line, samples[c]);
    }
  }
  LabelPlacer placer(area, samples, obstacles);
  for (std::size_t c = 0; c < curves.size(); ++c) {
    if (samples[c].empty()) continue;
    const std::string label = Shorten(curves[c].label, area.width() / 2, kTextSize, true);
    const Box box = placer.Place(c, TextWidth(label, kTextSize, true));
    canvas.Text({box.left, box.bottom - 0.2 * kTextSize}, label,
                {.ink = curves[c].stroke.ink, .bold = true, .halo = true});
  }
}

}  // namespace stemma::svg
