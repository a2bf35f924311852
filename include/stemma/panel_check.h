// Which alternative explanations a panel cannot tell from descent, for want of models that would realise them.
//
// A candidate near a reference may derive from it, share its base, share a third party's teacher or data with it, or
// just be of its time. Each of these needs, beside the reference, a model of which it is true and no more.
// Errors: kNotFound for a reference that the panel does not have.
#ifndef STEMMA_PANEL_CHECK_H_
#define STEMMA_PANEL_CHECK_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/panel.h"

namespace stemma {

struct PanelGap {
  std::string reference;
  std::string kind;         // "same base", "same teacher", "same time", "metadata"
  std::string explanation;  // what therefore cannot be ruled out
};

// For the named references, or for all that the panel's metadata call references. No gap means that for each there are
// models of other groups with the same base (where one is documented), with a documented common source, and released
// within a year.
absl::StatusOr<std::vector<PanelGap>> CheckPanel(const Panel& panel, std::span<const std::string> references);

}  // namespace stemma

#endif  // STEMMA_PANEL_CHECK_H_
