#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/status_macros.h"
#include "lib/panel/metadata_of.h"
#include "lib/panel/panel_sums.h"
#include "lib/score/centring.h"
#include "lib/score/fusion.h"
#include "lib/score/rivals.h"
#include "stemma/score.h"

namespace stemma {
namespace {

bool IsBare(const ModelMetadata& metadata) { return metadata.group.empty() && metadata.organisation.empty(); }

}  // namespace

// The panel's models, as far as metadata decide how they enter scores.
struct Scorer::Population {
  score::Cohort cohort;
  std::vector<std::string> organisations;
  std::vector<bool> references;
  std::vector<bool> references_of_known_lineage;

  Population(const Panel& panel, const Lineage& lineage) : cohort(score::CohortOf(panel)) {
    for (std::size_t m = 0; m < panel.models().size(); ++m) {
      const ModelMetadata& metadata = panel.models()[m].metadata;
      organisations.push_back(panel::MakerOf(metadata));
      references.push_back(metadata.reference && !metadata.degenerate);
      references_of_known_lineage.push_back(references.back() && lineage.Known(m));
    }
  }
};

struct Scorer::Cache {
  std::mutex mutex;
  std::vector<std::size_t> prompts;
  std::shared_ptr<const PanelAtPrompts> panel;
};

Scorer::Scorer(Panel panel, ScoreOptions options)
    : panel_(std::move(panel)),
      options_(options),
      lineage_(std::make_shared<const Lineage>(panel::MetadataOf(panel_))),
      population_(std::make_shared<const Population>(panel_, *lineage_)),
      cache_(std::make_shared<Cache>()) {
  Similarities styles;
  if (const PanelStyle* style = panel_.style()) {
    for (std::size_t a = 0; a < panel_.models().size(); ++a) {
      for (std::size_t b = 0; b < panel_.models().size(); ++b) {
        styles.style.push_back(score::StyleSimilarity(style->paired(a), style->paired(b)));
        styles.length_matched.push_back(score::StyleSimilarity(style->length_matched(a), style->length_matched(b)));
      }
    }
  }
  styles_ = std::make_shared<const Similarities>(std::move(styles));
}

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
  return panel::SumOverPrompts(panel_.models().size(), prompts.size(), options_.threads,
                        [&](std::size_t k, std::span<PairSum> sums) {
                          const std::size_t prompt = prompts[k];
                          const PromptRow& row = signature.rows()[*signature.Find(panel_.prompts()[prompt])];
                          std::vector<GramCount> grams, sample;
                          signature.Grams(row, grams);
                          PromptIndex index;
                          STEMMA_RETURN_IF_ERROR(panel_.ReadIndex(prompt, index));
                          index.Sample(grams, sample);
                          panel::AddRow(index, panel::ModelsAt(panel_, prompt), sample, panel::TokenHashes(signature, row), sums);
                          return absl::OkStatus();
                        });
}

absl::StatusOr<std::shared_ptr<const Scorer::PanelAtPrompts>> Scorer::PanelAt(
    const std::vector<std::size_t>& prompts) const {
  const std::lock_guard lock(cache_->mutex);
  if (cache_->panel != nullptr && cache_->prompts == prompts) return cache_->panel;
  STEMMA_ASSIGN_OR_RETURN(Sums sums, panel::PairSumsAt(panel_, prompts, options_.threads));
  cache_->prompts = prompts;
  Values means = panel::MeanCosines(sums);
  cache_->panel = std::make_shared<const PanelAtPrompts>(PanelAtPrompts{std::move(sums), std::move(means)});
  return cache_->panel;
}

// Prompts at which an answer is a copy of one of the model's.
std::vector<std::size_t> Scorer::CopiedPrompts(const Signature& signature, std::span<const std::size_t> prompts,
                                               std::size_t model) const {
  std::vector<std::size_t> copied;
  for (const std::size_t prompt : prompts) {
    const PromptRow& row = signature.rows()[*signature.Find(panel_.prompts()[prompt])];
    if (panel::ShareCopy(panel::TokenHashes(signature, row), panel_.AnswerHashes(prompt, model))) copied.push_back(prompt);
  }
  return copied;
}

absl::StatusOr<Scorer::Similarities> Scorer::CandidateSimilarities(const Signature& signature,
                                                                   std::span<const std::size_t> prompts,
                                                                   std::span<const PairSum> sums) const {
  Similarities row;
  row.ngrams = panel::MeanCosines(sums);
  if (!ComparesStyle(signature)) return row;
  const PanelStyle* style = panel_.style();
  STEMMA_ASSIGN_OR_RETURN(const PanelStyle::Point paired, style->Paired(signature));
  STEMMA_ASSIGN_OR_RETURN(const PanelStyle::Point length_matched, style->LengthMatched(signature));
  for (std::size_t m = 0; m < panel_.models().size(); ++m) {
    row.style.push_back(score::StyleSimilarity(paired, style->paired(m)));
    row.length_matched.push_back(score::StyleSimilarity(length_matched, style->length_matched(m)));
    if (sums[m].copies == 0 || !sums[m].copies_left_out()) continue;
    const std::vector<std::size_t> copied = CopiedPrompts(signature, prompts, m);
    STEMMA_ASSIGN_OR_RETURN(const PanelStyle::Point without_copies, style->Paired(signature, copied));
    row.style[m] = score::StyleSimilarity(without_copies, style->paired(m));
    STEMMA_ASSIGN_OR_RETURN(const PanelStyle::Point all_without_copies, style->LengthMatched(signature, copied));
    row.length_matched[m] = score::StyleSimilarity(all_without_copies, style->length_matched(m));
  }
  return row;
}

// Where there is no word there is no style.
bool Scorer::ComparesStyle(const Signature& signature) const {
  return panel_.style() != nullptr && signature.has_style() &&
         std::ranges::any_of(signature.rows(), [](const PromptRow& row) { return row.tokens > 0; });
}

Scorer::Similarities Scorer::PanelSimilarities(const PanelAtPrompts& panel, std::size_t model, bool with_style) const {
  const std::size_t models = panel_.models().size();
  const auto row = [&](const Values& matrix) {
    return matrix.empty() ? Values() : Values(matrix.begin() + static_cast<std::ptrdiff_t>(model * models),
                                              matrix.begin() + static_cast<std::ptrdiff_t>((model + 1) * models));
  };
  if (!with_style) return {row(panel.ngrams), {}, {}};
  return {row(panel.ngrams), row(styles_->style), row(styles_->length_matched)};
}

std::optional<std::size_t> Scorer::GroupOf(const ModelMetadata& candidate, std::optional<std::size_t> self) const {
  const std::optional<std::size_t> group = panel_.FindGroup(candidate);
  return !group && self ? panel_.group(*self) : group;
}

// By the parts of a score; nothing where there are too few groups, or no such similarity.
struct Scorer::Frame {
  std::optional<std::size_t> self;
  std::optional<std::size_t> group;  // the candidate's
  std::optional<score::Centring> ngrams;
  std::optional<score::Centring> style;
  std::optional<score::Centring> length_matched;
  std::vector<bool> rivals;
  std::vector<bool> rivals_of_known_lineage;
};

Scorer::Frame Scorer::FrameOf(const PanelAtPrompts& panel, const Similarities& row, std::optional<std::size_t> self,
                              std::optional<std::size_t> group_left_out) const {
  Frame frame;
  frame.self = self;
  frame.rivals = population_->references;
  frame.rivals_of_known_lineage = population_->references_of_known_lineage;
  score::Cohort cohort = population_->cohort;
  for (std::size_t m = 0; group_left_out && m < cohort.groups.size(); ++m) {
    if (cohort.groups[m] != group_left_out) continue;
    cohort.counts[m] = frame.rivals[m] = frame.rivals_of_known_lineage[m] = false;
  }
  const auto fit = [&](const Values& similarities, const Values& matrix) {
    return similarities.empty() ? std::nullopt : score::Centring::Fit(matrix, cohort, self);
  };
  frame.ngrams = fit(row.ngrams, panel.ngrams);
  frame.style = fit(row.style, styles_->style);
  frame.length_matched = fit(row.length_matched, styles_->length_matched);
  return frame;
}

std::vector<PairScore> Scorer::ScoreRow(std::span<const PairSum> sums, const Similarities& row, const Frame& frame,
                                        const ModelMetadata& candidate) const {
  const auto centre = [&](const Values& similarities, const std::optional<score::Centring>& centring) {
    Values scores(row.ngrams.size(), std::numeric_limits<double>::quiet_NaN());
    if (centring) scores = centring->Apply(similarities, frame.group);
    if (frame.self) scores[*frame.self] = std::numeric_limits<double>::quiet_NaN();
    return scores;
  };
  const Values ngrams = centre(row.ngrams, frame.ngrams);
  const Values style = centre(row.style, frame.style);
  const Values length_matched = centre(row.length_matched, frame.length_matched);
  std::vector<PairScore> pairs(row.ngrams.size());
  for (std::size_t m = 0; m < pairs.size(); ++m) {
    pairs[m].unpaired_scored = std::isfinite(length_matched[m]);
    if (pairs[m].unpaired_scored) pairs[m].unpaired = length_matched[m];
  }
  const Values fused = score::Fused(ngrams, style);
  const auto best_rivals = [&](const Values& scores, const std::vector<bool>& eligible) {
    return score::BestRivals(scores, population_->organisations, eligible, candidate.organisation);
  };
  const Values ngram_rivals = best_rivals(ngrams, frame.rivals);
  const Values fused_rivals = best_rivals(fused, frame.rivals);
  const Values known_rivals = best_rivals(fused, frame.rivals_of_known_lineage);
  for (std::size_t m = 0; m < pairs.size(); ++m) {
    if (!std::isfinite(ngrams[m])) continue;
    pairs[m].ngrams = ngrams[m];
    pairs[m].style = style[m];
    pairs[m].weights = ngrams[m] - options_.rival_weight_weights * ngram_rivals[m];
    pairs[m].distillation = fused[m] - options_.rival_weight_distillation * fused_rivals[m];
    pairs[m].ranking = fused[m] - options_.rival_weight_ranking * known_rivals[m];
    pairs[m].n_prompts = sums[m].used_prompts();
    pairs[m].copies = sums[m].copies;
    pairs[m].copies_left_out = sums[m].copies_left_out();
    pairs[m].scored = true;
  }
  return pairs;
}

// Who the candidate is, as far as signature and panel tell.
absl::Status Scorer::IdentifyCandidate(const Signature& signature, CandidateScores& out) const {
  STEMMA_RETURN_IF_ERROR(Check(signature));
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
  out.group = GroupOf(out.candidate, out.self);
  out.with_style = ComparesStyle(signature);
  out.shared_prompts = SharedPrompts(signature).size();
  if (out.shared_prompts == 0 && !out.with_style) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: none of its %d prompts is among the panel's %d", out.candidate.model, signature.rows().size(),
        panel_.prompts().size()));
  }
  return absl::OkStatus();
}

absl::StatusOr<CandidateScores> Scorer::Score(const Signature& signature) const {
  CandidateScores out;
  STEMMA_RETURN_IF_ERROR(IdentifyCandidate(signature, out));
  STEMMA_ASSIGN_OR_RETURN(const Sums sums, CandidateSums(signature, SharedPrompts(signature)));
  STEMMA_ASSIGN_OR_RETURN(out.pairs, ScoreSums(signature, sums, out));
  return out;
}

absl::StatusOr<std::vector<PairScore>> Scorer::ScoreSums(const Signature& signature, std::span<const PairSum> sums,
                                                         const CandidateScores& candidate) const {
  const std::vector<std::size_t> prompts = SharedPrompts(signature);
  STEMMA_ASSIGN_OR_RETURN(const std::shared_ptr<const PanelAtPrompts> panel, PanelAt(prompts));
  STEMMA_ASSIGN_OR_RETURN(const Similarities row, CandidateSimilarities(signature, prompts, sums));
  Frame frame = FrameOf(*panel, row, candidate.self);
  if (!frame.ngrams && !frame.length_matched) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: fewer than %d groups of the panel have prompts in common with it and each other, or they do not differ",
        candidate.candidate.model, kMinGroups));
  }
  frame.group = candidate.group;
  return ScoreRow(sums, row, frame, candidate.candidate);
}

absl::StatusOr<std::vector<PairScore>> Scorer::ScorePanel(const Signature& signature) const {
  STEMMA_RETURN_IF_ERROR(Check(signature));
  // Whatever the candidate is scored by, the models that it is ranked among must be scored by the same.
  return ScorePanelAt(SharedPrompts(signature), ComparesStyle(signature));
}

absl::StatusOr<std::vector<PairScore>> Scorer::ScorePanel() const {
  std::vector<std::size_t> prompts(panel_.prompts().size());
  std::iota(prompts.begin(), prompts.end(), std::size_t{0});
  return ScorePanelAt(prompts, panel_.style() != nullptr);
}

absl::StatusOr<std::vector<PairScore>> Scorer::ScorePanelAt(const std::vector<std::size_t>& prompts, bool with_style) const {
  STEMMA_ASSIGN_OR_RETURN(const std::shared_ptr<const PanelAtPrompts> panel, PanelAt(prompts));
  const std::size_t models = panel_.models().size();
  std::vector<PairScore> scores(models * models);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(models, options_.threads, [&](std::size_t m) {
    const ModelMetadata& metadata = panel_.models()[m].metadata;
    const Similarities row = PanelSimilarities(*panel, m, with_style);
    // Where without this model too few groups are left to score it, it stays unscored.
    Frame frame = FrameOf(*panel, row, m);
    frame.group = GroupOf(metadata, m);
    const auto pairs = ScoreRow(std::span(panel->sums).subspan(m * models, models), row, frame, metadata);
    std::ranges::copy(pairs, scores.begin() + static_cast<std::ptrdiff_t>(m * models));
    return absl::OkStatus();
  }));
  return scores;
}

// Sorted prompts in thirds by the median of the panel's answers' norms, which grow with length; in each they stay sorted.
std::array<std::vector<std::size_t>, kPromptCategories> Scorer::ByLengthOfAnswers(
    std::span<const std::size_t> prompts) const {
  std::vector<std::pair<std::uint64_t, std::size_t>> by_norm;
  for (const std::size_t prompt : prompts) {
    std::vector<std::uint64_t> norms;
    for (std::size_t m = 0; m < panel_.models().size(); ++m) {
      if (population_->cohort.counts[m] && panel_.Answered(prompt, m)) norms.push_back(panel_.SquaredNorm(prompt, m));
    }
    std::ranges::sort(norms);
    by_norm.emplace_back(norms.empty() ? 0 : norms[norms.size() / 2], prompt);
  }
  std::ranges::sort(by_norm);
  std::array<std::vector<std::size_t>, kPromptCategories> thirds;
  for (std::size_t k = 0; k < by_norm.size(); ++k) thirds[k * thirds.size() / by_norm.size()].push_back(by_norm[k].second);
  for (std::vector<std::size_t>& third : thirds) std::ranges::sort(third);
  return thirds;
}

absl::StatusOr<ScoreVariants> Scorer::Vary(const Signature& signature) const {
  ScoreVariants variants(*this);
  STEMMA_RETURN_IF_ERROR(IdentifyCandidate(signature, variants.candidate_));
  const std::vector<std::size_t> prompts = SharedPrompts(signature);
  STEMMA_ASSIGN_OR_RETURN(variants.panel_, PanelAt(prompts));
  std::vector<std::vector<std::size_t>> blocks;
  for (std::size_t category = 0; const std::vector<std::size_t>& members : ByLengthOfAnswers(prompts)) {
    const std::size_t first = blocks.size();
    const std::size_t count = std::min(members.size(), ScoreVariants::kMaxBlocksOfCategory);
    blocks.resize(first + count);
    for (std::size_t k = 0; k < members.size(); ++k) blocks[first + k % count].push_back(members[k]);
    variants.category_of_block_.resize(blocks.size(), category++);
  }
  variants.sums_.resize(blocks.size());
  variants.styles_.resize(variants.candidate_.with_style ? blocks.size() : 0);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(blocks.size(), options_.threads, [&](std::size_t b) {
    STEMMA_ASSIGN_OR_RETURN(variants.sums_[b], CandidateSums(signature, blocks[b]));
    if (variants.styles_.empty()) return absl::OkStatus();
    STEMMA_ASSIGN_OR_RETURN(variants.styles_[b], panel_.style()->Count(signature, blocks[b]));
    return absl::OkStatus();
  }));
  // The sums of all blocks are those of the whole: no index is read twice.
  Sums sums(panel_.models().size());
  for (const Sums& of_block : variants.sums_) {
    for (std::size_t m = 0; m < sums.size(); ++m) sums[m] += of_block[m];
  }
  STEMMA_ASSIGN_OR_RETURN(variants.candidate_.pairs, ScoreSums(signature, sums, variants.candidate_));
  variants.frame_ = std::make_shared<const Frame>(variants.MakeFrame(std::nullopt));
  return variants;
}

Scorer::Frame ScoreVariants::MakeFrame(std::optional<std::size_t> group_left_out) const {
  // Only whether a part is there counts: what stands in the row does not decide what it is held against.
  const std::vector<double> some(1, 0);
  const Scorer::Similarities parts{some, styles_.empty() ? std::vector<double>() : some, {}};
  Scorer::Frame frame = scorer_->FrameOf(*panel_, parts, candidate_.self, group_left_out);
  frame.group = candidate_.group;
  return frame;
}

std::vector<PairScore> ScoreVariants::Score(std::span<const std::uint32_t> times, const Scorer::Frame& frame) const {
  const Panel& panel = scorer_->panel();
  std::vector<PairSum> sums(panel.models().size());
  for (std::size_t b = 0; b < sums_.size(); ++b) {
    if (times[b] == 0) continue;
    for (std::size_t m = 0; m < sums.size(); ++m) sums[m].Add(sums_[b][m], times[b]);
  }
  Scorer::Similarities row;
  row.ngrams = panel::MeanCosines(sums);
  if (!styles_.empty()) {
    PanelStyle::Tally tally = styles_.front().Empty();
    for (std::size_t b = 0; b < styles_.size(); ++b) {
      if (times[b] > 0) tally.Add(styles_[b], times[b]);
    }
    const PanelStyle::Point point = panel.style()->PairedOf(tally);
    for (std::size_t m = 0; m < sums.size(); ++m) {
      row.style.push_back(score::StyleSimilarity(point, panel.style()->paired(m)));
    }
  }
  return scorer_->ScoreRow(sums, row, frame, candidate_.candidate);
}

std::vector<PairScore> ScoreVariants::AtPrompts(std::span<const std::uint32_t> times) const {
  return Score(times, *frame_);
}

std::vector<PairScore> ScoreVariants::WithoutCategory(std::size_t category) const {
  std::vector<std::uint32_t> times;
  for (const std::size_t of_block : category_of_block_) times.push_back(of_block != category);
  return Score(times, *frame_);
}

std::vector<PairScore> ScoreVariants::WithoutGroup(std::size_t group) const {
  return Score(std::vector<std::uint32_t>(blocks(), 1), MakeFrame(group));
}

}  // namespace stemma
