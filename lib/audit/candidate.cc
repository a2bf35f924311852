#include "stemma/candidate.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/signature/holds_signature.h"
#include "stemma/embedder.h"

namespace stemma {
namespace {

namespace fs = std::filesystem;

bool Exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

struct Sources {
  std::vector<std::string> signatures_and_responses;
  std::vector<std::string> embeddings;
  bool has_responses = false;
};

absl::StatusOr<Sources> Sort(std::span<const std::string> paths, bool compares_embeddings) {
  Sources sources;
  std::vector<std::string> beside;
  for (const std::string& path : paths) {
    if (signature::HoldsEmbeddingSignature(path)) {
      sources.embeddings.push_back(path);
      continue;
    }
    sources.signatures_and_responses.push_back(path);
    if (!signature::HoldsSignature(path)) {
      sources.has_responses = true;
    } else if (Exists(EmbeddingsBeside(path))) {
      beside.push_back(EmbeddingsBeside(path));
    }
  }
  if (!compares_embeddings && !sources.embeddings.empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s is an embedding signature, and there are no embeddings of the panel to compare it with",
                        sources.embeddings.front()));
  }
  if (compares_embeddings && sources.embeddings.empty()) sources.embeddings = std::move(beside);
  return sources;
}

absl::StatusOr<EmbeddingPanel> ReadPanelEmbeddings(const std::string& path, const Panel& panel) {
  STEMMA_ASSIGN_OR_RETURN(EmbeddingPanel embeddings, EmbeddingPanel::Read(path));
  const absl::Status beside = embeddings.CheckBeside(panel);
  if (beside.ok()) return embeddings;
  return absl::Status(beside.code(), absl::StrCat(path, ": ", beside.message(), "; make them anew, or leave them out"));
}

// The embedder, to the panel's dimensions and units. Nothing where there is none.
absl::StatusOr<std::optional<EmbedOptions>> EmbedInto(const EmbeddingSpace& space, const std::string& embedder_path) {
  if (embedder_path.empty()) return std::nullopt;
  STEMMA_ASSIGN_OR_RETURN(Embedder embedder, Embedder::Read(embedder_path));
  EmbedOptions options{std::move(embedder),
                       {.dims = space.dims, .reduction = space.reduction, .fraction_bits = space.fraction_bits}};
  STEMMA_ASSIGN_OR_RETURN(const EmbeddingReducer reducer,
                          EmbeddingReducer::Create(options.embedder.id(), options.embedder.dims(), options.embedding));
  if (const absl::Status comparable = CheckComparable(space, reducer.space()); !comparable.ok()) {
    return absl::Status(comparable.code(), absl::StrCat("the panel's embeddings and the embedder ", embedder_path, ": ",
                                                        comparable.message()));
  }
  return options;
}

absl::StatusOr<EmbeddingSignature> ReadEmbeddings(const std::vector<std::string>& paths, const std::string& model) {
  if (paths.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("an audit takes the embeddings of one candidate, got %d files of them", paths.size()));
  }
  STEMMA_ASSIGN_OR_RETURN(EmbeddingSignature embeddings, EmbeddingSignature::Read(paths.front()));
  if (embeddings.metadata().model == model) return embeddings;
  return absl::InvalidArgumentError(absl::StrFormat("%s holds embeddings of %s, and the candidate is %s", paths.front(),
                                                    embeddings.metadata().model, model));
}

absl::Status CheckOne(const std::vector<Signature>& signatures) {
  if (signatures.size() == 1) return absl::OkStatus();
  if (signatures.empty()) {
    return absl::InvalidArgumentError("an audit takes a candidate's responses or signature; embeddings alone are not enough");
  }
  std::string names;
  for (const Signature& signature : signatures) names += " " + signature.metadata().model;
  return absl::InvalidArgumentError(
      absl::StrFormat("an audit takes one candidate; the inputs hold %d:%s", signatures.size(), names));
}

// `read` signs the responses, with the options that it is given. `embedded`: files of embedding signatures.
template <typename Read>
absl::StatusOr<Candidate> ReadAll(const Panel& panel, const EmbeddingFiles& files, SignOptions options, bool has_responses,
                                  const std::vector<std::string>& embedded, const Read& read) {
  std::optional<EmbeddingPanel> embedding_panel;
  if (!files.panel.empty() && (has_responses || !embedded.empty())) {
    STEMMA_ASSIGN_OR_RETURN(embedding_panel, ReadPanelEmbeddings(files.panel, panel));
    if (embedded.empty()) {
      STEMMA_ASSIGN_OR_RETURN(options.embed, EmbedInto(embedding_panel->space(), files.embedder));
    }
  }
  Candidate candidate;
  STEMMA_ASSIGN_OR_RETURN(candidate.inputs, read(options));
  STEMMA_RETURN_IF_ERROR(CheckOne(candidate.inputs.signatures));
  if (!embedded.empty()) {
    STEMMA_ASSIGN_OR_RETURN(EmbeddingSignature embeddings, ReadEmbeddings(embedded, candidate.signature().metadata().model));
    candidate.inputs.embeddings = {std::move(embeddings)};
  }
  if (!embedding_panel || candidate.inputs.embeddings.empty()) return candidate;
  candidate.embeddings.emplace(files.panel, *std::move(embedding_panel), std::move(candidate.inputs.embeddings.front()));
  candidate.inputs.embeddings.clear();
  return candidate;
}

}  // namespace

std::string EmbeddingsBeside(const std::string& signature_path) {
  fs::path path(signature_path);
  if (path.extension() == ".stemma") path.replace_extension();
  path += ".embeddings";
  return path.string();
}

std::string EmbeddingsOfPanel(const std::string& panel_path) {
  const std::string beside = (fs::path(panel_path).parent_path() / "embeddings.stemma").string();
  return Exists(beside) ? beside : "";
}

absl::StatusOr<Candidate> ReadCandidate(std::span<const std::string> paths, const Panel& panel, const EmbeddingFiles& files,
                                        SignOptions options) {
  STEMMA_ASSIGN_OR_RETURN(const Sources sources, Sort(paths, !files.panel.empty()));
  STEMMA_ASSIGN_OR_RETURN(Candidate candidate, ReadAll(panel, files, std::move(options), sources.has_responses, sources.embeddings,
                                                       [&](const SignOptions& with) {
                                                         return ReadOrSign(sources.signatures_and_responses, panel.vocabulary(), with);
                                                       }));
  candidate.paths = sources.signatures_and_responses;
  candidate.paths.insert(candidate.paths.end(), sources.embeddings.begin(), sources.embeddings.end());
  return candidate;
}

absl::StatusOr<Candidate> ReadCandidate(std::string_view name, const RecordSource& next, const Panel& panel,
                                        const EmbeddingFiles& files, SignOptions options) {
  return ReadAll(panel, files, std::move(options), /*has_responses=*/true, {},
                 [&](const SignOptions& with) { return SignRecords(name, next, panel.vocabulary(), with); });
}

absl::StatusOr<AuditReport> Audit(const Panel& panel, const Candidate& candidate, const AuditOptions& options) {
  const ResponseSet* const inputs = &candidate.inputs.responses;
  if (!candidate.embeddings) return Audit(panel, candidate.signature(), options, inputs);
  const AuditEmbeddings embeddings{candidate.embeddings->panel, candidate.embeddings->candidate};
  return Audit(panel, candidate.signature(), options, inputs, &embeddings);
}

}  // namespace stemma
