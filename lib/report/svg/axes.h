// Axes, their ticks and gridlines.
#ifndef STEMMA_LIB_REPORT_SVG_AXES_H_
#define STEMMA_LIB_REPORT_SVG_AXES_H_

#include "lib/report/svg/canvas.h"
#include "lib/report/svg/scale.h"

namespace stemma::svg {

// What a horizontal axis takes below the area: its line, a row of labels and its title.
inline constexpr double kAxisHeight = 44;

// Gridlines over the area, below it labels and the title. Labels that would run into one another are left out.
void DrawHorizontalAxis(Canvas& canvas, const Axis& axis, const Scale& scale, const Box& area);

// Gridlines over the area, left of it labels and, read upwards, the title.
void DrawVerticalAxis(Canvas& canvas, const Axis& axis, const Scale& scale, const Box& area);

// Says in the middle of an empty area why it is empty.
void DrawNoData(Canvas& canvas, const Box& area);

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_AXES_H_
