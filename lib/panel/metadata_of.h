// What is documented of a panel's models, in their order: what their lineage is made of.
#ifndef STEMMA_LIB_PANEL_METADATA_OF_H_
#define STEMMA_LIB_PANEL_METADATA_OF_H_

#include <vector>

#include "stemma/metadata.h"
#include "stemma/panel.h"

namespace stemma::panel {

inline std::vector<ModelMetadata> MetadataOf(const Panel& panel) {
  std::vector<ModelMetadata> metadata;
  for (const PanelModel& model : panel.models()) metadata.push_back(model.metadata);
  return metadata;
}

}  // namespace stemma::panel

#endif  // STEMMA_LIB_PANEL_METADATA_OF_H_
