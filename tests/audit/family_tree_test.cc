#include "stemma/family_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/score/centring.h"
#include "stemma/neighbour_joining.h"
#include "tests/audit/made_audit.h"
#include "tests/panel/made_world.h"

namespace stemma {
namespace {

// With every n-gram in the index: cosines of panels on fewer prompts are then the same.
Panel WholePanelOf(const AuditCase& made) {
  std::vector<Signature> signatures;
  for (std::size_t m = 0; m < made.metadata.size(); ++m) {
    signatures.push_back(SignatureOf(made.world.answers[m], made.metadata[m]));
  }
  return Panel::Build(signatures, MadeVocabulary(), {.index_bytes_per_response = 0}).value();
}

absl::StatusOr<FamilyTree> TreeOf(const Panel& panel, const Signature& candidate,
                                  const FamilyTreeOptions& options = {}) {
  const Scorer scorer = Scorer::Create(panel).value();
  return BuildFamilyTree(panel, candidate, scorer.Score(candidate).value(), options);
}

// Every bit of what tells one tree from another.
std::string Written(const FamilyTree& tree) {
  std::string text = tree.clade_in_words + "\n" + tree.method + "\n";
  for (const FamilyNode& node : tree.nodes) {
    char line[160];
    std::snprintf(line, sizeof(line), "%d %zu %a %a %zu\n", static_cast<int>(node.kind), node.parent.value_or(999),
                  node.branch_length, node.support, node.model.value_or(999));
    text += line;
  }
  return text;
}

// The only leaf that the candidate's clade holds beside it.
std::optional<std::size_t> Neighbour(const FamilyTree& tree) {
  if (tree.clade_models.size() != 1) return std::nullopt;
  return tree.clade_models.front();
}

// Keeps the candidate's answers to a part of the prompts.
void KeepPrompts(AuditCase& made, std::size_t count) {
  std::erase_if(made.candidate, [&](const auto& entry) { return entry.first >= count; });
}

// A tree's shape: leaves in their order, two children a join, each node before its parent, support for clades alone.
TEST(FamilyTree, HoldsTheCandidateAndItsNearestModels) {
  AuditCase made = MadeAudit(1);
  Derive(made, 3, 0.8);
  const Panel panel = PanelOf(made);
  const Signature candidate = CandidateOf(made);
  const CandidateScores scores = Scorer::Create(panel).value().Score(candidate).value();
  const auto tree = BuildFamilyTree(panel, candidate, scores, {.nearest = 5, .draws = 20});
  ASSERT_TRUE(tree.ok()) << tree.status();
  ASSERT_EQ(tree->leaves, 6U);
  ASSERT_EQ(tree->nodes.size(), 11U);
  EXPECT_EQ(tree->nodes[0].kind, FamilyNodeKind::kCandidate);
  EXPECT_EQ(tree->nodes[0].model, std::nullopt);
  EXPECT_EQ(tree->nodes[1].model, 3U);
  std::vector<std::size_t> children(11, 0);
  for (std::size_t k = 0; k < 11; ++k) {
    const FamilyNode& node = tree->nodes[k];
    EXPECT_GE(node.branch_length, 0);
    EXPECT_EQ(std::isnan(node.support), k < 6 || k == 10) << k;
    EXPECT_EQ(node.parent.has_value(), k != 10);
    if (node.parent) {
      EXPECT_GT(*node.parent, k);
      ++children[*node.parent];
    }
    if (k >= 6) {
      EXPECT_EQ(children[k], 2U);
      EXPECT_EQ(node.kind, FamilyNodeKind::kJoin);
    }
  }
  std::size_t nearer = 0;
  for (const PairScore& pair : scores.pairs) nearer += pair.weights > scores.pairs[*tree->nodes[5].model].weights;
  EXPECT_EQ(nearer, 4U);
  EXPECT_EQ(tree->prompts, 60U);
  EXPECT_EQ(tree->blocks, 42U);
  EXPECT_EQ(tree->method,
            "neighbour joining of centred n-gram scores, rooted where an unrelated model would join; support: 20 draws "
            "of 42 blocks of prompts");
}

// What the tree is for: a candidate that took most n-grams of one model stands with it, and so in all draws.
TEST(FamilyTree, PutsTheCandidateBesideTheModelThatItLearnedFrom) {
  for (const std::size_t from : {3U, 17U}) {
    AuditCase made = MadeAudit(2);
    Derive(made, from, 0.8);
    const auto tree = TreeOf(PanelOf(made), CandidateOf(made));
    ASSERT_TRUE(tree.ok()) << tree.status();
    EXPECT_EQ(Neighbour(*tree), from);
    EXPECT_EQ(tree->clade, tree->nodes[0].parent);
    EXPECT_EQ(tree->nodes[tree->clade].support, 1);
    EXPECT_EQ(tree->clade_in_words,
              "the candidate stands with " + NameOfModel(from) + ": together in 100 % of 199 draws");
  }
}

// A stranger's place hangs on the prompts, and the tree says so. Of 30 strangers the clade's median support was .26,
// and one had .70; that of the model learned from, above, is 1.
TEST(FamilyTree, SupportsNoClosePlaceForStrangers) {
  std::vector<double> support;
  for (std::uint64_t seed = 1; seed <= 9; ++seed) {
    const AuditCase made = MadeAudit(seed);
    const FamilyTree tree = TreeOf(PanelOf(made), CandidateOf(made)).value();
    support.push_back(tree.nodes[tree.clade].support);
  }
  std::ranges::sort(support);
  EXPECT_GT(support[4], 0);  // draws differ
  EXPECT_LT(support[4], 0.5);
}

// The same from the sums in the panel's file, which were made pair by pair, and from scores without rivals, which a
// tree knows nothing of. All prompts must be answered.
void ExpectTreeOfCentredScores(const AuditCase& made) {
  constexpr std::size_t kLeaves = 8, kWithRoot = kLeaves + 1;
  const Panel panel = PanelOf(made);
  const Signature candidate = CandidateOf(made);
  const FamilyTree tree = TreeOf(panel, candidate, {.nearest = kLeaves - 1, .draws = 5}).value();
  ASSERT_EQ(tree.leaves, kLeaves);
  const std::size_t models = panel.models().size();
  std::vector<double> means;
  for (const PairSum& sum : panel.pair_sums()) means.push_back(sum.shared() ? sum.mean() : std::nan(""));
  score::Cohort cohort;
  for (std::size_t m = 0; m < models; ++m) cohort.groups.push_back(panel.group(m));
  cohort.counts.assign(models, true);
  const score::Centring centring = score::Centring::Fit(means, cohort, std::nullopt).value();
  const Scorer scorer = Scorer::Create(panel, {.rival_weight_weights = 0}).value();
  const CandidateScores scores = scorer.Score(candidate).value();
  const auto score = [&](std::size_t a, std::size_t b) {
    const std::size_t model = *tree.nodes[b].model;
    if (a == 0) return scores.pairs[model].weights;
    const std::span<const double> row = std::span(means).subspan(*tree.nodes[a].model * models, models);
    return centring.Apply(row, panel.group(*tree.nodes[a].model))[model];
  };
  double highest = 0;
  std::vector<double> values(kWithRoot * kWithRoot, 0);
  for (std::size_t a = 0; a < kLeaves; ++a) {
    for (std::size_t b = a + 1; b < kLeaves; ++b) {
      values[a * kWithRoot + b] = values[b * kWithRoot + a] = score(a, b);
      highest = std::max(highest, score(a, b));
    }
  }
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = k % (kWithRoot + 1) == 0 ? 0 : highest - values[k];
  const DistanceTree expected = RootedByLastLeaf(JoinNeighbours(values, kWithRoot).value()).value();
  ASSERT_EQ(expected.nodes.size(), tree.nodes.size());
  for (std::size_t k = 0; k < tree.nodes.size(); ++k) {
    EXPECT_EQ(tree.nodes[k].parent, expected.nodes[k].parent);
    EXPECT_NEAR(tree.nodes[k].branch_length, expected.nodes[k].branch_length, 1e-9);
  }
}

TEST(FamilyTree, IsThatOfTheCentredScores) {
  AuditCase made = MadeAudit(4);
  Derive(made, 5, 0.4);
  ExpectTreeOfCentredScores(made);
}

// Copied answers say nothing about how a model writes, whether the candidate shares them or two models of the panel do:
// half of its prompts bring no model to the owner of the copies where they are known as such.
TEST(FamilyTree, LeavesOutCopiesAsScoresDo) {
  AuditCase made = MadeAudit(6);
  const auto copy = [](oracle::AnswersByPrompt& to, oracle::AnswersByPrompt& from, bool marked) {
    for (auto& [prompt, answers] : to) {
      if (prompt % 2 == 1) continue;
      if (marked) from.at(prompt).texts = {1000 + static_cast<std::uint32_t>(prompt)};
      answers = from.at(prompt);
    }
  };
  copy(made.candidate, made.world.answers[7], false);
  copy(made.world.answers[6], made.world.answers[2], false);
  const std::string unmarked = Written(TreeOf(PanelOf(made), CandidateOf(made)).value());
  copy(made.candidate, made.world.answers[7], true);
  copy(made.world.answers[6], made.world.answers[2], true);
  EXPECT_NE(Written(TreeOf(PanelOf(made), CandidateOf(made)).value()), unmarked);
  ExpectTreeOfCentredScores(made);
}

// Of prompts that the candidate did not answer the tree knows nothing, whichever way the panel's sums are found.
TEST(FamilyTree, IsThatOfAPanelWithoutTheOtherPrompts) {
  for (const std::size_t kept : {22U, 50U}) {
    AuditCase made = MadeAudit(5);
    Derive(made, 9, 0.3);
    KeepPrompts(made, kept);
    AuditCase cut = made;
    for (oracle::AnswersByPrompt& answers : cut.world.answers) {
      std::erase_if(answers, [&](const auto& entry) { return !made.candidate.contains(entry.first); });
    }
    const auto tree = TreeOf(WholePanelOf(made), CandidateOf(made));
    const auto expected = TreeOf(WholePanelOf(cut), CandidateOf(made));
    ASSERT_TRUE(tree.ok()) << tree.status();
    ASSERT_TRUE(expected.ok()) << expected.status();
    EXPECT_EQ(tree->prompts, kept);
    EXPECT_EQ(tree->blocks, std::min<std::size_t>(kept, 42));
    EXPECT_EQ(Written(*tree), Written(*expected));
  }
}

// The nearest model's source, far as it is, and one of its other children: who else could explain the likeness.
TEST(FamilyTree, AddsDocumentedRelativesOfTheNearest) {
  AuditCase made = MadeAudit(8);
  Derive(made, 3, 0.8);
  const Signature candidate = CandidateOf(made);
  const FamilyTreeOptions options = {.nearest = 2, .draws = 5};
  const FamilyTree without = TreeOf(PanelOf(made), candidate, options).value();
  EXPECT_EQ(without.leaves, 3U);
  std::vector<std::size_t> far;
  for (std::size_t m = 0; m < 24; ++m) {
    if (std::ranges::none_of(without.nodes, [&](const FamilyNode& node) { return node.model == m; })) far.push_back(m);
  }
  const auto link = [&](std::size_t model, const char* relation, std::size_t source) {
    made.metadata[model].lineage.push_back({relation, NameOfModel(source), NameOfModel(source), "high", "made up"});
  };
  link(3, "distilled_from", far[0]);
  link(far[1], "distilled_from", far[0]);
  link(far[2], "distilled_from", far[0]);
  const FamilyTree with = TreeOf(PanelOf(made), candidate, options).value();
  ASSERT_EQ(with.leaves, 5U);
  EXPECT_EQ(with.nodes[2].kind, FamilyNodeKind::kNearest);
  EXPECT_EQ(with.nodes[3].kind, FamilyNodeKind::kRelative);
  EXPECT_EQ(with.nodes[3].model, far[0]);
  EXPECT_EQ(with.nodes[4].kind, FamilyNodeKind::kRelative);
  EXPECT_TRUE(with.nodes[4].model == far[1] || with.nodes[4].model == far[2]);
  // A kin that is a leaf already needs no second of its kind.
  FamilyTreeOptions all = options;
  all.nearest = 24;
  EXPECT_EQ(TreeOf(PanelOf(made), candidate, all).value().leaves, 25U);
}

// Not the candidate itself, nor a degenerate model, nor one that answered too few of the prompts.
TEST(FamilyTree, PassesOverModelsThatAreNoLeaves) {
  AuditCase made = MadeAudit(9, 8);
  Derive(made, 3, 0.8);
  made.metadata[1].degenerate = true;
  std::erase_if(made.world.answers[2], [](const auto& entry) { return entry.first >= 9; });
  made.candidate_metadata = made.metadata[3];
  const Signature candidate = SignatureOf(made.world.answers[3], made.metadata[3]);
  const FamilyTree tree = TreeOf(PanelOf(made), candidate).value();
  EXPECT_EQ(tree.leaves, 6U);
  for (const std::size_t model : {1U, 2U, 3U}) {
    EXPECT_TRUE(std::ranges::none_of(tree.nodes, [&](const FamilyNode& node) { return node.model == model; })) << model;
  }
}

TEST(FamilyTree, SaysWhatIsTooLittle) {
  AuditCase made = MadeAudit(10, 8);
  const Panel panel = PanelOf(made);
  const auto status = [&](const Signature& candidate, const FamilyTreeOptions& options = {}) {
    return TreeOf(panel, candidate, options).status();
  };
  const Signature candidate = CandidateOf(made);
  EXPECT_EQ(status(candidate, {.draws = 0}), absl::InvalidArgumentError("draws must be at least 1, got 0"));
  EXPECT_EQ(status(candidate, {.nearest = 1}), absl::InvalidArgumentError("nearest models must be at least 2, got 1"));
  EXPECT_EQ(BuildFamilyTree(panel, candidate, CandidateScores()).status(),
            absl::InvalidArgumentError("scores must be those of the panel's 8 models, got 0"));
  KeepPrompts(made, 9);
  EXPECT_EQ(status(CandidateOf(made)),
            absl::FailedPreconditionError("candidate: shares 9 prompts with the panel; a tree needs at least 10"));
  // Ten prompts do; but not where all models except one lack some of them.
  AuditCase thin = MadeAudit(10, 8);
  KeepPrompts(thin, 10);
  EXPECT_EQ(status(CandidateOf(thin), {.draws = 5}), absl::OkStatus());
  for (std::size_t m = 1; m < 8; ++m) thin.world.answers[m].erase(m);
  EXPECT_EQ(TreeOf(PanelOf(thin), CandidateOf(thin)).status(),
            absl::FailedPreconditionError("candidate: a tree needs at least 3 leaves that share 10 prompts with each "
                                          "other, the candidate one of them; there are 2"));
}

// Threads share out blocks and draws, and must not share anything else; nor may the order of the responses be seen.
TEST(FamilyTreeParallel, GivesEqualBitsForAnyNumberOfThreadsAndOrderOfResponses) {
  AuditCase made = MadeAudit(11);
  Derive(made, 4, 0.2);
  const Panel panel = PanelOf(made);
  const Signature candidate = CandidateOf(made);
  SignatureBuilder builder(MadeVocabulary());
  for (auto entry = made.candidate.rbegin(); entry != made.candidate.rend(); ++entry) {
    for (int sample = entry->second.samples; sample-- > 0;) {
      AnswerFeatures features = NgramFeaturesOf(entry->first, entry->second, sample);
      features.tokens = features.grams.size();
      features.code_points = 5 * features.tokens;
      ASSERT_TRUE(builder.Add(std::move(features)).ok());
    }
  }
  const std::string expected = Written(TreeOf(panel, candidate, {.threads = 1}).value());
  for (const int threads : {0, 2, 5}) {
    EXPECT_EQ(Written(TreeOf(panel, candidate, {.threads = threads}).value()), expected) << threads;
  }
  EXPECT_EQ(Written(TreeOf(panel, builder.Build(made.candidate_metadata).value(), {.threads = 2}).value()), expected);
  EXPECT_NE(Written(TreeOf(panel, candidate, {.seed = 2, .threads = 2}).value()), expected);
}

}  // namespace
}  // namespace stemma
