#include "stemma/panel.h"

#include <utility>

#include "c/boundary.h"
#include "c/handles.h"

using stemma::c::MakeHandle;
using stemma::c::NotNull;

stemma_status stemma_vocabulary_open(const char* path, stemma_vocabulary** vocabulary) {
  return MakeHandle(vocabulary, "vocabulary", [&]() -> absl::StatusOr<stemma_vocabulary> {
    STEMMA_RETURN_IF_ERROR(NotNull(path, "path"));
    STEMMA_ASSIGN_OR_RETURN(stemma::Vocabulary value, stemma::Vocabulary::Read(path));
    return stemma_vocabulary{std::move(value)};
  });
}

void stemma_vocabulary_free(stemma_vocabulary* vocabulary) { delete vocabulary; }

stemma_status stemma_panel_open(const char* path, stemma_panel** panel) {
  return MakeHandle(panel, "panel", [&]() -> absl::StatusOr<stemma_panel> {
    STEMMA_RETURN_IF_ERROR(NotNull(path, "path"));
    STEMMA_ASSIGN_OR_RETURN(stemma::Panel value, stemma::Panel::Open(path));
    return stemma_panel{std::move(value)};
  });
}

void stemma_panel_free(stemma_panel* panel) { delete panel; }

stemma_status stemma_panel_vocabulary(const stemma_panel* panel, stemma_vocabulary** vocabulary) {
  return MakeHandle(vocabulary, "vocabulary", [&]() -> absl::StatusOr<stemma_vocabulary> {
    STEMMA_RETURN_IF_ERROR(NotNull(panel, "panel"));
    return stemma_vocabulary{panel->value.vocabulary()};
  });
}
