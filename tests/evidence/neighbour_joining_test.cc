#include "stemma/neighbour_joining.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "lib/base/random.h"

namespace stemma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Splits = std::set<std::vector<bool>>;

// Each branch between two joins as the side that lacks leaf 0; those of length 0 hold nothing apart.
Splits SplitsOf(const DistanceTree& tree, double least_length = 1e-9) {
  Splits splits;
  const std::vector<std::vector<bool>> clades = Clades(tree);
  for (std::size_t node = tree.leaves; node < tree.nodes.size(); ++node) {
    if (!tree.nodes[node].parent || tree.nodes[node].branch_length < least_length) continue;
    std::vector<bool> side = clades[node];
    if (side[0]) side.flip();
    splits.insert(side);
  }
  return splits;
}

// Lengths of the paths between leaves, by walking up from both until they meet.
std::vector<double> PathLengths(const DistanceTree& tree) {
  const auto heights = [&](std::size_t leaf) {
    std::vector<double> height(tree.nodes.size(), kNaN);
    double length = 0;
    for (std::size_t node = leaf;; node = *tree.nodes[node].parent) {
      height[node] = length;
      if (!tree.nodes[node].parent) return height;
      length += tree.nodes[node].branch_length;
    }
  };
  std::vector<double> lengths;
  for (std::size_t a = 0; a < tree.leaves; ++a) {
    const std::vector<double> from_a = heights(a);
    for (std::size_t b = 0; b < tree.leaves; ++b) {
      const std::vector<double> from_b = heights(b);
      std::size_t meet = 0;
      while (std::isnan(from_a[meet]) || std::isnan(from_b[meet])) ++meet;  // a node stands before its parent
      lengths.push_back(from_a[meet] + from_b[meet]);
    }
  }
  return lengths;
}

// Any topology: clades are joined at random, the last three at once.
DistanceTree RandomTree(base::Random& random, std::size_t leaves, double least_length = 0.05) {
  DistanceTree tree;
  tree.leaves = leaves;
  tree.nodes.resize(leaves);
  std::vector<std::size_t> open(leaves);
  std::iota(open.begin(), open.end(), std::size_t{0});
  while (!open.empty()) {
    const std::size_t joined = open.size() == 3 ? 3 : 2;
    random.Shuffle(std::span(open));
    for (std::size_t k = 0; k < joined; ++k) {
      tree.nodes[open.back()] = {tree.nodes.size(), least_length + random.Uniform()};
      open.pop_back();
    }
    tree.nodes.emplace_back();
    if (joined == 2) open.push_back(tree.nodes.size() - 1);
  }
  return tree;
}

std::vector<double> Reordered(const std::vector<double>& distances, const std::vector<std::size_t>& order) {
  std::vector<double> reordered;
  for (const std::size_t a : order) {
    for (const std::size_t b : order) reordered.push_back(distances[a * order.size() + b]);
  }
  return reordered;
}

// Splits of a tree of reordered leaves, by the leaves' old numbers.
Splits Restored(const Splits& splits, const std::vector<std::size_t>& order) {
  Splits restored;
  for (const std::vector<bool>& split : splits) {
    std::vector<bool> side(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) side[order[k]] = split[k];
    if (side[0]) side.flip();
    restored.insert(side);
  }
  return restored;
}

// The theorem that the method rests on: distances along a tree's branches give that tree, whatever its rates of growth.
TEST(JoinNeighbours, GivesAdditiveTreesBack) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    base::Random random(1, seed);
    const DistanceTree tree = RandomTree(random, 4 + seed % 13);
    const std::vector<double> distances = PathLengths(tree);
    const auto joined = JoinNeighbours(distances, tree.leaves);
    ASSERT_TRUE(joined.ok()) << joined.status();
    EXPECT_EQ(joined->nodes.size(), 2 * tree.leaves - 2);
    EXPECT_EQ(SplitsOf(*joined), SplitsOf(tree)) << seed;
    const std::vector<double> lengths = PathLengths(*joined);
    for (std::size_t k = 0; k < lengths.size(); ++k) ASSERT_NEAR(lengths[k], distances[k], 1e-9) << seed << " " << k;
  }
}

// Where all leaves are equally far from the root, what is nearest belongs together: ((0 1) 2) ((3 4) 5).
TEST(JoinNeighbours, GivesUltrametricTreesBack) {
  const auto distance = [](std::size_t a, std::size_t b) {
    if (a == b) return 0.0;
    if (a / 3 != b / 3) return 6.0;
    return a % 3 != 2 && b % 3 != 2 ? 2.0 : 4.0;
  };
  std::vector<double> distances;
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = 0; b < 6; ++b) distances.push_back(distance(a, b));
  }
  const DistanceTree tree = JoinNeighbours(distances, 6).value();
  EXPECT_EQ(SplitsOf(tree), (Splits{{false, false, true, true, true, true},
                                    {false, false, false, true, true, true},
                                    {false, false, false, true, true, false}}));
  EXPECT_EQ(PathLengths(tree), distances);
}

// The order of the leaves decides among equally good joins and nothing else: what is told apart stays the same.
// Branches of length 0 make such ties.
TEST(JoinNeighbours, FindsTheSameSplitsInAnyOrderOfTheLeaves) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    base::Random random(2, seed);
    DistanceTree tree = RandomTree(random, 9, 0);
    for (DistanceTree::Node& node : tree.nodes) {
      if (node.parent) node.branch_length = static_cast<double>(random.Below(3));
    }
    const std::vector<double> distances = PathLengths(tree);
    std::vector<std::size_t> order(9);
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.Shuffle(std::span(order));
    const DistanceTree reordered = JoinNeighbours(Reordered(distances, order), 9).value();
    EXPECT_EQ(Restored(SplitsOf(reordered), order), SplitsOf(tree)) << seed;
    EXPECT_EQ(JoinNeighbours(distances, 9).value(), JoinNeighbours(distances, 9).value());
  }
}

// Where nothing tells leaves apart, the smallest indices are joined first.
TEST(JoinNeighbours, JoinsTheSmallestIndicesFirstWhereAllAreAlike) {
  std::vector<double> distances(16, 1);
  for (std::size_t a = 0; a < 4; ++a) distances[a * 5] = 0;
  const DistanceTree tree = JoinNeighbours(distances, 4).value();
  EXPECT_EQ(tree.nodes[0].parent, 4U);
  EXPECT_EQ(tree.nodes[1].parent, 4U);
  EXPECT_EQ(tree.nodes[4].branch_length, 0);
}

// What is particular to a leaf stays on its branch, whether or not the distances quite fit a tree: a measure of
// likeness may be freed of each leaf's typicality, or not. Branches of .3 at least outweigh the noise, so that none is
// cut to 0.
TEST(JoinNeighbours, KeepsWhatIsALeafsOwnOnItsBranch) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    base::Random random(5, seed);
    std::vector<double> plain = PathLengths(RandomTree(random, 9, 0.3));
    std::vector<double> own(9);
    for (double& length : own) length = random.Uniform();
    std::vector<double> lengthened = plain;
    for (std::size_t a = 0; a < 9; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        plain[a * 9 + b] = plain[b * 9 + a] += 0.1 * random.Uniform();
        lengthened[a * 9 + b] = lengthened[b * 9 + a] = plain[a * 9 + b] + own[a] + own[b];
      }
    }
    const DistanceTree without = JoinNeighbours(plain, 9).value();
    const DistanceTree with = JoinNeighbours(lengthened, 9).value();
    EXPECT_EQ(SplitsOf(with), SplitsOf(without)) << seed;
    const std::vector<double> short_paths = PathLengths(without), long_paths = PathLengths(with);
    for (std::size_t a = 0; a < 9; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        EXPECT_NEAR(long_paths[a * 9 + b], short_paths[a * 9 + b] + own[a] + own[b], 1e-9) << seed;
      }
    }
  }
}

TEST(JoinNeighbours, TakesOneTwoAndThreeLeaves) {
  const DistanceTree one = JoinNeighbours(std::vector<double>{0}, 1).value();
  EXPECT_EQ(one.nodes, (std::vector<DistanceTree::Node>{{}}));
  const DistanceTree two = JoinNeighbours(std::vector<double>{0, 3, 3, 0}, 2).value();
  EXPECT_EQ(two.nodes, (std::vector<DistanceTree::Node>{{2, 1.5}, {2, 1.5}, {}}));
  const DistanceTree three = JoinNeighbours(std::vector<double>{0, 3, 4, 3, 0, 5, 4, 5, 0}, 3).value();
  EXPECT_EQ(three.nodes, (std::vector<DistanceTree::Node>{{3, 1}, {3, 2}, {3, 3}, {}}));
}

// No branch is negative, and the two that meet stay as far apart as they were: 0 is nearer to 2 than the way through 1
// allows, at the last join of three and at the first of four.
TEST(JoinNeighbours, PassesOnWhatANegativeBranchLacks) {
  const DistanceTree three = JoinNeighbours(std::vector<double>{0, 1, 1, 1, 0, 4, 1, 4, 0}, 3).value();
  EXPECT_EQ(three.nodes, (std::vector<DistanceTree::Node>{{3, 0}, {3, 1}, {3, 1}, {}}));
  // 0 and 1 are joined; 0 is nearer to 2 and 3 by 4, but 1 away from 1.
  const DistanceTree four =
      JoinNeighbours(std::vector<double>{0, 1, 6, 6, 1, 0, 10, 10, 6, 10, 0, 2, 6, 10, 2, 0}, 4).value();
  EXPECT_EQ(four.nodes[0], (DistanceTree::Node{4, 0}));
  EXPECT_EQ(four.nodes[1], (DistanceTree::Node{4, 1}));
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    base::Random random(3, seed);
    std::vector<double> distances(64, 0);
    for (std::size_t a = 0; a < 8; ++a) {
      for (std::size_t b = 0; b < a; ++b) distances[a * 8 + b] = distances[b * 8 + a] = random.Uniform();
    }
    const DistanceTree tree = JoinNeighbours(distances, 8).value();
    for (const DistanceTree::Node& node : tree.nodes) EXPECT_GE(node.branch_length, 0);
  }
}

TEST(JoinNeighbours, NamesTheCellThatIsNoDistance) {
  const auto message = [](const std::vector<double>& distances, std::size_t leaves) {
    const absl::Status status = JoinNeighbours(distances, leaves).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  EXPECT_EQ(message({0, 1, kNaN, 0}, 2), "the distance of leaves 1 and 0 must be finite and not negative, got nan");
  EXPECT_EQ(message({0, -1, -1, 0}, 2), "the distance of leaves 0 and 1 must be finite and not negative, got -1");
  EXPECT_EQ(message({0, 1, 2, 0}, 2), "the distance of leaves 1 and 0 must be that of 0 and 1, 1, got 2");
  EXPECT_EQ(message({0, 1, 1, 0.5}, 2), "the distance of leaves 1 and 1 must be 0, got 0.5");
  EXPECT_EQ(message({0, 1, 1}, 2), "2 leaves have 4 distances, row by row, got 3");
  EXPECT_EQ(message({}, 0), "a tree needs at least 1 leaf, got 0");
}

// A root changes neither paths nor splits, but which side of a branch is the clade: the one without the last leaf.
TEST(RootedByLastLeaf, KeepsTheTreeOfTheOtherLeaves) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    base::Random random(4, seed);
    const std::size_t leaves = 2 + seed % 9;
    const std::vector<double> distances = PathLengths(RandomTree(random, leaves + 1));
    const DistanceTree tree = JoinNeighbours(distances, leaves + 1).value();
    const auto rooted = RootedByLastLeaf(tree);
    ASSERT_TRUE(rooted.ok()) << rooted.status();
    ASSERT_EQ(rooted->nodes.size(), 2 * leaves - 1);
    std::vector<std::size_t> children(rooted->nodes.size(), 0);
    for (std::size_t node = 0; node + 1 < rooted->nodes.size(); ++node) {
      ASSERT_GT(rooted->nodes[node].parent, node);
      ++children[*rooted->nodes[node].parent];
    }
    for (std::size_t node = 0; node < children.size(); ++node) EXPECT_EQ(children[node], node < leaves ? 0U : 2U);
    const std::vector<double> lengths = PathLengths(*rooted);
    for (std::size_t a = 0; a < leaves; ++a) {
      for (std::size_t b = 0; b < leaves; ++b) {
        EXPECT_NEAR(lengths[a * leaves + b], distances[a * (leaves + 1) + b], 1e-9);
      }
    }
    std::vector<std::vector<bool>> clades = Clades(*rooted);
    for (std::vector<bool>& clade : clades) clade.push_back(false);
    for (std::vector<bool> side : Clades(tree)) {
      if (side.back()) side.flip();
      if (std::ranges::find(side, true) == side.end()) continue;  // the old last node's, which is no branch
      EXPECT_NE(std::ranges::find(clades, side), clades.end());
    }
  }
}

TEST(RootedByLastLeaf, NeedsALeafToSpare) {
  EXPECT_EQ(RootedByLastLeaf(JoinNeighbours(std::vector<double>{0}, 1).value()).status().message(),
            "a tree is rooted by one of at least 2 leaves, got 1");
  const DistanceTree one = RootedByLastLeaf(JoinNeighbours(std::vector<double>{0, 3, 3, 0}, 2).value()).value();
  EXPECT_EQ(one, JoinNeighbours(std::vector<double>{0}, 1).value());
}

// ((0 1) 2) 3 against draws that keep both clades, only {0, 1}, only {0, 1, 2}, and none.
TEST(CladeSupport, IsTheShareOfDrawsThatHoldTheClade) {
  const auto tree = [](std::vector<std::vector<std::size_t>> joins) {
    DistanceTree made;
    made.leaves = 4;
    made.nodes.resize(4);
    for (const std::vector<std::size_t>& join : joins) {
      for (const std::size_t node : join) made.nodes[node] = {made.nodes.size(), 1};
      made.nodes.emplace_back();
    }
    return made;
  };
  const DistanceTree drawn = tree({{0, 1}, {4, 2}, {5, 3}});
  const std::vector<DistanceTree> draws = {drawn, tree({{1, 0}, {2, 3}, {4, 5}}), tree({{0, 2}, {4, 1}, {5, 3}}),
                                           tree({{0, 3}, {4, 2}, {5, 1}})};
  const std::vector<double> support = CladeSupport(drawn, draws).value();
  EXPECT_EQ(support[4], 0.5);
  EXPECT_EQ(support[5], 0.5);
  for (const std::size_t node : {0U, 1U, 2U, 3U, 6U}) EXPECT_TRUE(std::isnan(support[node]));
  EXPECT_EQ(CladeSupport(drawn, std::span(draws).first(1)).value()[4], 1);
  EXPECT_EQ(CladeSupport(drawn, {}).status().message(), "draws must be at least 1, got 0");
  const std::vector<DistanceTree> other = {drawn, JoinNeighbours(std::vector<double>{0}, 1).value()};
  EXPECT_EQ(CladeSupport(drawn, other).status().message(),
            "a draw of a tree of 4 leaves must have as many, got 1 at 1");
}

}  // namespace
}  // namespace stemma
