#include "stemma/signature.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/status_macros.h"
#include "python/src/errors.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "stemma/hash.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

nb::object KnownText(const std::string& text) { return text.empty() ? nb::none() : nb::object(nb::str(text.data(), text.size())); }

absl::StatusOr<SignOptions> ToSignOptions(const ReadSettings& settings, const std::vector<std::string>& metadata, int threads,
                                          const Progress& progress) {
  SignOptions options;
  options.read = settings.ToOptions(progress);
  options.threads = threads;
  STEMMA_ASSIGN_OR_RETURN(options.metadata, MetadataTable::Read(metadata));
  return options;
}

std::vector<SignedModel> ToModels(SignedInputs inputs) {
  const auto set = std::make_shared<const ResponseSet>(std::move(inputs.responses));
  std::vector<SignedModel> models;
  for (Signature& signature : inputs.signatures) models.push_back({std::make_shared<const Signature>(std::move(signature)), set, nullptr});
  return models;
}

std::vector<SignedModel> Sign(const Responses& responses, const Vocabulary& vocabulary, std::vector<std::string> metadata,
                              int threads, const nb::object& report) {
  return ToModels(Interruptible<SignedInputs>(
      report, [responses, vocabulary, metadata = std::move(metadata), threads](const Progress& progress) -> absl::StatusOr<SignedInputs> {
        STEMMA_ASSIGN_OR_RETURN(const SignOptions options, ToSignOptions(responses.settings, metadata, threads, progress));
        if (!responses.table) return SignResponses(responses.paths, vocabulary, options);
        return SignRecords("the table", responses.table->Records(), vocabulary, options);
      }));
}

// Files of responses or signatures, as the program's commands take them.
std::vector<SignedModel> SignFiles(std::vector<std::string> paths, const Vocabulary& vocabulary, std::string name,
                                   bool name_by_file, bool skip_bad, std::vector<std::string> metadata, int threads,
                                   const nb::object& report) {
  ReadSettings settings{std::move(name), name_by_file, skip_bad};
  return ToModels(Interruptible<SignedInputs>(
      report, [paths = std::move(paths), vocabulary, settings = std::move(settings), metadata = std::move(metadata),
               threads](const Progress& progress) -> absl::StatusOr<SignedInputs> {
        STEMMA_ASSIGN_OR_RETURN(const SignOptions options, ToSignOptions(settings, metadata, threads, progress));
        return ReadOrSign(paths, vocabulary, options);
      }));
}

SignedModel ToModel(Candidate candidate) {
  SignedModel model;
  if (candidate.embeddings) model.embeddings = std::make_shared<const Candidate::Embeddings>(*std::move(candidate.embeddings));
  model.inputs = std::make_shared<const ResponseSet>(std::move(candidate.inputs.responses));
  model.signature = std::make_shared<const Signature>(std::move(candidate.signature()));
  return model;
}

// An audit's candidate, with its embeddings where there are any.
SignedModel CandidateOf(const Responses& responses, const Panel& panel, std::string panel_embeddings, std::string embedder,
                        std::vector<std::string> metadata, int threads, const nb::object& report) {
  EmbeddingFiles files{std::move(panel_embeddings), std::move(embedder)};
  return ToModel(Interruptible<Candidate>(
      report, [responses, panel, files = std::move(files), metadata = std::move(metadata),
               threads](const Progress& progress) -> absl::StatusOr<Candidate> {
        STEMMA_ASSIGN_OR_RETURN(SignOptions options, ToSignOptions(responses.settings, metadata, threads, progress));
        if (!responses.table) return ReadCandidate(responses.paths, panel, files, std::move(options));
        return ReadCandidate("the table", responses.table->Records(), panel, files, std::move(options));
      }));
}

// The same of files that nothing has read before, among them signatures.
SignedModel CandidateOfFiles(std::vector<std::string> paths, const Panel& panel, std::string panel_embeddings, std::string embedder,
                             std::string name, bool name_by_file, bool skip_bad, std::vector<std::string> metadata, int threads,
                             const nb::object& report) {
  const Responses unread{std::move(paths), std::nullopt, {std::move(name), name_by_file, skip_bad}, nullptr};
  return CandidateOf(unread, panel, std::move(panel_embeddings), std::move(embedder), std::move(metadata), threads, report);
}

SignedModel Parse(const nb::bytes& bytes) {
  return {std::make_shared<const Signature>(ValueOrThrow(Signature::Parse({bytes.c_str(), bytes.size()}, "the bytes"))),
          std::make_shared<const ResponseSet>(), nullptr};
}

nb::bytes ToBytes(const SignedModel& model) {
  const std::string bytes = model.signature->Serialize();
  return nb::bytes(bytes.data(), bytes.size());
}

nb::dict Describe(const SignedModel& model) {
  const Signature& signature = *model.signature;
  std::uint64_t tokens = 0, code_points = 0;
  std::uint32_t samples = 0;
  for (const PromptRow& row : signature.rows()) {
    tokens += row.tokens;
    code_points += row.code_points;
    samples = std::max(samples, row.samples);
  }
  nb::dict out;
  out["model"] = signature.metadata().model;
  out["metadata"] = ToDict(signature.metadata());
  out["signature_digest"] = ToHex(signature.digest());
  out["vocabulary_digest"] = ToHex(signature.vocabulary_digest());
  out["tokenizer_version"] = signature.tokenizer_version();
  out["responses"] = signature.responses();
  out["prompts"] = signature.rows().size();
  out["max_samples"] = samples;
  out["tokens"] = tokens;
  out["code_points"] = code_points;
  out["has_style"] = signature.has_style();
  return out;
}

Vocabulary ReadVocabulary(const std::string& path) {
  const nb::gil_scoped_release unlocked;
  return ValueOrThrow(Vocabulary::Read(path));
}

void WriteSignature(const SignedModel& model, const std::string& path) {
  const nb::gil_scoped_release unlocked;
  ThrowIfError(model.signature->Write(path));
}

}  // namespace

nb::dict ToDict(const ModelMetadata& metadata) {
  nb::list lineage;
  for (const LineageLink& link : metadata.lineage) {
    nb::dict one;
    one["relation"] = link.relation;
    one["source"] = KnownText(link.source);
    one["panel_source"] = KnownText(link.panel_source);
    one["confidence"] = KnownText(link.confidence);
    one["evidence"] = KnownText(link.evidence);
    lineage.append(one);
  }
  nb::dict out;
  out["organisation"] = KnownText(metadata.organisation);
  out["family"] = KnownText(metadata.family);
  out["group"] = KnownText(metadata.group);
  out["base"] = KnownText(metadata.base);
  out["release"] = KnownText(metadata.release);
  out["source"] = KnownText(metadata.source);
  out["licence"] = KnownText(metadata.licence);
  out["reference"] = metadata.reference;
  out["degenerate"] = metadata.degenerate;
  out["example"] = metadata.example;
  out["lineage"] = lineage;
  return out;
}

void BindSignature(nb::module_& module) {
  nb::class_<Vocabulary>(module, "Vocabulary", "What signatures are made with.").def_static("read", &ReadVocabulary, nb::arg("path"));
  nb::class_<SignedModel>(module, "SignedModel", "One model's signature.")
      .def_static("parse", &Parse, nb::arg("data"))
      .def("to_bytes", &ToBytes)
      .def("write", &WriteSignature, nb::arg("path"))
      .def("describe", &Describe, nb::sig("def describe(self) -> dict[str, typing.Any]"));
  module.def("sign", &Sign, nb::arg("responses"), nb::arg("vocabulary"), nb::arg("metadata"), nb::arg("threads"),
             nb::arg("report").none());
  module.def("embeddings_of_panel", &EmbeddingsOfPanel, nb::arg("panel_path"));
  module.def("candidate", &CandidateOf, nb::arg("responses"), nb::arg("panel"), nb::arg("panel_embeddings"), nb::arg("embedder"),
             nb::arg("metadata"), nb::arg("threads"), nb::arg("report").none());
  module.def("candidate_of_files", &CandidateOfFiles, nb::arg("paths"), nb::arg("panel"), nb::arg("panel_embeddings"),
             nb::arg("embedder"), nb::arg("name"), nb::arg("name_by_file"), nb::arg("skip_bad"), nb::arg("metadata"),
             nb::arg("threads"), nb::arg("report").none());
  module.def("sign_files", &SignFiles, nb::arg("paths"), nb::arg("vocabulary"), nb::arg("name"), nb::arg("name_by_file"),
             nb::arg("skip_bad"), nb::arg("metadata"), nb::arg("threads"), nb::arg("report").none());
}

}  // namespace stemma::python
