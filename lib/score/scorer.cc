#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "lib/panel/prompt_pairs.h"
#include "lib/score/centring.h"
#include "stemma/score.h"

namespace stemma {
namespace {

constexpr std::size_t kPromptsPerStripe = 16;  // summed by one thread on its own

panel::PromptModels ModelsAt(const Panel& panel, std::size_t prompt) {
  panel::PromptModels models;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    models.answered.push_back(panel.Answered(prompt, m));
    models.squared_norms.push_back(panel.SquaredNorm(prompt, m));
    models.answer_hashes.push_back(panel.AnswerHashes(prompt, m));
  }
  return models;
}

// Sums what `add` makes of each prompt, stripe by stripe.
absl::StatusOr<std::vector<PairSum>> SumOverPrompts(
    std::size_t size, std::size_t prompts, int threads,
    const std::function<absl::Status(std::size_t, std::span<PairSum>)>& add) {
  std::vector<PairSum> total(size);
  std::mutex mutex;
  const std::size_t stripes = (prompts + kPromptsPerStripe - 1) / kPromptsPerStripe;
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(stripes, threads, [&](std::size_t stripe) {
    std::vector<PairSum> sums(size);
    const std::size_t first = stripe * kPromptsPerStripe;
    for (std::size_t k = first; k < std::min(first + kPromptsPerStripe, prompts); ++k) {
      STEMMA_RETURN_IF_ERROR(add(k, sums));
    }
    const std::lock_guard lock(mutex);
    for (std::size_t k = 0; k < size; ++k) total[k] += sums[k];
    return absl::OkStatus();
  }));
  return total;
}

const std::string& OrganisationOf(const ModelMetadata& metadata) {
  return metadata.organisation.empty() ? metadata.model : metadata.organisation;
}

bool IsBare(const ModelMetadata& metadata) { return metadata.group.empty() && metadata.organisation.empty(); }

std::vector<ModelMetadata> MetadataOf(const Panel& panel) {
  std::vector<ModelMetadata> metadata;
  for (const PanelModel& model : panel.models()) metadata.push_back(model.metadata);
  return metadata;
}

}  // namespace

struct Scorer::Cache {
  std::mutex mutex;
  std::vector<std::size_t> prompts;
  std::shared_ptr<const Sums> sums;
};

Scorer::Scorer(Panel panel, ScoreOptions options)
    : panel_(std::move(panel)),
      options_(options),
      lineage_(std::make_shared<const Lineage>(MetadataOf(panel_))),
      cache_(std::make_shared<Cache>()) {}

absl::StatusOr<Scorer> Scorer::Create(Panel panel, ScoreOptions options) {
  for (const double weight : {options.rival_weight_weights, options.rival_weight_distillation,
                              options.rival_weight_ranking}) {
    if (!(weight >= 0 && weight <= 1)) {
      return absl::InvalidArgumentError(absl::StrFormat("a rival weight must be in [0, 1], got %g", weight));
    }
  }
  if (panel.groups().size() < kMinGroups) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the panel has %d groups of models; scores need at least %d", panel.groups().size(), kMinGroups));
  }
  return Scorer(std::move(panel), options);
}

absl::Status Scorer::Check(const Signature& signature) const {
  const Hash128& own = panel_.vocabulary().digest();
  if (signature.vocabulary_digest() == own) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrFormat("%s: signature made with vocabulary %s; the panel's vocabulary is %s", signature.metadata().model,
                      ToHex(signature.vocabulary_digest()), ToHex(own)));
}

std::vector<std::size_t> Scorer::SharedPrompts(const Signature& signature) const {
  std::vector<std::size_t> prompts;
  for (const PromptRow& row : signature.rows()) {
    if (const auto prompt = panel_.FindPrompt(row.prompt)) prompts.push_back(*prompt);
  }
  return prompts;
}

absl::StatusOr<Scorer::Sums> Scorer::CandidateSums(const Signature& signature,
                                                   std::span<const std::size_t> prompts) const {
  return SumOverPrompts(panel_.models().size(), prompts.size(), options_.threads,
                        [&](std::size_t k, std::span<PairSum> sums) {
                          const std::size_t prompt = prompts[k];
                          const PromptRow& row = signature.rows()[*signature.Find(panel_.prompts()[prompt])];
                          std::vector<GramCount> grams, sample;
                          signature.Grams(row, grams);
                          PromptIndex index;
                          STEMMA_RETURN_IF_ERROR(panel_.ReadIndex(prompt, index));
                          index.Sample(grams, sample);
                          std::vector<std::uint32_t> hashes;
                          for (const AnswerDigest& answer : signature.Answers(row)) {
                            hashes.push_back(static_cast<std::uint32_t>(answer.token_hash));
                          }
                          panel::AddRow(index, ModelsAt(panel_, prompt), sample, hashes, sums);
                          return absl::OkStatus();
                        });
}

absl::StatusOr<Scorer::Sums> Scorer::PanelSumsAt(std::span<const std::size_t> prompts) const {
  const std::size_t models = panel_.models().size();
  STEMMA_ASSIGN_OR_RETURN(Sums sums, SumOverPrompts(models * models, prompts.size(), options_.threads,
                                                    [&](std::size_t k, std::span<PairSum> part) {
                                                      PromptIndex index;
                                                      STEMMA_RETURN_IF_ERROR(panel_.ReadIndex(prompts[k], index));
                                                      panel::AddPairs(index, ModelsAt(panel_, prompts[k]), part);
                                                      return absl::OkStatus();
                                                    }));
  for (std::size_t a = 0; a < models; ++a) {
    for (std::size_t b = 0; b < a; ++b) sums[a * models + b] = sums[b * models + a];
  }
  return sums;
}

absl::StatusOr<std::shared_ptr<const Scorer::Sums>> Scorer::PanelSums(const std::vector<std::size_t>& prompts) const {
  const std::lock_guard lock(cache_->mutex);
  if (cache_->sums != nullptr && cache_->prompts == prompts) return cache_->sums;
  // The file holds the sums over all prompts; take the shorter way to those of a part.
  Sums sums(panel_.pair_sums().begin(), panel_.pair_sums().end());
  std::vector<std::size_t> others;
  for (std::size_t p = 0, k = 0; p < panel_.prompts().size(); ++p) {
    if (k < prompts.size() && prompts[k] == p) {
      ++k;
    } else {
      others.push_back(p);
    }
  }
  if (others.size() < prompts.size()) {
    STEMMA_ASSIGN_OR_RETURN(const Sums rest, PanelSumsAt(others));
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] -= rest[k];
  } else {
    STEMMA_ASSIGN_OR_RETURN(sums, PanelSumsAt(prompts));
  }
  cache_->prompts = prompts;
  cache_->sums = std::make_shared<const Sums>(std::move(sums));
  return cache_->sums;
}

absl::StatusOr<std::vector<PairScore>> Scorer::ScoreRow(std::span<const PairSum> row, std::span<const PairSum> matrix,
                                                        const ModelMetadata& candidate,
                                                        std::optional<std::size_t> self) const {
  score::Cohort cohort;
  for (std::size_t m = 0; m < panel_.models().size(); ++m) {
    cohort.groups.push_back(panel_.group(m));
    cohort.counts.push_back(!panel_.models()[m].metadata.degenerate);
  }
  std::optional<std::size_t> group = panel_.FindGroup(candidate);
  if (!group && self) group = panel_.group(*self);
  const auto centred = score::Centre(row, matrix, cohort, group, self);
  if (!centred) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: fewer than %d groups of the panel have prompts in common with it and each other, or they do not differ",
        candidate.model, kMinGroups));
  }
  const auto scored = [&](std::size_t m) { return m != self && std::isfinite((*centred)[m]); };
  const auto best_rival = [&](std::size_t reference, bool known_lineage) {
    double best = -std::numeric_limits<double>::infinity();
    for (std::size_t m = 0; m < centred->size(); ++m) {
      const ModelMetadata& rival = panel_.models()[m].metadata;
      if (!scored(m) || !cohort.counts[m] || !rival.reference || (known_lineage && !lineage_->Known(m))) continue;
      const std::string& organisation = OrganisationOf(rival);
      if (organisation == candidate.organisation ||
          organisation == OrganisationOf(panel_.models()[reference].metadata)) {
        continue;
      }
      best = std::max(best, (*centred)[m]);
    }
    return std::isfinite(best) ? best : 0;
  };
  std::vector<PairScore> pairs(centred->size());
  for (std::size_t m = 0; m < pairs.size(); ++m) {
    if (!scored(m)) continue;
    const double score = (*centred)[m];
    const double rival = best_rival(m, false);
    pairs[m].weights = score - options_.rival_weight_weights * rival;
    pairs[m].distillation = score - options_.rival_weight_distillation * rival;
    pairs[m].ranking = score - options_.rival_weight_ranking * best_rival(m, true);
    pairs[m].n_prompts = row[m].used_prompts();
    pairs[m].copies = row[m].copies;
    pairs[m].scored = true;
  }
  return pairs;
}

absl::StatusOr<CandidateScores> Scorer::Score(const Signature& signature) const {
  STEMMA_RETURN_IF_ERROR(Check(signature));
  CandidateScores out;
  out.candidate = signature.metadata();
  out.responses = signature.responses();
  for (std::size_t m = 0; m < panel_.models().size(); ++m) {
    if (panel_.models()[m].digest == signature.digest()) out.self = m;
  }
  if (!out.self) {
    out.self = panel_.FindModel(signature.metadata().model);
    out.self_by_name_only = out.self.has_value();
  }
  if (out.self && IsBare(out.candidate)) {
    const std::string name = out.candidate.model;
    out.candidate = panel_.models()[*out.self].metadata;
    out.candidate.model = name;
  }
  const std::vector<std::size_t> prompts = SharedPrompts(signature);
  out.shared_prompts = prompts.size();
  if (prompts.empty()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: none of its %d prompts is among the panel's %d", out.candidate.model, signature.rows().size(),
        panel_.prompts().size()));
  }
  STEMMA_ASSIGN_OR_RETURN(const Sums row, CandidateSums(signature, prompts));
  STEMMA_ASSIGN_OR_RETURN(const std::shared_ptr<const Sums> matrix, PanelSums(prompts));
  STEMMA_ASSIGN_OR_RETURN(out.pairs, ScoreRow(row, *matrix, out.candidate, out.self));
  return out;
}

absl::StatusOr<std::vector<PairScore>> Scorer::ScorePanel(const Signature& signature) const {
  STEMMA_RETURN_IF_ERROR(Check(signature));
  STEMMA_ASSIGN_OR_RETURN(const std::shared_ptr<const Sums> matrix, PanelSums(SharedPrompts(signature)));
  const std::size_t models = panel_.models().size();
  std::vector<PairScore> scores(models * models);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(models, options_.threads, [&](std::size_t m) {
    const auto row = std::span(*matrix).subspan(m * models, models);
    const auto pairs = ScoreRow(row, *matrix, panel_.models()[m].metadata, m);
    // Without this model too few groups are left to score it: it stays unscored.
    if (absl::IsFailedPrecondition(pairs.status())) return absl::OkStatus();
    if (!pairs.ok()) return pairs.status();
    std::ranges::copy(*pairs, scores.begin() + static_cast<std::ptrdiff_t>(m * models));
    return absl::OkStatus();
  }));
  return scores;
}

}  // namespace stemma
