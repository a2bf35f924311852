// What Python's objects hold. Immutable and cheap to copy, so that work on other threads has its own.
#ifndef STEMMA_PYTHON_HANDLES_H_
#define STEMMA_PYTHON_HANDLES_H_

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "python/src/text_table.h"
#include "stemma/candidate.h"
#include "stemma/metadata.h"
#include "stemma/response_set.h"
#include "stemma/sign.h"
#include "stemma/signature.h"
#include "stemma/vocabulary.h"

namespace stemma::python {

// What a model's signature is, and what was read to make it; empty where it came as a signature.
struct SignedModel {
  std::shared_ptr<const Signature> signature;
  std::shared_ptr<const ResponseSet> inputs;
  std::shared_ptr<const Candidate::Embeddings> embeddings;  // of an audit's candidate; null where there are none
};

// How responses are to be read.
struct ReadSettings {
  std::string name;
  bool name_by_file = false;
  bool skip_bad = false;

  ReadOptions ToOptions(Progress progress) const {
    ReadOptions options;
    options.name = name;
    options.name_by_file = name_by_file;
    options.skip_bad = skip_bad;
    options.progress = std::move(progress);
    return options;
  }
};

// Files, or a table in memory, and what was found in them.
struct Responses {
  std::vector<std::string> paths;
  std::optional<TextTable> table;  // in place of files
  ReadSettings settings;
  std::shared_ptr<const ResponseSet> set;
};

void BindResponses(nanobind::module_& module);
void BindSignature(nanobind::module_& module);
void BindPanel(nanobind::module_& module);
void BindAudit(nanobind::module_& module);
void BindScore(nanobind::module_& module);
void BindEvaluate(nanobind::module_& module);
void BindCalibration(nanobind::module_& module);
void BindEmbedder(nanobind::module_& module);
void BindEmbeddingSignature(nanobind::module_& module);
void BindSame(nanobind::module_& module);
void BindMixture(nanobind::module_& module);

// Metadata as the JSON report has them.
nanobind::dict ToDict(const ModelMetadata& metadata);

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_HANDLES_H_
