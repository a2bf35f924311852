// A drawing, and the same data as a table for those who cannot see it.
#ifndef STEMMA_LIB_REPORT_SVG_FIGURE_H_
#define STEMMA_LIB_REPORT_SVG_FIGURE_H_

#include <string>
#include <string_view>
#include <vector>

namespace stemma::svg {

// Clean text (see label.h), not escaped; as many cells a row as the header has.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

struct Figure {
  std::string svg;  // one element, with a line end behind it
  Table table;
};

// What a page must give to each of its figures.
struct FigureName {
  std::string id = {};  // of letters, digits and hyphens; unique on the page: "ID-title" and "ID-desc" become ids, too
  std::string title = {};  // read out first, and shown while a pointer rests on the figure
};

// The style sheet of all figures. It defines, for light and dark screens, print and forced colours, the custom
// properties --ink, --muted, --grid, --shade, --accent, --contrast and --paper, which the page may use as well, and the
// classes that the figures name. Figures themselves hold no style, so that a strict content policy may stand.
std::string_view FigureCss();

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_FIGURE_H_
