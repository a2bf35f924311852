// Text of unknown origin, made fit to be drawn: names of models come from files that anyone may have written.
//
// Units: drawing units. Widths are estimated for the widest of the fonts in use, since a figure cannot know which one
// a reader has: too short a label is a lesser evil than one that runs into its neighbour.
// Complexity: linear in the text.
#ifndef STEMMA_LIB_REPORT_SVG_LABEL_H_
#define STEMMA_LIB_REPORT_SVG_LABEL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stemma::svg {

// One line of well-formed UTF-8 that shows all it says. U+FFFD stands, visibly, for each run of what XML 1.0 forbids,
// control characters, bidirectional controls and characters without width: dropped, two names that differ by nothing
// else would look the same; kept, they would hide or reorder what stands beside them. Joiners and variation selectors
// stay behind characters that are not ASCII, where scripts and emoji need them. White space becomes single blanks, none
// at the ends; of combining marks in a row three stay, since a pile of them would paint over other rows.
std::string CleanText(std::string_view text);

// With & < > and both quotes escaped: for element text and attribute values. Expects what CleanText returns.
std::string EscapeXml(std::string_view clean);

double TextWidth(std::string_view clean, double size, bool bold = false);

// The text where it fits, else its beginning and its end with an ellipsis between them, cut between characters as
// readers see them. The end stays because versions of a model differ there.
std::string Shorten(std::string_view clean, double width, double size, bool bold = false);

// Lines of at most `width`; a word that is longer is shortened, and so is what is left for the last of `most` lines.
std::vector<std::string> Wrap(std::string_view clean, double width, double size, std::size_t most = SIZE_MAX);

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_LABEL_H_
