// Values marked by vertical lines through an area, each with a label above it.
#ifndef STEMMA_LIB_REPORT_SVG_MARKS_H_
#define STEMMA_LIB_REPORT_SVG_MARKS_H_

#include <span>
#include <string>
#include <vector>

#include "lib/report/svg/canvas.h"
#include "lib/report/svg/scale.h"

namespace stemma::svg {

struct Mark {
  double value = 0;
  std::string label = {};  // clean
  Stroke stroke = {};
  bool bold = false;  // with a diamond at the foot: the case itself
};

// Where a mark's label stands: in which row above the area, and on which side of its line.
struct MarkPlace {
  double x = 0;
  int row = 0;  // 0 is the nearest to the area
  bool left = false;
  std::string label = {};  // as long as there is room for
};

// Rows and sides such that no label lies on another or on a line, in the fewest rows. Where there is no such placing,
// each mark has a row for itself.
// Complexity: exponential in the number of marks, of which there are at most four.
std::vector<MarkPlace> PlaceMarks(std::span<const Mark> marks, const Scale& scale);

// What the labels take above the area.
double HeightOf(std::span<const MarkPlace> places);

void DrawMarks(Canvas& canvas, std::span<const Mark> marks, std::span<const MarkPlace> places, const Box& area);

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_MARKS_H_
