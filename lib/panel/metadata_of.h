// What is documented of a panel's models: who made them, and what their lineage is made of.
#ifndef STEMMA_LIB_PANEL_METADATA_OF_H_
#define STEMMA_LIB_PANEL_METADATA_OF_H_

#include <string>
#include <vector>

#include "stemma/metadata.h"
#include "stemma/panel.h"

namespace stemma::panel {

// A model that nobody is documented to have made stands for itself.
inline const std::string& MakerOf(const ModelMetadata& metadata) {
  return metadata.organisation.empty() ? metadata.model : metadata.organisation;
}

inline std::vector<ModelMetadata> MetadataOf(const Panel& panel) {
  std::vector<ModelMetadata> metadata;
  for (const PanelModel& model : panel.models()) metadata.push_back(model.metadata);
  return metadata;
}

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_METADATA_OF_H_
