#include "stemma/neighbour_joining.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"

namespace stemma {
namespace {

absl::Status CheckCell(std::span<const double> distances, std::size_t leaves, std::size_t a, std::size_t b) {
  const double distance = distances[a * leaves + b];
  const auto refuse = [&](const char* what) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the distance of leaves %d and %d must be %s, got %g", a, b, what, distance));
  };
  if (!std::isfinite(distance) || distance < 0) return refuse("finite and not negative");
  if (a == b && distance != 0) return refuse("0");
  if (a < b || distance == distances[b * leaves + a]) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("the distance of leaves %d and %d must be that of %d and %d, %g, got %g", a, b, b, a,
                      distances[b * leaves + a], distance));
}

absl::Status CheckDistances(std::span<const double> distances, std::size_t leaves) {
  if (leaves == 0) return absl::InvalidArgumentError("a tree needs at least 1 leaf, got 0");
  if (distances.size() != leaves * leaves) {
    return absl::InvalidArgumentError(absl::StrFormat("%d leaves have %d distances, row by row, got %d", leaves,
                                                      leaves * leaves, distances.size()));
  }
  for (std::size_t a = 0; a < leaves; ++a) {
    for (std::size_t b = 0; b < leaves; ++b) STEMMA_RETURN_IF_ERROR(CheckCell(distances, leaves, a, b));
  }
  return absl::OkStatus();
}

// Nodes that nothing joins yet, and how far they are from each other.
class Joiner {
 public:
  Joiner(std::span<const double> distances, std::size_t leaves)
      : distances_(distances.begin(), distances.end()) {
    tree_.leaves = leaves;
    tree_.nodes.resize(leaves);
    for (std::size_t leaf = 0; leaf < leaves; ++leaf) open_.push_back(leaf);
  }

  DistanceTree Join() && {
    while (open_.size() > 3) {
      const auto [a, b] = Nearest();
      JoinPair(a, b);
    }
    if (open_.size() > 1) JoinRest();
    return std::move(tree_);
  }

 private:
  double Distance(std::size_t a, std::size_t b) const { return distances_[a * open_.size() + b]; }

  std::vector<double> RowSums() const {
    std::vector<double> sums;
    for (std::size_t a = 0; a < open_.size(); ++a) {
      sums.push_back(base::Sum(std::span(distances_).subspan(a * open_.size(), open_.size())));
    }
    return sums;
  }

  // The pair whose join leaves the shortest tree, as places among the open nodes.
  std::pair<std::size_t, std::size_t> Nearest() const {
    const std::vector<double> sums = RowSums();
    std::pair<std::size_t, std::size_t> nearest;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < open_.size(); ++a) {
      for (std::size_t b = a + 1; b < open_.size(); ++b) {
        const double criterion = static_cast<double>(open_.size() - 2) * Distance(a, b) - sums[a] - sums[b];
        if (criterion >= least) continue;
        least = criterion;
        nearest = {a, b};
      }
    }
    return nearest;
  }

  void JoinPair(std::size_t a, std::size_t b) {
    const std::vector<double> sums = RowSums();
    const double apart = Distance(a, b);
    // Distances to a clade may come out negative; branches do not.
    const double across = std::max(0.0, apart);
    const double to_a = (apart + (sums[a] - sums[b]) / static_cast<double>(open_.size() - 2)) / 2;
    const double length = std::clamp(to_a, 0.0, across);
    Attach(open_[a], length);
    Attach(open_[b], across - length);
    std::vector<std::size_t> rest;  // places of those that stay open
    for (std::size_t k = 0; k < open_.size(); ++k) {
      if (k != a && k != b) rest.push_back(k);
    }
    std::vector<double> to_join;
    for (const std::size_t k : rest) to_join.push_back((Distance(a, k) + Distance(b, k) - apart) / 2);
    Keep(rest, to_join);
  }

  // Goes on with some of the open nodes and, behind them, the newest.
  void Keep(std::span<const std::size_t> places, std::span<const double> to_join) {
    const std::size_t n = places.size() + 1;
    std::vector<double> distances(n * n, 0);
    std::vector<std::size_t> open;
    for (std::size_t a = 0; a < places.size(); ++a) {
      for (std::size_t b = 0; b < places.size(); ++b) distances[a * n + b] = Distance(places[a], places[b]);
      distances[a * n + n - 1] = distances[(n - 1) * n + a] = to_join[a];
      open.push_back(open_[places[a]]);
    }
    open.push_back(tree_.nodes.size());
    tree_.nodes.emplace_back();
    distances_ = std::move(distances);
    open_ = std::move(open);
  }

  // The last two or three meet in one node.
  void JoinRest() {
    if (open_.size() == 2) {
      for (const std::size_t node : open_) Attach(node, Distance(0, 1) / 2);
    } else {
      const double lengths[] = {(Distance(0, 1) + Distance(0, 2) - Distance(1, 2)) / 2,
                                (Distance(0, 1) + Distance(1, 2) - Distance(0, 2)) / 2,
                                (Distance(0, 2) + Distance(1, 2) - Distance(0, 1)) / 2};
      const double lacking = std::min({0.0, lengths[0], lengths[1], lengths[2]});
      for (std::size_t k = 0; k < 3; ++k) Attach(open_[k], std::max(0.0, lengths[k] + lacking));
    }
    tree_.nodes.emplace_back();
  }

  // To the node that comes next.
  void Attach(std::size_t node, double length) { tree_.nodes[node] = {tree_.nodes.size(), length}; }

  DistanceTree tree_;
  std::vector<std::size_t> open_;
  std::vector<double> distances_;  // of the open nodes
};

struct Neighbour {
  std::size_t node = 0;
  double distance = 0;
};

std::vector<std::vector<Neighbour>> NeighboursOf(const DistanceTree& tree) {
  std::vector<std::vector<Neighbour>> neighbours(tree.nodes.size());
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    if (!tree.nodes[node].parent) continue;
    neighbours[node].push_back({*tree.nodes[node].parent, tree.nodes[node].branch_length});
    neighbours[*tree.nodes[node].parent].push_back({node, tree.nodes[node].branch_length});
  }
  return neighbours;
}

// Numbers anew what lies beyond `node` as seen from `from`, children before parents. Returns the new number of `node`.
std::size_t Append(const std::vector<std::vector<Neighbour>>& neighbours, std::size_t node, std::size_t from,
                   DistanceTree& out) {
  std::vector<std::pair<std::size_t, double>> children;
  for (const Neighbour& next : neighbours[node]) {
    if (next.node != from) children.emplace_back(Append(neighbours, next.node, node, out), next.distance);
  }
  if (children.empty()) return node;
  for (const auto& [child, distance] : children) out.nodes[child] = {out.nodes.size(), distance};
  out.nodes.emplace_back();
  return out.nodes.size() - 1;
}

}  // namespace

absl::StatusOr<DistanceTree> JoinNeighbours(std::span<const double> distances, std::size_t leaves) {
  STEMMA_RETURN_IF_ERROR(CheckDistances(distances, leaves));
  return Joiner(distances, leaves).Join();
}

absl::StatusOr<DistanceTree> RootedByLastLeaf(const DistanceTree& tree) {
  if (tree.leaves < 2) {
    return absl::InvalidArgumentError(
        absl::StrFormat("a tree is rooted by one of at least 2 leaves, got %d", tree.leaves));
  }
  const std::vector<std::vector<Neighbour>> neighbours = NeighboursOf(tree);
  const std::size_t last = tree.leaves - 1;
  DistanceTree rooted;
  rooted.leaves = last;
  rooted.nodes.resize(last);
  // Of two leaves one is left; the node that stood half-way between them is nothing without the other.
  if (last > 1) Append(neighbours, neighbours[last].front().node, last, rooted);
  return rooted;
}

std::vector<std::vector<bool>> Clades(const DistanceTree& tree) {
  std::vector<std::vector<bool>> clades(tree.nodes.size(), std::vector<bool>(tree.leaves, false));
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    if (node < tree.leaves) clades[node][node] = true;
    if (!tree.nodes[node].parent) continue;
    std::vector<bool>& above = clades[*tree.nodes[node].parent];
    for (std::size_t leaf = 0; leaf < tree.leaves; ++leaf) above[leaf] = above[leaf] || clades[node][leaf];
  }
  return clades;
}

absl::StatusOr<std::vector<double>> CladeSupport(const DistanceTree& tree, std::span<const DistanceTree> draws) {
  if (draws.empty()) return absl::InvalidArgumentError("draws must be at least 1, got 0");
  const std::vector<std::vector<bool>> clades = Clades(tree);
  std::vector<std::size_t> held(tree.nodes.size(), 0);
  for (std::size_t draw = 0; draw < draws.size(); ++draw) {
    if (draws[draw].leaves != tree.leaves) {
      return absl::InvalidArgumentError(
          absl::StrFormat("a draw of a tree of %d leaves must have as many, got %d at %d", tree.leaves,
                          draws[draw].leaves, draw));
    }
    const std::vector<std::vector<bool>> drawn = Clades(draws[draw]);
    const std::set<std::vector<bool>> present(drawn.begin(), drawn.end());
    for (std::size_t node = 0; node < clades.size(); ++node) held[node] += present.contains(clades[node]);
  }
  std::vector<double> support(tree.nodes.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t node = tree.leaves; node < support.size(); ++node) {
    if (tree.nodes[node].parent) support[node] = static_cast<double>(held[node]) / static_cast<double>(draws.size());
  }
  return support;
}

}  // namespace stemma
