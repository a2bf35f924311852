#include "lib/report/html.h"

namespace stemma::report {
namespace {

// Verdict and exculpation have the same frame, so that neither outweighs the other. Nothing is said by colour alone.
// On a narrow screen a table scrolls by itself: cells must not break words to be narrow.
// In print figures are half as wide as the page, their numbers stand beside them, and what is folded on a screen is open.
constexpr std::string_view kPageCss = R"(:root { color-scheme: light dark; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial,
    sans-serif;
}
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.5rem 0 .75rem; }
p, li, dd, dt, caption, figcaption { overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 46rem; }
.lead { font-size: 1.15rem; font-weight: 600; }
.note { color: var(--muted); font-size: .92rem; }
a { color: var(--accent); }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .92rem; }
.framed { border: 2px solid var(--ink); padding: .25rem 1rem 1rem; margin: 1.5rem 0; }
.framed h2 { margin-top: .75rem; }
ul { padding-left: 1.25rem; margin: .5rem 0; }
li { margin: .3rem 0; max-width: 46rem; }
dl { margin: .5rem 0; display: grid; grid-template-columns: minmax(7rem, 14rem) 1fr; gap: .35rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td {
  text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--grid);
  max-width: 24rem; overflow-wrap: break-word;
}
td.number, th.number { text-align: right; }
td.number, th.number, td.whole, th.whole { white-space: nowrap; }
tr.emphasised td { font-weight: 600; }
figure { margin: 1.25rem 0; break-inside: avoid; }
figcaption { color: var(--muted); font-size: .92rem; max-width: 46rem; margin-top: .25rem; }
summary { cursor: pointer; font-size: .92rem; padding: .25rem 0; }
.blank { border-bottom: 1px solid var(--ink); display: inline-block; min-width: 16rem; min-height: 1.4rem; }
footer { color: var(--muted); font-size: .85rem; margin: 3rem auto 2rem; }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; gap: .1rem; }
  dd { margin-bottom: .6rem; }
  .framed { padding: .25rem .75rem .75rem; }
}
@media print {
  body { font-size: 9pt; line-height: 1.35; }
  header, main, footer { max-width: none; padding: 0; }
  nav, summary { display: none; }
  h1 { font-size: 14pt; margin-top: 0; }
  h2 { font-size: 11.5pt; margin: 1rem 0 .4rem; break-after: avoid; }
  p, li { max-width: none; margin: .25rem 0; }
  .lead { font-size: 11pt; }
  .note, figcaption { font-size: 8pt; }
  .framed { padding: .25rem .75rem .5rem; margin: 1rem 0; break-inside: avoid; }
  .framed h2 { margin-top: .25rem; }
  tr, li, dt, dd, p { break-inside: avoid; }
  .scroll { overflow: visible; margin: .4rem 0; }
  table { font-size: 8pt; }
  th, td { padding: .1rem .5rem .1rem 0; }
  caption { break-after: avoid; }
  figure { margin: .6rem 0; break-inside: auto; display: grid; grid-template-columns: 20rem 1fr; gap: .25rem 1rem; }
  figure > svg { grid-row: span 2; break-inside: avoid; }
  figure > details { grid-column: 1 / -1; }
  figure.beside { break-inside: avoid; }
  figure.beside > details { grid-column: 2; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  details table { font-size: 7pt; line-height: 1.2; }
  figure:not(.beside) .slim { columns: 4 8rem; column-gap: 1rem; }
}
@page { margin: 15mm 16mm; }
)";

}  // namespace

std::string PageStyle() { return std::string(kPageCss) + std::string(svg::FigureCss()); }

// A test holds it against the style sheet.
std::string_view PageStyleSha256() { return "q0qkksHs9KT88CiW4UCPeGEWEgWnOhGuq8iUxu/FAVs="; }

}  // namespace stemma::report
