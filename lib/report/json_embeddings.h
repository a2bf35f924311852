// What embeddings say of a candidate, as an audit's JSON holds it.
#ifndef STEMMA_LIB_REPORT_JSON_EMBEDDINGS_H_
#define STEMMA_LIB_REPORT_JSON_EMBEDDINGS_H_

#include <optional>

#include "lib/report/json_statistics.h"
#include "stemma/audit.h"
#include "stemma/panel.h"

namespace stemma::report {

// Null where they were not measured.
Json FromEmbeddings(const Panel& panel, const std::optional<EmbeddingFinding>& finding);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_JSON_EMBEDDINGS_H_
