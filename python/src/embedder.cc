#include "stemma/embedder.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/status_macros.h"
#include "lib/signature/batch_embedder.h"
#include "python/src/column.h"
#include "python/src/errors.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "python/src/numbers.h"
#include "stemma/hash.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

Embedder ReadEmbedder(const std::string& path) {
  const nb::gil_scoped_release unlocked;
  return ValueOrThrow(Embedder::Read(path));
}

nb::dict Describe(const Embedder& embedder) {
  nb::dict out;
  out["name"] = embedder.id().name;
  out["digest"] = ToHex(embedder.id().digest);
  out["dims"] = embedder.dims();
  return out;
}

absl::StatusOr<std::vector<float>> EmbedAll(const Embedder& embedder, const Column& texts, int threads, const Progress& progress) {
  // Some milliseconds of work between two reports.
  constexpr std::size_t kTexts = 1024;
  signature::BatchEmbedder embedders(embedder, threads);
  std::vector<float> vectors;
  vectors.reserve(texts.size() * embedder.dims());
  for (std::size_t first = 0; first < texts.size(); first += kTexts) {
    if (!progress({"embedding", first, texts.size()})) return absl::CancelledError("stopped while embedding");
    std::vector<std::size_t> rows(std::min(kTexts, texts.size() - first));
    std::iota(rows.begin(), rows.end(), first);
    STEMMA_ASSIGN_OR_RETURN(const std::vector<float> some,
                            embedders.Embed(rows, [&texts](std::size_t row) { return texts.Text(row); }));
    vectors.insert(vectors.end(), some.begin(), some.end());
  }
  progress({"embedding", texts.size(), texts.size()});
  return vectors;
}

Rows<float> Embed(const Embedder& embedder, const std::shared_ptr<const Column>& texts, int threads, const nb::object& report) {
  if (texts->kind() == ColumnKind::kInteger) ThrowIfError(absl::InvalidArgumentError("texts must be text, got integers"));
  return ToRows(Interruptible<std::vector<float>>(report,
                                                  [embedder, texts, threads](const Progress& progress) {
                                                    return EmbedAll(embedder, *texts, threads, progress);
                                                  }),
                embedder.dims());
}

}  // namespace

void BindEmbedder(nb::module_& module) {
  nb::class_<Embedder>(module, "Embedder", "Vectors of texts by a table of token vectors.")
      .def_static("read", &ReadEmbedder, nb::arg("path"))
      .def("describe", &Describe, nb::sig("def describe(self) -> dict[str, typing.Any]"))
      .def("tokens", &Embedder::Tokens, nb::arg("text"), nb::call_guard<nb::gil_scoped_release>())
      .def("embed", &Embed, nb::arg("texts"), nb::arg("threads"), nb::arg("report").none());
}

}  // namespace stemma::python
