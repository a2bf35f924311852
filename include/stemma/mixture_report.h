// A fitted mixture as text for a terminal, and as JSON for programs.
//
// Returns: text or JSON with a line end behind it. In the JSON, figures have nine significant digits, and every used prompt
// has its likeliest component (null for "other") and that component's probability.
#ifndef STEMMA_MIXTURE_REPORT_H_
#define STEMMA_MIXTURE_REPORT_H_

#include <string>

#include "stemma/mixture.h"
#include "stemma/panel.h"

namespace stemma {

std::string MixtureToText(const Panel& panel, const MixtureReport& report);
std::string MixtureToJson(const Panel& panel, const MixtureReport& report);

}  // namespace stemma

#endif  // STEMMA_MIXTURE_REPORT_H_
