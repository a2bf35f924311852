// The one candidate of an audit: its signature, and its embeddings where there are any and the panel has some, too.
//
// Embeddings are those of an embedding signature among the files, else beside a signature ("model.embeddings" beside
// "model.stemma"); responses are embedded in the pass that signs them.
// Errors: kInvalidArgument for any number of candidates but one, naming them, and for embeddings of somebody else;
// kFailedPrecondition for a panel's embeddings that stand beside another panel, or of another embedder; those of files.
// Determinism: that of signatures.
#ifndef STEMMA_CANDIDATE_H_
#define STEMMA_CANDIDATE_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/audit.h"
#include "stemma/embedding_panel.h"
#include "stemma/embedding_signature.h"
#include "stemma/panel.h"
#include "stemma/sign.h"

namespace stemma {

// Where the embeddings that belong to a signature stand.
std::string EmbeddingsBeside(const std::string& signature_path);

// Where a panel's embeddings stand: embeddings.stemma in its folder. Empty where there are none.
std::string EmbeddingsOfPanel(const std::string& panel_path);

// Files that embeddings take. Without the panel's none are measured, without the embedder none of responses.
struct EmbeddingFiles {
  std::string panel;  // the panel's embeddings
  std::string embedder;
};

struct Candidate {
  struct Embeddings {
    std::string panel_path;
    EmbeddingPanel panel;
    EmbeddingSignature candidate;
  };

  std::vector<std::string> paths;  // of the files that were read, embeddings beside a signature among them
  SignedInputs inputs;             // one signature
  std::optional<Embeddings> embeddings;

  Signature& signature() { return inputs.signatures.front(); }
  const Signature& signature() const { return inputs.signatures.front(); }
};

// Files of responses, signatures and embedding signatures, or records in memory.
absl::StatusOr<Candidate> ReadCandidate(std::span<const std::string> paths, const Panel& panel, const EmbeddingFiles& files,
                                        SignOptions options);
absl::StatusOr<Candidate> ReadCandidate(std::string_view name, const RecordSource& next, const Panel& panel,
                                        const EmbeddingFiles& files, SignOptions options);

absl::StatusOr<AuditReport> Audit(const Panel& panel, const Candidate& candidate, const AuditOptions& options);

}  // namespace stemma

#endif  // STEMMA_CANDIDATE_H_
