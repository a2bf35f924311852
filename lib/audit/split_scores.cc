#include "lib/audit/split_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "lib/panel/metadata_of.h"
#include "lib/score/centring.h"
#include "lib/score/fusion.h"
#include "lib/score/rivals.h"

namespace stemma::audit {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class SplitScorer {
 public:
  SplitScorer(const Panel& panel, std::span<const std::size_t> members, const Similarity& ngrams,
              const Similarity& style, const ScoreOptions& options)
      : panel_(panel), members_(members), ngrams_(ngrams), style_(style), options_(options) {
    std::vector<std::size_t> groups;  // in the order of their first member
    for (const std::size_t m : members) {
      const ModelMetadata& metadata = panel.models()[m].metadata;
      const auto known = std::ranges::find(groups, panel.group(m));
      cohort_.groups.push_back(static_cast<std::size_t>(known - groups.begin()));
      if (known == groups.end()) groups.push_back(panel.group(m));
      cohort_.counts.push_back(true);
      organisations_.push_back(panel::MakerOf(metadata));
      rivals_.push_back(metadata.reference);
    }
    ngram_matrix_ = Matrix(ngrams);
    if (style) style_matrix_ = Matrix(style);
  }

  SplitScores Score(std::span<const std::size_t> candidates) const {
    SplitScores scores;
    for (std::size_t k = 0; k < members_.size(); ++k) {
      Append(members_[k], FrameWithout(k), cohort_.groups[k], scores.of_members);
      for (std::vector<double>& of_class : scores.of_members) of_class[k * members_.size() + k] = kNaN;
    }
    const Frame frame = FrameWithout(std::nullopt);
    for (const std::size_t candidate : candidates) Append(candidate, frame, std::nullopt, scores.of_candidates);
    return scores;
  }

 private:
  using Values = std::vector<double>;
  struct Frame {
    std::optional<std::size_t> self;
    std::optional<score::Centring> ngrams;
    std::optional<score::Centring> style;
  };

  Values Row(const Similarity& similarity, std::size_t model) const {
    Values row;
    for (const std::size_t member : members_) row.push_back(similarity(model, member));
    return row;
  }

  Values Matrix(const Similarity& similarity) const {
    Values matrix;
    for (const std::size_t member : members_) {
      const Values row = Row(similarity, member);
      matrix.insert(matrix.end(), row.begin(), row.end());
    }
    return matrix;
  }

  Frame FrameWithout(std::optional<std::size_t> self) const {
    Frame frame{self, score::Centring::Fit(ngram_matrix_, cohort_, self), std::nullopt};
    if (style_) frame.style = score::Centring::Fit(style_matrix_, cohort_, self);
    return frame;
  }

  Values Centred(const Similarity& similarity, std::size_t model, const std::optional<score::Centring>& centring,
                 const Frame& frame, std::optional<std::size_t> group) const {
    Values scores(members_.size(), kNaN);
    if (centring) scores = centring->Apply(Row(similarity, model), group);
    if (frame.self) scores[*frame.self] = kNaN;
    return scores;
  }

  // Adds a model's row to each class. `group`: its group in the cohort.
  void Append(std::size_t model, const Frame& frame, std::optional<std::size_t> group,
              std::array<Values, kEvidenceClasses.size()>& out) const {
    const Values ngrams = Centred(ngrams_, model, frame.ngrams, frame, group);
    const Values style = style_ ? Centred(style_, model, frame.style, frame, group) : Values();
    const Values fused = score::Fused(ngrams, style);
    AppendLessRivals(ngrams, options_.rival_weight_weights, model,
                     out[static_cast<std::size_t>(EvidenceClass::kWeights)]);
    AppendLessRivals(fused, options_.rival_weight_distillation, model,
                     out[static_cast<std::size_t>(EvidenceClass::kDistillation)]);
  }

  void AppendLessRivals(const Values& scores, double rival_weight, std::size_t model, Values& out) const {
    const std::string& organisation = panel_.models()[model].metadata.organisation;
    const Values rivals = score::BestRivals(scores, organisations_, rivals_, organisation);
    for (std::size_t m = 0; m < scores.size(); ++m) {
      out.push_back(std::isfinite(scores[m]) ? scores[m] - rival_weight * rivals[m] : kNaN);
    }
  }

  const Panel& panel_;
  std::span<const std::size_t> members_;
  const Similarity& ngrams_;
  const Similarity& style_;
  const ScoreOptions& options_;
  score::Cohort cohort_;
  std::vector<std::string> organisations_;
  std::vector<bool> rivals_;
  Values ngram_matrix_;
  Values style_matrix_;
};

}  // namespace

SplitScores ScoreSplit(const Panel& panel, std::span<const std::size_t> members,
                       std::span<const std::size_t> candidates, const Similarity& ngrams, const Similarity& style,
                       const ScoreOptions& options) {
  return SplitScorer(panel, members, ngrams, style, options).Score(candidates);
}

}  // namespace stemma::audit
