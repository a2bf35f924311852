// A document as one self-contained page: no script, nothing from elsewhere, and a policy that says so to the browser.
#ifndef STEMMA_LIB_REPORT_HTML_H_
#define STEMMA_LIB_REPORT_HTML_H_

#include <string>
#include <string_view>

#include "lib/report/document.h"

namespace stemma::report {

std::string ToHtml(const Document& document);

// The page's only style sheet, and its SHA-256 in base64, by which the policy permits it.
std::string PageStyle();
std::string_view PageStyleSha256();

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_HTML_H_
