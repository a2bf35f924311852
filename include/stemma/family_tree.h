// The stemma: a candidate among the panel's models that are nearest to it, as a tree.
//
// It shows likeness and is no pedigree. It has no direction: nothing says which of two neighbours was first, and a
// parent is a leaf beside its children. Students of one teacher stand with each other, often nearer than with the
// teacher. What is mixed of two sources has no place in a tree and is drawn with one of them, or between. No verdict
// rests on it.
//
// Leaves are the candidate, its nearest models by the score of shared weights, and of the nearest one's documented
// relatives the nearest source, fellow of the same base and fellow of the same source, where no leaf is one yet: who
// else could explain the likeness. Left out are degenerate models, the candidate itself where the panel has it, and
// models with too few prompts in common with a nearer leaf.
//
// Units: a branch is in standard deviations of unrelated pairs: two leaves are as far apart as their centred n-gram
// score, without rivals, falls short of the highest among the leaves. Centring takes off both leaves' typicality: that
// shortens their own branches and moves no other (neighbour_joining.h). But it makes 0 the score of unrelated models
// and so gives a root: where a model would join that scores 0 with every leaf. The middle of the longest path would
// follow the oddest leaf.
// Support: the share of draws of prompts, in blocks, that hold the same clade. It tells how much a clade hangs on the
// prompts asked, given these models; what other models would do to it, it does not tell. Copies of answers are left out
// as scores leave them out.
// Errors: kFailedPrecondition for fewer than `kMinPrompts` shared prompts, fewer than three leaves, or a panel too
// small to centre by; kInvalidArgument for scores of another panel, no draw or fewer than two nearest models;
// kDataLoss; kCancelled (progress said stop).
// Determinism: the same bits for any number of threads and order of responses; equally near models in the panel's
// order.
// Complexity: reads the panel's index once at the shared prompts, and at the others to know the panel without them, or
// twice at the shared ones where they are fewer. A draw takes some 0.1 ms.
// Source: see neighbour_joining.h; support: Felsenstein 1985.
#ifndef STEMMA_FAMILY_TREE_H_
#define STEMMA_FAMILY_TREE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/panel.h"
#include "stemma/progress.h"
#include "stemma/score.h"
#include "stemma/signature.h"

namespace stemma {

struct FamilyTreeOptions {
  std::size_t nearest = 11;  // models
  std::size_t draws = 199;
  std::uint64_t seed = 1;
  int threads = 0;  // 0: as many as the machine has
  Progress progress = {};
};

enum class FamilyNodeKind : std::uint8_t {
  kCandidate,
  kNearest,   // one of the nearest models
  kRelative,  // a documented relative of the nearest
  kJoin,      // no leaf
};

struct FamilyNode {
  FamilyNodeKind kind = FamilyNodeKind::kJoin;
  std::optional<std::size_t> parent;  // none for the root
  double branch_length = 0;           // to the parent
  double support = std::numeric_limits<double>::quiet_NaN();  // NaN for leaves and root
  std::optional<std::size_t> model;   // of the panel; none for the candidate and joins
};

struct FamilyTree {
  static constexpr std::size_t kMinPrompts = 10;  // shared by the candidate and the panel, and by any two leaves
  static constexpr std::size_t kMaxBlocks = 42;

  // Leaves first: the candidate, the nearest models by falling score, relatives. Joins have two children each, and
  // every node stands before its parent: the root is the last.
  std::vector<FamilyNode> nodes;
  std::size_t leaves = 0;
  // The smallest clade that holds the candidate and another leaf: its node, the models in it, and the same in words.
  // Where it is the root, all the other leaves are nearer to each other.
  std::size_t clade = 0;
  std::vector<std::size_t> clade_models;
  std::string clade_in_words;

  std::string method;
  std::size_t prompts = 0;  // shared
  std::size_t blocks = 0;
  std::size_t draws = 0;
  std::uint64_t seed = 0;
};

// `scores`: what a Scorer of this panel gives this signature.
absl::StatusOr<FamilyTree> BuildFamilyTree(const Panel& panel, const Signature& signature,
                                           const CandidateScores& scores, const FamilyTreeOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_FAMILY_TREE_H_
