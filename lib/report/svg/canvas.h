// Shapes and text, written down as SVG: the only place that knows its syntax.
//
// Units: drawing units, 480 to the width of every figure, y downwards. Nothing has a size in pixels: the page decides.
// Colours are named by what they are for; FigureCss says which they are.
#ifndef STEMMA_LIB_REPORT_SVG_CANVAS_H_
#define STEMMA_LIB_REPORT_SVG_CANVAS_H_

#include <span>
#include <string>
#include <string_view>

#include "lib/report/svg/figure.h"

namespace stemma::svg {

// On a screen of 400 pixels a unit is .8 of them, and text of 13 units still as large as footnotes are.
inline constexpr double kFigureWidth = 480;
inline constexpr double kTextSize = 14;
inline constexpr double kSmallSize = 13;
inline constexpr double kLineHeight = 18;

// The base line that centres letters of a size on a height.
constexpr double BaseLine(double middle, double size) { return middle + 0.36 * size; }

struct Point {
  double x = 0;
  double y = 0;
};

struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;

  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

bool Overlap(const Box& a, const Box& b);

enum class Ink { kInk, kMuted, kGrid, kShade, kAccent, kContrast, kPaper };
enum class Dash { kSolid, kDashed, kDotted, kDashDot };
enum class Anchor { kStart, kMiddle, kEnd };
// Told apart by outline and filling, so that colour is never needed.
enum class Shape { kDisc, kRing, kDiamond, kSquare };

struct Stroke {
  Ink ink = Ink::kInk;
  double width = 1;
  Dash dash = Dash::kSolid;
};

struct TextStyle {
  Anchor anchor = Anchor::kStart;
  double size = kTextSize;
  Ink ink = Ink::kInk;
  bool bold = false;
  bool halo = false;     // a border of paper, for text that may lie on lines
  double max_width = 0;  // 0: as long as it is; else shortened, with the full text where a pointer rests
};

class Canvas {
 public:
  void Line(Point from, Point to, const Stroke& stroke);
  void Polyline(std::span<const Point> points, const Stroke& stroke);
  void Rectangle(const Box& box, Ink fill);
  // Filled with paper and outlined: a bar that grey print tells from a filled one.
  void Outline(const Box& box, const Stroke& stroke);
  void Symbol(Shape shape, Point centre, double radius, Ink ink);
  // `at`: the anchor on the base line. Empty text draws nothing.
  void Text(Point at, std::string_view text, const TextStyle& style);
  // Text on one line, or on two, each within `max_width`, around the height of `middle`.
  void TwoLines(Point middle, std::string_view text, const TextStyle& style);
  // Text turned to be read upwards, centred on `centre`.
  void TextUpwards(Point centre, std::string_view text, const TextStyle& style);
  // Wrapped small text over the whole width, from `top` down. Returns: where it ends.
  double Paragraph(double top, std::string_view text);

  // The whole figure. Title and description are what a screen reader says of it.
  std::string Finish(const FigureName& name, std::string_view description, double height) const;

 private:
  std::string body_;
};

// Where text drawn with `style` at `at` will be seen.
Box TextBox(Point at, std::string_view text, const TextStyle& style);

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_CANVAS_H_
