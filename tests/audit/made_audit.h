// A panel of many groups and a candidate, for audits and their reports.
#ifndef STEMMA_TESTS_AUDIT_MADE_AUDIT_H_
#define STEMMA_TESTS_AUDIT_MADE_AUDIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "stemma/audit.h"
#include "tests/panel/made_world.h"

namespace stemma {

struct AuditCase {
  oracle::World world;
  std::vector<ModelMetadata> metadata;  // of the panel's models
  oracle::AnswersByPrompt candidate;
  ModelMetadata candidate_metadata;
};

// As many groups as models, one model each, and a candidate of none of them.
inline AuditCase MadeAudit(std::uint64_t seed, std::size_t models = 24, std::size_t prompts = 60) {
  AuditCase made;
  made.world =
      RandomWorld(seed, {.groups = models + 1, .models = models + 1, .prompts = prompts, .missing = 0, .several = 0});
  made.candidate = made.world.answers.back();
  made.world.answers.pop_back();
  made.world.models.pop_back();
  for (std::size_t m = 0; m < models; ++m) {
    made.metadata.push_back(MetadataOfModel(made.world, m));
    made.metadata.back().family = "family" + std::to_string(m);
  }
  made.candidate_metadata.model = "candidate";
  made.candidate_metadata.organisation = "newcomer";
  return made;
}

inline Panel PanelOf(const AuditCase& made) {
  std::vector<Signature> signatures;
  for (std::size_t m = 0; m < made.metadata.size(); ++m) {
    signatures.push_back(SignatureOf(made.world.answers[m], made.metadata[m]));
  }
  PanelOptions options;
  options.title = "made up";
  return Panel::Build(signatures, MadeVocabulary(), options).value();
}

inline Signature CandidateOf(const AuditCase& made) { return SignatureOf(made.candidate, made.candidate_metadata); }

// The candidate learns from a model: it takes each of its n-grams with the probability `share`.
inline void Derive(AuditCase& made, std::size_t from, double share, std::uint64_t seed = 1) {
  base::Random random(seed);
  for (auto& [prompt, answers] : made.candidate) {
    for (const auto& [gram, count] : made.world.answers[from].at(prompt).grams) {
      if (random.Uniform() < share) answers.grams[gram] = 1;
    }
  }
}

}  // namespace stemma

#endif  // STEMMA_TESTS_AUDIT_MADE_AUDIT_H_
