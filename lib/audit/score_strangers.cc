#include "stemma/score_strangers.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "stemma/style_fit.h"

namespace stemma {
namespace {

class StrangerScorer {
 public:
  StrangerScorer(const Panel& panel, const SignWithout& sign_without, const StrangerOptions& options)
      : panel_(panel), sign_without_(sign_without), options_(options) {
    const std::size_t cells = panel.models().size() * panel.models().size();
    scores_.weights.assign(cells, std::numeric_limits<float>::quiet_NaN());
    scores_.distillation = scores_.ranking = scores_.weights;
    scores_.rival_weight_weights = options.score.rival_weight_weights;
    scores_.rival_weight_distillation = options.score.rival_weight_distillation;
    scores_.rival_weight_ranking = options.score.rival_weight_ranking;
    scores_.vocabulary_refitted = options.vocabulary_refitted;
  }

  absl::StatusOr<StrangerScores> Run() && {
    const std::size_t groups = panel_.groups().size();
    for (std::size_t group = 0; group < groups; ++group) {
      if (options_.progress && !options_.progress({"scoring strangers, group by group", group, groups})) {
        return absl::CancelledError("scoring strangers was cancelled");
      }
      if (const absl::Status status = LeaveOut(group); !status.ok()) {
        return absl::Status(status.code(),
                            absl::StrFormat("without group %s: %s", panel_.groups()[group], status.message()));
      }
    }
    return std::move(scores_);
  }

 private:
  const ModelMetadata& metadata(std::size_t model) const { return panel_.models()[model].metadata; }

  std::set<std::string> Members(std::size_t group) const {
    std::set<std::string> members;
    for (std::size_t m = 0; m < panel_.models().size(); ++m) {
      if (panel_.group(m) == group) members.insert(metadata(m).model);
    }
    return members;
  }

  absl::Status LeaveOut(std::size_t group) {
    const std::set<std::string> left_out = Members(group);
    STEMMA_ASSIGN_OR_RETURN(SignedModels models, sign_without_(left_out));
    std::vector<Signature> signatures;
    for (Signature& signature : models.signatures) {
      const auto model = panel_.FindModel(signature.metadata().model);
      if (!model) continue;
      ModelMetadata documented = metadata(*model);
      // Degenerate models are left out of every statistic and scored all the same.
      documented.degenerate = documented.degenerate || left_out.contains(documented.model);
      signature.set_metadata(std::move(documented));
      signatures.push_back(std::move(signature));
    }
    if (signatures.size() != panel_.models().size()) {
      return absl::FailedPreconditionError(
          absl::StrFormat("the panel has %d models, of which %d are given", panel_.models().size(), signatures.size()));
    }
    STEMMA_ASSIGN_OR_RETURN(const Vocabulary vocabulary, WithSpace(std::move(models.vocabulary), signatures));
    STEMMA_ASSIGN_OR_RETURN(Panel panel, Panel::Build(signatures, vocabulary,
                                                      {.index_bytes_per_response = options_.index_bytes_per_response,
                                                       .threads = options_.score.threads}));
    STEMMA_ASSIGN_OR_RETURN(const Scorer scorer, Scorer::Create(std::move(panel), options_.score));
    for (const Signature& signature : signatures) {
      if (left_out.contains(signature.metadata().model)) STEMMA_RETURN_IF_ERROR(Score(scorer, signature));
    }
    return absl::OkStatus();
  }

  // A panel without style has none without a group, either.
  absl::StatusOr<Vocabulary> WithSpace(Vocabulary vocabulary, const std::vector<Signature>& signatures) const {
    if (panel_.style() == nullptr) return vocabulary;
    STEMMA_ASSIGN_OR_RETURN(StyleSpace space, FitStyleSpace(signatures, vocabulary));
    return vocabulary.WithStyleSpace(std::move(space));
  }

  absl::Status Score(const Scorer& scorer, const Signature& stranger) {
    STEMMA_ASSIGN_OR_RETURN(const CandidateScores found, scorer.Score(stranger));
    const std::size_t row = *panel_.FindModel(stranger.metadata().model) * panel_.models().size();
    for (std::size_t m = 0; m < found.pairs.size(); ++m) {
      if (!found.pairs[m].scored) continue;
      const std::size_t cell = row + *panel_.FindModel(scorer.panel().models()[m].metadata.model);
      scores_.weights[cell] = static_cast<float>(found.pairs[m].weights);
      scores_.distillation[cell] = static_cast<float>(found.pairs[m].distillation);
      scores_.ranking[cell] = static_cast<float>(found.pairs[m].ranking);
    }
    return absl::OkStatus();
  }

  const Panel& panel_;
  const SignWithout& sign_without_;
  const StrangerOptions& options_;
  StrangerScores scores_;
};

}  // namespace

SignWithout RefitVocabulary(std::vector<std::string> response_paths, std::vector<std::string> brands, SignOptions options) {
  return [paths = std::move(response_paths), brands = std::move(brands),
          options = std::move(options)](const std::set<std::string>& left_out) -> absl::StatusOr<SignedModels> {
    VocabularyFitter fitter(brands);
    const auto add = [&](const Response& response) {
      const std::string model(response.model);
      if (!left_out.contains(model) && !options.metadata.Find(model).degenerate) {
        fitter.Add(model, response.prompt_key, response.answer);
      }
      return absl::OkStatus();
    };
    STEMMA_RETURN_IF_ERROR(ResponseSet::Read(paths, options.read, add).status());
    STEMMA_ASSIGN_OR_RETURN(Vocabulary vocabulary, fitter.Fit());
    STEMMA_ASSIGN_OR_RETURN(SignedInputs inputs, SignResponses(paths, vocabulary, options));
    return SignedModels{std::move(vocabulary), std::move(inputs.signatures)};
  };
}

SignWithout KeepVocabulary(Vocabulary vocabulary, std::vector<Signature> signatures) {
  return [vocabulary = std::move(vocabulary), signatures = std::move(signatures)](const std::set<std::string>&)
             -> absl::StatusOr<SignedModels> { return SignedModels{vocabulary, signatures}; };
}

absl::StatusOr<StrangerScores> ScoreAsStrangers(const Panel& panel, const SignWithout& sign_without,
                                                const StrangerOptions& options) {
  return StrangerScorer(panel, sign_without, options).Run();
}

}  // namespace stemma
