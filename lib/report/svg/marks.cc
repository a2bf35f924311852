#include "lib/report/svg/marks.h"

#include <algorithm>
#include <cstddef>

#include "lib/report/svg/label.h"

namespace stemma::svg {
namespace {

constexpr double kGap = 5;
constexpr double kDiamond = 6;
constexpr double kLongestLabel = 0.65 * kFigureWidth;

TextStyle StyleOf(const Mark& mark, bool left) {
  return {.anchor = left ? Anchor::kEnd : Anchor::kStart, .size = kSmallSize, .bold = mark.bold, .halo = true};
}

double WidthOf(const Mark& mark, const MarkPlace& place) { return TextWidth(place.label, kSmallSize, mark.bold); }

// The horizontal stretch of a label, its gap to the line included.
Extent LabelOf(const Mark& mark, const MarkPlace& place) {
  const double width = WidthOf(mark, place) + kGap;
  return place.left ? Extent{place.x - width, place.x} : Extent{place.x, place.x + width};
}

class Placing {
 public:
  Placing(std::span<const Mark> marks, std::vector<MarkPlace>& places) : marks_(marks), places_(places) {}

  // Places the marks from the k-th on in rows below `rows`.
  bool Fits(std::size_t k, int rows) {
    if (k == places_.size()) return true;
    for (int row = 0; row < rows; ++row) {
      for (const bool left : {false, true}) {
        places_[k].row = row;
        places_[k].left = left;
        if (IsOnFigure(k) && IsFree(k) && Fits(k + 1, rows)) return true;
      }
    }
    return false;
  }

  bool IsOnFigure(std::size_t k) const {
    const Extent label = LabelOf(marks_[k], places_[k]);
    return label.low >= 0 && label.high <= kFigureWidth;
  }

 private:
  bool IsFree(std::size_t k) const {
    for (std::size_t other = 0; other < k; ++other) {
      if (Collide(k, other) || LineCrosses(k, other) || LineCrosses(other, k)) return false;
    }
    return true;
  }

  bool Collide(std::size_t a, std::size_t b) const {
    const Extent one = LabelOf(marks_[a], places_[a]), two = LabelOf(marks_[b], places_[b]);
    return places_[a].row == places_[b].row && one.low < two.high && two.low < one.high;
  }

  // Whether the line of `a`, which reaches up to its own row, cuts the label of `b`. Lines at one place are one line.
  bool LineCrosses(std::size_t a, std::size_t b) const {
    if (places_[a].row < places_[b].row || places_[a].x == places_[b].x) return false;
    const Extent label = LabelOf(marks_[b], places_[b]);
    return label.low - 2 < places_[a].x && places_[a].x < label.high + 2;
  }

  std::span<const Mark> marks_;
  std::vector<MarkPlace>& places_;
};

}  // namespace

std::vector<MarkPlace> PlaceMarks(std::span<const Mark> marks, const Scale& scale) {
  std::vector<MarkPlace> places;
  for (const Mark& mark : marks) {
    const double x = scale(mark.value);
    const double room = std::max(x, kFigureWidth - x) - kGap;
    places.push_back({.x = x, .label = Shorten(mark.label, std::min(room, kLongestLabel), kSmallSize, mark.bold)});
  }
  Placing placing(marks, places);
  const int count = static_cast<int>(places.size());
  for (int rows = 1; rows <= count; ++rows) {
    if (placing.Fits(0, rows)) return places;
  }
  for (std::size_t k = 0; k < places.size(); ++k) {
    places[k].row = static_cast<int>(k);
    places[k].left = false;
    places[k].left = !placing.IsOnFigure(k);
  }
  return places;
}

double HeightOf(std::span<const MarkPlace> places) {
  int rows = 0;
  for (const MarkPlace& place : places) rows = std::max(rows, place.row + 1);
  return rows * kLineHeight + kGap;
}

void DrawMarks(Canvas& canvas, std::span<const Mark> marks, std::span<const MarkPlace> places, const Box& area) {
  for (std::size_t k = 0; k < marks.size(); ++k) {
    const MarkPlace& place = places[k];
    const double top = area.top - kGap - kLineHeight * (place.row + 1) + 3;
    canvas.Line({place.x, top}, {place.x, area.bottom}, marks[k].stroke);
    if (marks[k].bold) canvas.Symbol(Shape::kDiamond, {place.x, area.bottom}, kDiamond, marks[k].stroke.ink);
  }
  for (std::size_t k = 0; k < marks.size(); ++k) {
    const MarkPlace& place = places[k];
    const double base = area.top - kGap - kLineHeight * place.row - 4;
    canvas.Text({place.left ? place.x - kGap : place.x + kGap, base}, place.label, StyleOf(marks[k], place.left));
  }
}

}  // namespace stemma::svg
