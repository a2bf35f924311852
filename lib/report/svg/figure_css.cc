#include "lib/report/svg/figure.h"

namespace stemma::svg {
namespace {

// Text and lines keep a contrast of 4.5 to the paper in both schemes; the two colours that carry meaning are a blue and
// an orange, which all common kinds of colour blindness keep apart, of unlike lightness, so that grey print does, too.
// Each rule is of one class: it overrides the presentation attributes with which a figure is legible without a style.
constexpr std::string_view kFigureCss = R"(:root {
  --ink: #1b1f24; --muted: #57606a; --grid: #d8dee4; --shade: #eceff2;
  --accent: #084c94; --contrast: #b35900; --paper: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e9edf1; --muted: #a6b0bb; --grid: #3a424c; --shade: #262c34;
    --accent: #79b8ff; --contrast: #ffab57; --paper: #14181d;
  }
}
@media print {
  :root {
    --ink: #000000; --muted: #444444; --grid: #c8c8c8; --shade: #ebebeb;
    --accent: #084c94; --contrast: #b35900; --paper: #ffffff;
  }
  .stemma-figure { break-inside: avoid; }
}
@media (forced-colors: active) {
  :root {
    --ink: CanvasText; --muted: CanvasText; --grid: GrayText; --shade: Canvas;
    --accent: CanvasText; --contrast: CanvasText; --paper: Canvas;
  }
}
.stemma-figure {
  display: block; width: 100%; max-width: 40rem; height: auto;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial,
    sans-serif;
  font-variant-numeric: tabular-nums; print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
.stemma-fill-ink { fill: var(--ink); }
.stemma-fill-muted { fill: var(--muted); }
.stemma-fill-grid { fill: var(--grid); }
.stemma-fill-shade { fill: var(--shade); }
.stemma-fill-accent { fill: var(--accent); }
.stemma-fill-contrast { fill: var(--contrast); }
.stemma-fill-paper { fill: var(--paper); }
.stemma-line-ink { stroke: var(--ink); }
.stemma-line-muted { stroke: var(--muted); }
.stemma-line-grid { stroke: var(--grid); }
.stemma-line-shade { stroke: var(--shade); }
.stemma-line-accent { stroke: var(--accent); }
.stemma-line-contrast { stroke: var(--contrast); }
.stemma-line-paper { stroke: var(--paper); }
.stemma-halo { stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
)";

}  // namespace

std::string_view FigureCss() { return kFigureCss; }

}  // namespace stemma::svg
