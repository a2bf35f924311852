#include "stemma/embedding_signature.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/signature/embedding_builders.h"
#include "python/src/errors.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "python/src/numbers.h"
#include "python/src/vector_ids.h"
#include "stemma/embedder.h"
#include "stemma/embedding_similarity.h"
#include "stemma/embeddings.h"
#include "stemma/hash.h"
#include "stemma/sign_embeddings.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

template <typename T>
using GivenRows = nb::ndarray<const T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

constexpr char kLeading[] = "leading";

// As the program's options name them.
EmbeddingOptions ToOptions(std::size_t dims, const std::string& reduction, unsigned fraction_bits) {
  return {.dims = dims,
          .reduction = reduction == kLeading ? EmbeddingReduction::kLeading : EmbeddingReduction::kSigns,
          .fraction_bits = fraction_bits};
}

// The responses without a word that the embedder knows are counted.
using SignedTexts = std::pair<std::vector<EmbeddingSignature>, std::uint64_t>;

SignedTexts SignTexts(const Responses& responses, const Embedder& embedder, std::size_t dims, const std::string& reduction,
                      unsigned fraction_bits, std::vector<std::string> metadata, int threads, const nb::object& report) {
  return Interruptible<SignedTexts>(
      report, [responses, embedder, embedding = ToOptions(dims, reduction, fraction_bits), metadata = std::move(metadata),
               threads](const Progress& progress) -> absl::StatusOr<SignedTexts> {
        SignEmbeddingsOptions options{.read = responses.settings.ToOptions(progress), .metadata = {}, .embedding = embedding, .threads = threads};
        STEMMA_ASSIGN_OR_RETURN(options.metadata, MetadataTable::Read(metadata));
        STEMMA_ASSIGN_OR_RETURN(SignedEmbeddings inputs,
                                responses.table ? SignEmbeddings("the table", responses.table->Records(), embedder, options)
                                                : SignEmbeddings(responses.paths, embedder, options));
        return SignedTexts{std::move(inputs.signatures), inputs.left_out};
      });
}

using Signatures = std::vector<EmbeddingSignature>;

absl::StatusOr<Signatures> SignRows(const Embeddings& embeddings, std::span<const VectorId> ids, const EmbeddingOptions& options,
                                    const MetadataTable& metadata, const Progress& progress) {
  // Some milliseconds of work between two reports.
  constexpr std::size_t kRows = 1024;
  STEMMA_ASSIGN_OR_RETURN(EmbeddingReducer reducer, EmbeddingReducer::Create(embeddings.embedder(), embeddings.dims(), options));
  signature::EmbeddingBuilders builders(std::move(reducer));
  std::vector<double> vector(embeddings.dims());
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (row % kRows == 0 && !progress({"signing vectors", row, ids.size()})) return absl::CancelledError("stopped while signing vectors");
    embeddings.Row(row, vector);
    const absl::Status added = builders.Add(ids[row].model, ids[row].prompt, ids[row].sample, std::span<const double>(vector));
    if (!added.ok()) {
      return absl::Status(added.code(), absl::StrFormat("row %d (model %s): %s", row, ids[row].model, added.message()));
    }
  }
  return builders.Build(metadata);
}

template <typename T>
Signatures SignVectors(const GivenRows<T>& vectors, const IdColumns& ids, std::string name, std::string embedder_name,
                       const std::string& embedder_digest, std::size_t dims, const std::string& reduction, unsigned fraction_bits,
                       std::vector<std::string> metadata, const nb::object& report) {
  const std::optional<Hash128> digest = Hash128FromHex(embedder_digest);
  if (!digest) {
    ThrowIfError(absl::InvalidArgumentError(
        absl::StrFormat("embedder_digest must be 32 hexadecimal digits, got \"%s\"", embedder_digest)));
  }
  return Interruptible<Signatures>(
      report, [vectors, ids, name = std::move(name), embedder = EmbedderId{std::move(embedder_name), *digest},
               options = ToOptions(dims, reduction, fraction_bits), metadata = std::move(metadata)](const Progress& progress) -> absl::StatusOr<Signatures> {
        STEMMA_ASSIGN_OR_RETURN(const Embeddings embeddings,
                                Embeddings::View(std::span(vectors.data(), vectors.size()),
                                                 {.responses = vectors.shape(0), .dims = vectors.shape(1)}, embedder));
        STEMMA_ASSIGN_OR_RETURN(const std::vector<VectorId> rows, ToVectorIds(ids, name, embeddings.responses()));
        STEMMA_ASSIGN_OR_RETURN(const MetadataTable known, MetadataTable::Read(metadata));
        return SignRows(embeddings, rows, options, known, progress);
      });
}

EmbeddingSignature Parse(const nb::bytes& bytes) {
  return ValueOrThrow(EmbeddingSignature::Parse({bytes.c_str(), bytes.size()}, "the bytes"));
}

nb::bytes ToBytes(const EmbeddingSignature& signature) {
  const std::string bytes = signature.Serialize();
  return nb::bytes(bytes.data(), bytes.size());
}

void Write(const EmbeddingSignature& signature, const std::string& path) {
  const nb::gil_scoped_release unlocked;
  ThrowIfError(signature.Write(path));
}

nb::dict Describe(const EmbeddingSignature& signature) {
  const EmbeddingSpace& space = signature.space();
  nb::dict embedder;
  embedder["name"] = space.embedder.name;
  embedder["digest"] = ToHex(space.embedder.digest);
  std::uint32_t samples = 0;
  for (const EmbeddingRow& row : signature.rows()) samples = std::max(samples, row.samples);
  nb::dict out;
  out["model"] = signature.metadata().model;
  out["metadata"] = ToDict(signature.metadata());
  out["signature_digest"] = ToHex(signature.digest());
  out["embedder"] = embedder;
  out["input_dims"] = space.input_dims;
  out["dims"] = space.dims;
  out["reduction"] = space.reduction == EmbeddingReduction::kLeading ? kLeading : "signs";
  out["fraction_bits"] = space.fraction_bits;
  out["responses"] = signature.responses();
  out["prompts"] = signature.rows().size();
  out["max_samples"] = samples;
  return out;
}

std::vector<std::string> PromptKeys(const EmbeddingSignature& signature) {
  std::vector<std::string> keys;
  for (const EmbeddingRow& row : signature.rows()) keys.push_back(ToHex(row.prompt));
  return keys;
}

Rows<double> Means(const EmbeddingSignature& signature) {
  const std::size_t dims = signature.space().dims;
  std::vector<double> means(signature.rows().size() * dims);
  for (std::size_t row = 0; row < signature.rows().size(); ++row) signature.Mean(row, std::span(means).subspan(row * dims, dims));
  return ToRows(std::move(means), dims);
}

nb::dict Compare(const EmbeddingSignature& a, const EmbeddingSignature& b) {
  const EmbeddingComparison found = Interruptible<EmbeddingComparison>(nb::none(), [a, b](const Progress&) { return CompareEmbeddings(a, b); });
  nb::dict out;
  out["shared_prompts"] = found.shared_prompts;
  out["mean_cosine"] = found.mean_cosine;
  out["linear_cka"] = found.linear_cka;
  out["bandwidth"] = found.bandwidth;
  out["mmd_squared"] = found.mmd_squared;
  out["energy_distance"] = found.energy_distance;
  return out;
}

template <typename T>
void BindSignVectors(nb::module_& module) {
  module.def("sign_vectors", &SignVectors<T>, nb::arg("vectors").noconvert(), nb::arg("ids"), nb::arg("name"),
             nb::arg("embedder_name"), nb::arg("embedder_digest"), nb::arg("dims"), nb::arg("reduction"),
             nb::arg("fraction_bits"), nb::arg("metadata"), nb::arg("report").none());
}

}  // namespace

void BindEmbeddingSignature(nb::module_& module) {
  nb::class_<EmbeddingSignature>(module, "EmbeddingSignature", "One model's responses as vectors.")
      .def_static("parse", &Parse, nb::arg("data"))
      .def("to_bytes", &ToBytes)
      .def("write", &Write, nb::arg("path"))
      .def("prompt_keys", &PromptKeys)
      .def("means", &Means)
      .def("compare", &Compare, nb::arg("other"), nb::sig("def compare(self, other: EmbeddingSignature) -> dict[str, typing.Any]"))
      .def("describe", &Describe, nb::sig("def describe(self) -> dict[str, typing.Any]"));
  module.def("sign_texts", &SignTexts, nb::arg("responses"), nb::arg("embedder"), nb::arg("dims"), nb::arg("reduction"),
             nb::arg("fraction_bits"), nb::arg("metadata"), nb::arg("threads"), nb::arg("report").none());
BindSignVectors<float>(module);
  BindSignVectors<double>(module);
}

}  // namespace stemma::python
