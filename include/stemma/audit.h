// One candidate against a panel: nearest references, how often unrelated models come as near, and a verdict.
//
// Two classes, never pooled: shared weights (a fine-tune, merge or restyle), and distillation through outputs. A panel that
// is not calibrated gives ranks and no likelihood ratios, and no verdict but `insufficient_evidence`.
// Errors: those of Scorer and ScoreEmbeddings; kNotFound for a declared reference that the panel does not have;
// kInvalidArgument for a prior outside (0, 1); kCancelled (progress said stop).
// Determinism: the same result for any number of threads and any order of responses.
#ifndef STEMMA_AUDIT_H_
#define STEMMA_AUDIT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/embedding_panel.h"
#include "stemma/embedding_signature.h"
#include "stemma/evidence_class.h"
#include "stemma/exculpation.h"
#include "stemma/family_tree.h"
#include "stemma/input_facts.h"
#include "stemma/likelihood_ratio.h"
#include "stemma/lineage.h"
#include "stemma/panel.h"
#include "stemma/progress.h"
#include "stemma/propositions.h"
#include "stemma/rank_p.h"
#include "stemma/score.h"
#include "stemma/sign.h"
#include "stemma/signature.h"
#include "stemma/verdict.h"

namespace stemma {

// A reason or a doubt with an id that stays the same from version to version.
struct Remark {
  std::string id;
  std::string text;
};

struct ReferenceFinding {
  std::size_t model = 0;  // in the panel
  double score = 0;
  RankP rank;                           // of a declared reference its own, else that of a search
  double p_value = 1;                   // the rank's, adjusted by Holm among several declared references
  std::size_t independent_groups = 0;   // unrelated to the reference and to the candidate
  std::optional<LikelihoodRatio> lr;    // of a calibrated panel
  std::uint32_t n_prompts = 0;
  std::uint32_t copies = 0;
  bool copies_left_out = true;  // of the score
  bool declared = false;
  bool released_after_candidate = false;
  Kinship to_candidate = Kinship::kUnrelated;  // as documented
  Kinship to_nearest = Kinship::kUnrelated;    // to the nearest reference of the class
};

// Versions of one family, the nearest first.
struct FamilyFinding {
  std::string organisation;
  std::string family;
  std::vector<ReferenceFinding> references;
};

// What the subject's bounded likelihood ratio and its interval would make of a prior that the user named.
struct WhatIf {
  double prior = 0;
  double posterior = 0;
  double lower = 0;
  double upper = 0;
};

// The best score of a group's models: on the subject, or where nobody declared it on any reference.
struct GroupVote {
  std::size_t group = 0;  // in the panel
  double score = 0;
};

struct ClassFinding {
  EvidenceClass evidence_class = EvidenceClass::kWeights;
  std::vector<FamilyFinding> families;  // the nearest first; every reference of the panel is in one
  RankP search;                         // of the candidate's best score over all references
  // The reference that is judged, in the panel: of the declared ones the nearest, else the nearest of all.
  std::optional<std::size_t> subject;
  std::vector<GroupVote> votes;  // that the subject's p counts, the highest first
  Propositions propositions;     // of the subject
  VerdictInputs inputs;
  VerdictFinding verdict;
  Exculpation exculpation;  // of the subject
  std::optional<WhatIf> what_if;  // where a prior was named and the verdict is another than `insufficient_evidence`
};

// The finding on the reference that a class is judged by; null without one. It lives as long as `finding`.
const ReferenceFinding* SubjectOf(const ClassFinding& finding);

// Where few prompts are shared: what style alone says, over all answers, matched by length. It tells the classes apart
// less well than paired prompts do, and carries no verdict.
struct UnpairedFinding {
  std::vector<FamilyFinding> families;  // the nearest first
  RankP search;
};

// One reference by embeddings.
struct EmbeddingReference {
  std::size_t model = 0;        // in the panel
  double cosine = 0;            // mean, centred by prompt
  double score = 0;             // the same in standard deviations of unrelated pairs
  std::uint32_t n_prompts = 0;
  double ngrams = std::numeric_limits<double>::quiet_NaN();  // the score of n-grams alone
};

// What embeddings of the answers say. They enter no likelihood ratio and no verdict: see docs/fusion.md.
struct EmbeddingFinding {
  EmbeddingSpace space;
  Hash128 panel_digest;      // of the panel's embeddings
  Hash128 signature_digest;  // of the candidate's
  std::size_t dims = 0;      // that were compared
  std::uint64_t vectors = 0;
  std::size_t prompts = 0;
  std::size_t shared_prompts = 0;
  std::vector<EmbeddingReference> references;  // the nearest first; none where there are too few prompts or groups
  RankP search;                                // of the nearest's score over all references
  std::optional<std::size_t> nearest_by_ngrams;
  Kinship to_nearest_by_ngrams = Kinship::kUnrelated;  // of the nearest, as documented

  // Whether both have the same nearest reference. Precondition: there are references.
  bool AgreesWithNgrams() const { return references.front().model == nearest_by_ngrams; }
};

struct CopyFinding {
  std::size_t model = 0;
  std::uint32_t prompts = 0;  // at which an answer is a copy
  bool left_out = true;       // of the scores; false where too little would be left without them
};

struct AuditOptions {
  std::vector<std::string> references;  // declared before scoring
  double alpha = 0.05;
  std::optional<double> prior;  // of H1, for a what-if: in (0, 1)
  std::size_t draws = 399;  // of the bootstrap behind an interval
  bool family_tree = false;  // build one, too: it takes as long as the rest
  bool mixture = true;  // warn where a mixture explains the responses better than one model; from `kMinMixturePrompts` on
  std::uint64_t seed = 1;
  ScoreOptions score;
  Progress progress = {};  // not kept by the report
};

struct AuditReport {
  AuditOptions options;  // that it was made with
  ModelMetadata candidate;
  InputFacts input;
  Hash128 candidate_digest;
  std::size_t responses = 0;
  std::size_t prompts = 0;
  std::size_t shared_prompts = 0;
  std::optional<std::size_t> self;  // the panel's model that the candidate is
  std::vector<CopyFinding> copies;  // most copies first
  std::array<ClassFinding, 2> classes;
  EvidenceClass headline = EvidenceClass::kDistillation;  // whose verdict speaks for both
  const ClassFinding& headline_finding() const { return classes[static_cast<std::size_t>(headline)]; }
  std::optional<FamilyTree> family_tree;  // where it was asked for and there are prompts enough
  std::optional<UnpairedFinding> unpaired;  // where fewer than `kMinPairedPrompts` prompts are shared
  std::optional<EmbeddingFinding> embeddings;  // where they were given
  std::vector<Remark> warnings;
};

// The panel's embeddings, and those of the candidate's responses.
struct AuditEmbeddings {
  const EmbeddingPanel& panel;
  const EmbeddingSignature& candidate;
};

// `inputs` may be null; where given, what was skipped while reading is told among the warnings. So may `embeddings`, whose
// finding is the only thing in a report that depends on them.
absl::StatusOr<AuditReport> Audit(const Panel& panel, const Signature& candidate, const AuditOptions& options,
                                  const ResponseSet* inputs = nullptr, const AuditEmbeddings* embeddings = nullptr);

}  // namespace stemma

#endif  // STEMMA_AUDIT_H_
