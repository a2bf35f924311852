// Numbers as figures and their tables show them, all in one place.
//
// Returns: "n/a" for NaN, "∞" for what is infinite, "10¹⁶" for what has more digits than that, never "-0". What is read
// has a real minus sign (screen readers skip a hyphen); coordinates have the hyphen that SVG asks for. Determinism:
// depends on neither locale nor platform.
#ifndef STEMMA_LIB_REPORT_SVG_NUMBER_H_
#define STEMMA_LIB_REPORT_SVG_NUMBER_H_

#include <string>

namespace stemma::svg {

// At most two digits behind the point: "12.5", "-3". What is not finite is drawn at 0.
std::string Coordinate(double units);

// "−0.50".
std::string FixedText(double value, int digits);

// FixedText with a sign before what is not 0: "+0.50", "−0.50", "0.00".
std::string SignedText(double value, int digits);

// A likelihood ratio with two significant figures, as FormatLr of the text report: "0.031", "4.2", "120", "10⁷".
std::string LrText(double llr_log10);

// A likelihood ratio that is a power of ten: "0.001", "1,000", "10⁴", "10⁻⁴".
std::string PowerOfTen(int exponent);

// "12.5 %"; "none" for 0, since what was not seen is not therefore impossible; "below 0.1 %"; "n/a" for what is no
// share.
std::string ShareText(double share);

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_NUMBER_H_
