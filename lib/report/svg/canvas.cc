#include "lib/report/svg/canvas.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "lib/report/svg/label.h"
#include "lib/report/svg/number.h"

namespace stemma::svg {
namespace {

// Share of the font size that letters reach above and below the base line.
constexpr double kAscent = 0.76;
constexpr double kDescent = 0.22;

std::string_view NameOf(Ink ink) {
  switch (ink) {
    case Ink::kInk:
      return "ink";
    case Ink::kMuted:
      return "muted";
    case Ink::kGrid:
      return "grid";
    case Ink::kShade:
      return "shade";
    case Ink::kAccent:
      return "accent";
    case Ink::kContrast:
      return "contrast";
    case Ink::kPaper:
      return "paper";
  }
  return "ink";
}

std::string_view NameOf(Anchor anchor) {
  switch (anchor) {
    case Anchor::kStart:
      return "start";
    case Anchor::kMiddle:
      return "middle";
    case Anchor::kEnd:
      return "end";
  }
  return "start";
}

std::string_view PatternOf(Dash dash) {
  switch (dash) {
    case Dash::kSolid:
      return "";
    case Dash::kDashed:
      return " stroke-dasharray=\"8 5\"";
    case Dash::kDotted:
      return " stroke-dasharray=\"2 4\"";
    case Dash::kDashDot:
      return " stroke-dasharray=\"10 4 2 4\"";
  }
  return "";
}

std::string ClassOf(std::string_view part, Ink ink) { return absl::StrFormat("stemma-%s-%s", part, NameOf(ink)); }

// The colour that an attribute names holds only without a style sheet.
std::string AttributesOf(const Stroke& stroke) {
  return absl::StrFormat("class=\"%s\" stroke=\"currentColor\" stroke-width=\"%s\"%s", ClassOf("line", stroke.ink),
                         Coordinate(stroke.width), PatternOf(stroke.dash));
}

// Without a style sheet all but paper is black, and paper is white.
std::string FillOf(Ink ink) {
  return absl::StrFormat("class=\"%s\"%s", ClassOf("fill", ink), ink == Ink::kPaper ? " fill=\"white\"" : "");
}

std::string AttributesOf(const TextStyle& style) {
  std::string out = absl::StrFormat("class=\"%s%s\"", ClassOf("fill", style.ink), style.halo ? " stemma-halo" : "");
  if (style.anchor != Anchor::kStart) absl::StrAppendFormat(&out, " text-anchor=\"%s\"", NameOf(style.anchor));
  if (style.size != kTextSize) absl::StrAppendFormat(&out, " font-size=\"%s\"", Coordinate(style.size));
  if (style.bold) out += " font-weight=\"700\"";
  return out;
}

std::string TitleOf(const std::string& clean) { return absl::StrFormat("<title>%s</title>", EscapeXml(clean)); }

// What stands within the text element: the label, before it the whole of it where it was shortened.
std::string ContentOf(const std::string& clean, const TextStyle& style) {
  if (style.max_width <= 0) return EscapeXml(clean);
  const std::string shown = Shorten(clean, style.max_width, style.size, style.bold);
  if (shown == clean) return EscapeXml(clean);
  return TitleOf(clean) + EscapeXml(shown);
}

std::string DiamondPath(Point centre, double radius) {
  return absl::StrFormat("M%s %sL%s %sL%s %sL%s %sZ", Coordinate(centre.x), Coordinate(centre.y - radius),
                         Coordinate(centre.x + radius), Coordinate(centre.y), Coordinate(centre.x),
                         Coordinate(centre.y + radius), Coordinate(centre.x - radius), Coordinate(centre.y));
}

std::string RectangleAt(const Box& box) {
  return absl::StrFormat("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"", Coordinate(box.left),
                         Coordinate(box.top), Coordinate(std::max(0.0, box.width())),
                         Coordinate(std::max(0.0, box.height())));
}

// Points nearer to their predecessor than an eye can tell are left out; a curve of 10,000 steps stays small.
std::vector<Point> Thin(std::span<const Point> points) {
  constexpr double kNear = 0.2;
  std::vector<Point> kept;
  for (std::size_t k = 0; k < points.size(); ++k) {
    const bool near = !kept.empty() && std::fabs(points[k].x - kept.back().x) < kNear &&
                      std::fabs(points[k].y - kept.back().y) < kNear;
    if (near && k + 1 < points.size()) continue;
    kept.push_back(points[k]);
  }
  return kept;
}

}  // namespace

bool Overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

void Canvas::Line(Point from, Point to, const Stroke& stroke) {
  absl::StrAppendFormat(&body_, "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" %s/>\n", Coordinate(from.x),
                        Coordinate(from.y), Coordinate(to.x), Coordinate(to.y), AttributesOf(stroke));
}

void Canvas::Polyline(std::span<const Point> points, const Stroke& stroke) {
  std::string path;
  for (const Point& point : Thin(points)) {
    absl::StrAppendFormat(&path, "%s%s %s", path.empty() ? "M" : "L", Coordinate(point.x), Coordinate(point.y));
  }
  if (path.empty()) return;
  absl::StrAppendFormat(&body_, "<path d=\"%s\" fill=\"none\" stroke-linejoin=\"round\" %s/>\n", path,
                        AttributesOf(stroke));
}

void Canvas::Rectangle(const Box& box, Ink fill) {
  absl::StrAppendFormat(&body_, "%s %s/>\n", RectangleAt(box), FillOf(fill));
}

void Canvas::Outline(const Box& box, const Stroke& stroke) {
  const std::string fill = ClassOf("fill", Ink::kPaper);
  absl::StrAppendFormat(&body_, "%s class=\"%s %s\" fill=\"white\" stroke=\"currentColor\" stroke-width=\"%s\"%s/>\n",
                        RectangleAt(box), fill, ClassOf("line", stroke.ink), Coordinate(stroke.width),
                        PatternOf(stroke.dash));
}

void Canvas::Symbol(Shape shape, Point centre, double radius, Ink ink) {
  switch (shape) {
    case Shape::kDisc:
      absl::StrAppendFormat(&body_, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" %s/>\n", Coordinate(centre.x),
                            Coordinate(centre.y), Coordinate(radius), FillOf(ink));
      break;
    case Shape::kRing:
      absl::StrAppendFormat(
          &body_,
          "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" class=\"%s %s\" fill=\"white\" stroke=\"currentColor\" "
          "stroke-width=\"1.5\"/>\n",
          Coordinate(centre.x), Coordinate(centre.y), Coordinate(radius), ClassOf("fill", Ink::kPaper),
          ClassOf("line", ink));
      break;
    case Shape::kDiamond:
      absl::StrAppendFormat(&body_, "<path d=\"%s\" %s/>\n", DiamondPath(centre, radius), FillOf(ink));
      break;
    case Shape::kSquare:
      Rectangle({centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius}, ink);
      break;
  }
}

void Canvas::Text(Point at, std::string_view text, const TextStyle& style) {
  const std::string clean = CleanText(text);
  if (clean.empty()) return;
  absl::StrAppendFormat(&body_, "<text x=\"%s\" y=\"%s\" %s>%s</text>\n", Coordinate(at.x), Coordinate(at.y),
                        AttributesOf(style), ContentOf(clean, style));
}

void Canvas::TwoLines(Point middle, std::string_view text, const TextStyle& style) {
  const std::string clean = CleanText(text);
  const std::vector<std::string> lines = Wrap(clean, style.max_width, style.size, 2);
  if (lines.empty()) return;
  const bool is_whole = absl::StrJoin(lines, " ") == clean;
  const double first = BaseLine(middle.y, style.size) - kLineHeight / 2 * static_cast<double>(lines.size() - 1);
  absl::StrAppendFormat(&body_, "<text %s>%s", AttributesOf(style), is_whole ? "" : TitleOf(clean));
  for (std::size_t k = 0; k < lines.size(); ++k) {
    absl::StrAppendFormat(&body_, "<tspan x=\"%s\" y=\"%s\">%s</tspan>", Coordinate(middle.x),
                          Coordinate(first + kLineHeight * static_cast<double>(k)), EscapeXml(lines[k]));
  }
  body_ += "</text>\n";
}

void Canvas::TextUpwards(Point centre, std::string_view text, const TextStyle& style) {
  const std::string clean = CleanText(text);
  if (clean.empty()) return;
  const std::string x = Coordinate(centre.x), y = Coordinate(centre.y);
  absl::StrAppendFormat(&body_, "<text x=\"%s\" y=\"%s\" transform=\"rotate(-90 %s %s)\" %s>%s</text>\n", x, y, x, y,
                        AttributesOf(style), ContentOf(clean, style));
}

double Canvas::Paragraph(double top, std::string_view text) {
  for (const std::string& line : Wrap(CleanText(text), kFigureWidth, kSmallSize)) {
    Text({0, top + kSmallSize}, line, {.size = kSmallSize, .ink = Ink::kMuted});
    top += kLineHeight;
  }
  return top;
}

std::string Canvas::Finish(const FigureName& name, std::string_view description, double height) const {
  const std::string id = EscapeXml(CleanText(name.id));
  return absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"stemma-figure\" viewBox=\"0 0 %s %s\" width=\"100%%\" "
      "role=\"img\" "
      "aria-labelledby=\"%s-title %s-desc\" font-family=\"sans-serif\" font-size=\"%s\">\n"
      "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n%s</svg>\n",
      Coordinate(kFigureWidth), Coordinate(height), id, id, Coordinate(kTextSize), id, EscapeXml(CleanText(name.title)),
      id, EscapeXml(CleanText(description)), body_);
}

Box TextBox(Point at, std::string_view text, const TextStyle& style) {
  const std::string clean = CleanText(text);
  double width = TextWidth(clean, style.size, style.bold);
  if (style.max_width > 0) width = std::min(width, style.max_width);
  double left = at.x;
  if (style.anchor == Anchor::kMiddle) left -= width / 2;
  if (style.anchor == Anchor::kEnd) left -= width;
  return {left, at.y - kAscent * style.size, left + width, at.y + kDescent * style.size};
}

}  // namespace stemma::svg
