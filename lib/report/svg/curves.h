// Curves in an area, told apart by dash, width and colour, each labelled beside itself: no legend to look up.
#ifndef STEMMA_LIB_REPORT_SVG_CURVES_H_
#define STEMMA_LIB_REPORT_SVG_CURVES_H_

#include <span>
#include <string>
#include <vector>

#include "lib/report/svg/canvas.h"
#include "lib/report/svg/scale.h"

namespace stemma::svg {

struct Curve {
  std::string label = {};  // clean
  std::vector<Point> points =
      {};  // values, not places; x never falls. Breaks where y is NaN; leaves the area where y does
  Stroke stroke = {};
};

// `obstacles`: what labels should keep clear of besides the curves.
// Complexity: some 2,000 places are tried for each label, each against points along all curves.
void DrawCurves(Canvas& canvas, std::span<const Curve> curves, const Scale& x, const Scale& y, const Box& area,
                std::span<const Box> obstacles);

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_CURVES_H_
