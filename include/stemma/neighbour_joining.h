// Distances to a tree whose paths are about as long as the distances, and how often a tree's clades come back.
//
// Where distances are exactly those along some tree's branches, the result is that tree. A pair's join depends on all
// distances, so the branches need not have grown at one rate. Adding a number of its own to all distances of a leaf
// lengthens that leaf's branch and, where no length is negative, changes nothing else.
//
// Shape: the leaves stand first, in the order of the distances; each node stands before its parent; the last node has
// none. Of one leaf the tree is that leaf; two leaves meet half-way.
// Units: a branch is as long as the distances are; a negative length becomes 0, and what it lacked is taken from the
// branch that it meets, so that the two leaves or clades joined there stay as far apart as they were.
// Errors: kInvalidArgument, naming the cell, for a distance that is not finite, negative, unequal to its mirror image,
// or not 0 from a leaf to itself; for a number of distances that is not the square of the leaves.
// Determinism: of equally good pairs the one of the smallest indices is joined first, a join counting as the later
// leaf.
// Complexity: the cube of the leaves; support is linear in draws times the square of the leaves.
// Source: Saitou and Nei 1987, "The neighbor-joining method"; the criterion's form: Studier and Keppler 1988, "A note
// on the neighbor-joining algorithm of Saitou and Nei"; negative lengths: Kuhner and Felsenstein 1994, "A simulation
// comparison of phylogeny algorithms under equal and unequal evolutionary rates"; support: Felsenstein 1985,
// "Confidence limits on phylogenies: an approach using the bootstrap".
#ifndef STEMMA_NEIGHBOUR_JOINING_H_
#define STEMMA_NEIGHBOUR_JOINING_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace stemma {

struct DistanceTree {
  struct Node {
    std::optional<std::size_t> parent;
    double branch_length = 0;  // to the parent

    friend bool operator==(const Node&, const Node&) = default;
  };

  std::size_t leaves = 0;
  std::vector<Node> nodes;

  friend bool operator==(const DistanceTree&, const DistanceTree&) = default;
};

// `distances`: a symmetric matrix, row by row. The tree has no root: its last node is merely where the last three meet.
absl::StatusOr<DistanceTree> JoinNeighbours(std::span<const double> distances, std::size_t leaves);

// The same tree as the last leaf sees it, and without that leaf: the root is where its branch met the others, so that
// it decides what counts as a clade. Where only one is left, it is the root.
// Errors: kInvalidArgument for fewer than two leaves.
absl::StatusOr<DistanceTree> RootedByLastLeaf(const DistanceTree& tree);

// Which leaves are below a node, by node; a leaf is below itself.
std::vector<std::vector<bool>> Clades(const DistanceTree& tree);

// By node of a rooted tree: the share of the draws that hold the same clade; NaN for leaves and root, which every tree
// holds. Errors: kInvalidArgument for no draw, or one of another number of leaves.
absl::StatusOr<std::vector<double>> CladeSupport(const DistanceTree& tree, std::span<const DistanceTree> draws);

}  // namespace stemma

#endif  // STEMMA_NEIGHBOUR_JOINING_H_
