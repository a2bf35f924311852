#include "stemma/family_tree.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <numeric>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/parallel.h"
#include "lib/base/random.h"
#include "lib/base/status_macros.h"
#include "lib/base/steps.h"
#include "lib/panel/metadata_of.h"
#include "lib/panel/panel_sums.h"
#include "lib/score/centring.h"
#include "stemma/lineage.h"
#include "stemma/neighbour_joining.h"

namespace stemma {
namespace {

constexpr std::size_t kMinLeaves = 3;

absl::Status Check(const Panel& panel, const CandidateScores& scores, const FamilyTreeOptions& options) {
  if (scores.pairs.size() != panel.models().size()) {
    return absl::InvalidArgumentError(absl::StrFormat("scores must be those of the panel's %d models, got %d",
                                                      panel.models().size(), scores.pairs.size()));
  }
  if (options.draws == 0) return absl::InvalidArgumentError("draws must be at least 1, got 0");
  if (options.nearest + 1 < kMinLeaves) {
    return absl::InvalidArgumentError(
        absl::StrFormat("nearest models must be at least %d, got %d", kMinLeaves - 1, options.nearest));
  }
  if (scores.shared_prompts >= FamilyTree::kMinPrompts) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrFormat("%s: shares %d prompts with the panel; a tree needs at least %d",
                                                       scores.candidate.model, scores.shared_prompts,
                                                       FamilyTree::kMinPrompts));
}

// Sorted.
std::vector<std::size_t> SharedPrompts(const Panel& panel, const Signature& signature) {
  std::vector<std::size_t> shared;
  for (std::size_t p = 0; p < panel.prompts().size(); ++p) {
    if (signature.Find(panel.prompts()[p])) shared.push_back(p);
  }
  return shared;
}

struct Leaf {
  FamilyNodeKind kind = FamilyNodeKind::kNearest;
  std::size_t model = 0;  // of the panel
};

// The panel's models that stand beside the candidate.
class LeafChooser {
 public:
  LeafChooser(const Panel& panel, const CandidateScores& scores, std::span<const PairSum> panel_sums)
      : panel_(panel), scores_(scores), panel_sums_(panel_sums), lineage_(panel::MetadataOf(panel)) {
    for (std::size_t m = 0; m < panel.models().size(); ++m) {
      if (scores.pairs[m].scored && !panel.models()[m].metadata.degenerate && m != scores.self) by_score_.push_back(m);
    }
    std::ranges::sort(by_score_, [&](std::size_t a, std::size_t b) {
      const double score_a = scores.pairs[a].weights, score_b = scores.pairs[b].weights;
      return score_a != score_b ? score_a > score_b : a < b;
    });
  }

  std::vector<Leaf> Choose(std::size_t nearest) && {
    for (const std::size_t m : by_score_) {
      if (leaves_.size() < nearest && Fits(m)) leaves_.push_back({FamilyNodeKind::kNearest, m});
    }
    // What else could make the candidate like the nearest: its base or teacher, and others that were made from them.
    for (const Kinship kinship : {Kinship::kSource, Kinship::kSharedBase, Kinship::kSibling}) AddRelative(kinship);
    return std::move(leaves_);
  }

 private:
  bool IsOfKin(std::size_t model, Kinship kinship) const {
    return lineage_.Between(leaves_.front().model, model) == kinship;
  }

  // Whether a model is no leaf yet and has enough prompts in common with all that are.
  bool Fits(std::size_t model) const {
    if (scores_.pairs[model].n_prompts < FamilyTree::kMinPrompts) return false;
    return std::ranges::all_of(leaves_, [&](const Leaf& leaf) {
      const PairSum& sum = panel_sums_[leaf.model * panel_.models().size() + model];
      return leaf.model != model && sum.used_prompts() >= FamilyTree::kMinPrompts;
    });
  }

  void AddRelative(Kinship kinship) {
    if (leaves_.empty()) return;
    if (std::ranges::any_of(leaves_, [&](const Leaf& leaf) { return IsOfKin(leaf.model, kinship); })) return;
    const auto found = std::ranges::find_if(by_score_, [&](std::size_t m) { return IsOfKin(m, kinship) && Fits(m); });
    if (found != by_score_.end()) leaves_.push_back({FamilyNodeKind::kRelative, *found});
  }

  const Panel& panel_;
  const CandidateScores& scores_;
  std::span<const PairSum> panel_sums_;
  Lineage lineage_;
  std::vector<std::size_t> by_score_;
  std::vector<Leaf> leaves_;
};

// What candidate and leaves have in common with all models of the panel, block by block of prompts; the candidate's row
// is the first.
class BlockSums {
 public:
  static absl::StatusOr<BlockSums> Read(const Panel& panel, const Signature& signature,
                                        std::span<const std::size_t> prompts, std::span<const Leaf> leaves,
                                        const FamilyTreeOptions& options) {
    BlockSums sums(panel, leaves);
    sums.blocks_.resize(std::min(prompts.size(), FamilyTree::kMaxBlocks));
    base::Steps steps(options.progress, "building the family tree", sums.blocks_.size());
    STEMMA_RETURN_IF_ERROR(base::ParallelFor(sums.blocks_.size(), options.threads, [&](std::size_t block) {
      STEMMA_RETURN_IF_ERROR(steps.Next());
      sums.blocks_[block].resize(sums.rows_ * sums.models_);
      for (std::size_t k = block; k < prompts.size(); k += sums.blocks_.size()) {
        STEMMA_RETURN_IF_ERROR(sums.AddPrompt(panel, signature, prompts[k], leaves, sums.blocks_[block]));
      }
      return absl::OkStatus();
    }));
    return sums;
  }

  std::size_t blocks() const { return blocks_.size(); }

  // Mean cosines, row by row, each block counted so many times.
  std::vector<double> MeansOf(std::span<const std::uint32_t> times) const {
    std::vector<PairSum> total(rows_ * models_);
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
      if (times[block] == 0) continue;
      for (std::size_t k = 0; k < total.size(); ++k) total[k].Add(blocks_[block][k], times[block]);
    }
    return panel::MeanCosines(total);
  }

 private:
  BlockSums(const Panel& panel, std::span<const Leaf> leaves)
      : models_(panel.models().size()), rows_(leaves.size() + 1), row_of_model_(models_, 0) {
    for (std::size_t k = 0; k < leaves.size(); ++k) row_of_model_[leaves[k].model] = k + 1;
  }

  absl::Status AddPrompt(const Panel& panel, const Signature& signature, std::size_t prompt,
                         std::span<const Leaf> leaves, std::span<PairSum> sums) const {
    PromptIndex index;
    STEMMA_RETURN_IF_ERROR(panel.ReadIndex(prompt, index));
    const panel::PromptModels models = panel::ModelsAt(panel, prompt);
    const std::vector<std::vector<GramCount>> samples = Samples(index, signature);
    const PromptRow& row = signature.rows()[*signature.Find(index.prompt)];
    panel::AddRow(index, models, samples[0], panel::TokenHashes(signature, row), sums.first(models_));
    for (std::size_t k = 0; k < leaves.size(); ++k) {
      if (!models.answered[leaves[k].model]) continue;
      panel::AddRow(index, models, samples[k + 1], models.answer_hashes[leaves[k].model],
                    sums.subspan((k + 1) * models_, models_));
    }
    return absl::OkStatus();
  }

  // The n-grams in the index's sample, by row: the panel's models' stand in the index itself.
  std::vector<std::vector<GramCount>> Samples(const PromptIndex& index, const Signature& signature) const {
    std::vector<std::vector<GramCount>> samples(rows_);
    std::vector<GramCount> grams;
    signature.Grams(signature.rows()[*signature.Find(index.prompt)], grams);
    index.Sample(grams, samples[0]);
    for (std::size_t k = 0; k < index.lists.keys.size(); ++k) {
      for (const Posting& posting : index.lists.Of(k)) {
        const std::size_t row = row_of_model_[posting.model];
        if (row > 0) samples[row].push_back({index.lists.keys[k], posting.samples});
      }
    }
    return samples;
  }

  std::size_t models_ = 0;
  std::size_t rows_ = 0;
  std::vector<std::size_t> row_of_model_;  // 0 for models that are no leaves
  std::vector<std::vector<PairSum>> blocks_;
};

// Trees of the candidate and the leaves, at all prompts or at a draw of them.
//
// As in scores of resampled prompts, a row is drawn with its own typicality, and what it is held against stays as it
// is.
class TreeMaker {
 public:
  TreeMaker(const Panel& panel, const CandidateScores& scores, std::span<const Leaf> leaves, BlockSums sums,
            score::Centring centring)
      : models_(panel.models().size()), leaves_(leaves), sums_(std::move(sums)), centring_(std::move(centring)) {
    groups_.push_back(scores.group);
    for (const Leaf& leaf : leaves) groups_.push_back(panel.group(leaf.model));
    at_all_prompts_ = Scores(std::vector<std::uint32_t>(sums_.blocks(), 1));
  }

  std::size_t blocks() const { return sums_.blocks(); }

  absl::StatusOr<DistanceTree> Observed() const { return TreeOf(at_all_prompts_); }

  absl::StatusOr<DistanceTree> Draw(std::uint64_t seed, std::size_t draw) const {
    base::Random random(seed, draw);
    std::vector<std::uint32_t> times(blocks(), 0);
    for (std::size_t k = 0; k < blocks(); ++k) ++times[static_cast<std::size_t>(random.Below(blocks()))];
    std::vector<double> scores = Scores(times);
    // Two that share no prompt of the draw stay as near as all prompts have them.
    for (std::size_t k = 0; k < scores.size(); ++k) {
      if (!std::isfinite(scores[k])) scores[k] = at_all_prompts_[k];
    }
    return TreeOf(scores);
  }

 private:
  std::size_t size() const { return leaves_.size() + 1; }

  // Centred scores of the leaves with each other, the candidate the first; 0 with themselves.
  std::vector<double> Scores(std::span<const std::uint32_t> times) const {
    const std::vector<double> means = sums_.MeansOf(times);
    std::vector<std::vector<double>> rows;
    for (std::size_t row = 0; row < size(); ++row) {
      rows.push_back(centring_.Apply(std::span(means).subspan(row * models_, models_), groups_[row]));
    }
    std::vector<double> scores(size() * size(), 0);
    for (std::size_t a = 0; a < size(); ++a) {
      for (std::size_t b = a + 1; b < size(); ++b) {
        const double from_a = rows[a][leaves_[b - 1].model];
        const double score = a == 0 ? from_a : (from_a + rows[b][leaves_[a - 1].model]) / 2;
        scores[a * size() + b] = scores[b * size() + a] = score;
      }
    }
    return scores;
  }

  absl::StatusOr<DistanceTree> TreeOf(std::span<const double> scores) const {
    // Not below the score of unrelated models, so that these are not nearer to a leaf than it is to itself.
    const double highest = std::max(0.0, *std::ranges::max_element(scores));
    const std::size_t n = size() + 1;  // behind the leaves, a model that scores 0 with each
    std::vector<double> distances(n * n, highest);
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < size() && a < size(); ++b) distances[a * n + b] = highest - scores[a * size() + b];
      distances[a * n + a] = 0;
    }
    STEMMA_ASSIGN_OR_RETURN(const DistanceTree tree, JoinNeighbours(distances, n));
    return RootedByLastLeaf(tree);
  }

  std::size_t models_;
  std::span<const Leaf> leaves_;
  BlockSums sums_;
  score::Centring centring_;
  std::vector<std::optional<std::size_t>> groups_;
  std::vector<double> at_all_prompts_;
};

absl::StatusOr<std::vector<DistanceTree>> Drawn(const TreeMaker& maker, const FamilyTreeOptions& options) {
  std::vector<DistanceTree> trees(options.draws);
  base::Steps steps(options.progress, "resampling the family tree", options.draws);
  STEMMA_RETURN_IF_ERROR(base::ParallelFor(options.draws, options.threads, [&](std::size_t draw) {
    STEMMA_RETURN_IF_ERROR(steps.Next());
    STEMMA_ASSIGN_OR_RETURN(trees[draw], maker.Draw(options.seed, draw));
    return absl::OkStatus();
  }));
  return trees;
}

void AddNodes(const DistanceTree& tree, std::span<const double> support, std::span<const Leaf> leaves,
              FamilyTree& out) {
  out.leaves = tree.leaves;
  for (std::size_t k = 0; k < tree.nodes.size(); ++k) {
    FamilyNode& node = out.nodes.emplace_back();
    node.parent = tree.nodes[k].parent;
    node.branch_length = tree.nodes[k].branch_length;
    node.support = support[k];
    if (k == 0) node.kind = FamilyNodeKind::kCandidate;
    if (k == 0 || k >= tree.leaves) continue;
    node.kind = leaves[k - 1].kind;
    node.model = leaves[k - 1].model;
  }
}

// "a, b and c".
std::string Listed(const Panel& panel, std::span<const std::size_t> models) {
  std::string text;
  for (std::size_t k = 0; k < models.size(); ++k) {
    if (k > 0) text += k + 1 < models.size() ? ", " : " and ";
    text += panel.models()[models[k]].metadata.model;
  }
  return text;
}

void AddClade(const Panel& panel, const DistanceTree& tree, FamilyTree& out) {
  out.clade = *tree.nodes.front().parent;
  const std::vector<bool> members = Clades(tree)[out.clade];
  for (std::size_t leaf = 1; leaf < tree.leaves; ++leaf) {
    if (members[leaf]) out.clade_models.push_back(*out.nodes[leaf].model);
  }
  if (out.nodes[out.clade].parent) {
    out.clade_in_words =
        absl::StrFormat("the candidate stands with %s: together in %.0f %% of %d draws",
                        Listed(panel, out.clade_models), 100 * out.nodes[out.clade].support, out.draws);
  } else {
    out.clade_in_words =
        absl::StrFormat("the candidate stands apart: the other %d are nearer to each other", tree.leaves - 1);
  }
}

}  // namespace

absl::StatusOr<FamilyTree> BuildFamilyTree(const Panel& panel, const Signature& signature,
                                           const CandidateScores& scores, const FamilyTreeOptions& options) {
  STEMMA_RETURN_IF_ERROR(Check(panel, scores, options));
  const std::vector<std::size_t> prompts = SharedPrompts(panel, signature);
  STEMMA_ASSIGN_OR_RETURN(const std::vector<PairSum> panel_sums, panel::PairSumsAt(panel, prompts, options.threads));
  const std::vector<Leaf> leaves = LeafChooser(panel, scores, panel_sums).Choose(options.nearest);
  if (leaves.size() + 1 < kMinLeaves) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: a tree needs at least %d leaves that share %d prompts with each other, the candidate one of them; there "
        "are %d",
        scores.candidate.model, kMinLeaves, FamilyTree::kMinPrompts, leaves.size() + 1));
  }
  std::optional<score::Centring> centring = score::Centring::Fit(panel::MeanCosines(panel_sums), score::CohortOf(panel), scores.self);
  if (!centring) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: the panel has fewer than %d groups to compare with at the %d shared prompts, or they do not differ",
        scores.candidate.model, Scorer::kMinGroups, prompts.size()));
  }
  STEMMA_ASSIGN_OR_RETURN(BlockSums sums, BlockSums::Read(panel, signature, prompts, leaves, options));
  const TreeMaker maker(panel, scores, leaves, std::move(sums), std::move(*centring));
  STEMMA_ASSIGN_OR_RETURN(const DistanceTree tree, maker.Observed());
  STEMMA_ASSIGN_OR_RETURN(const std::vector<DistanceTree> drawn, Drawn(maker, options));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<double> support, CladeSupport(tree, drawn));
  FamilyTree out;
  out.prompts = prompts.size();
  out.blocks = maker.blocks();
  out.draws = options.draws;
  out.seed = options.seed;
  out.method = absl::StrFormat(
      "neighbour joining of centred n-gram scores, rooted where an unrelated model would join; support: %d draws of %d "
      "blocks of prompts",
      out.draws, out.blocks);
  AddNodes(tree, support, leaves, out);
  AddClade(panel, tree, out);
  return out;
}

}  // namespace stemma
