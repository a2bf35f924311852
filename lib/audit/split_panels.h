// A panel's groups dealt into a reference and a candidate half, several times at once, and what all models have in
// common where only the reference half says how rare n-grams are.
//
// Shape: `kLanes` splits go through the panel together, a lane each, since what costs is to walk along the postings.
// Models are those of the panel that count, in its order.
// Units: those of PairSum; sums are equal to those of a panel whose candidate half is marked as degenerate.
// Determinism: integers; a split depends on the seed and its number alone.
// Complexity: for each prompt and each n-gram the square of the models that use it.
#ifndef STEMMA_LIB_AUDIT_SPLIT_PANELS_H_
#define STEMMA_LIB_AUDIT_SPLIT_PANELS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "stemma/pair_sum.h"
#include "stemma/panel.h"
#include "stemma/prompt_index.h"

namespace stemma::audit {

// The panel's models that count, as indices of the panel's.
std::vector<std::size_t> CountedModels(const Panel& panel);
// Their groups, likewise; ascending.
std::vector<std::size_t> CountedGroups(const Panel& panel);

// Which of the panel's groups are in the reference half of a split, by group: of an odd number the larger part.
std::vector<bool> DealGroups(const Panel& panel, std::uint64_t seed, std::size_t split);

class SplitPanels {
 public:
  static constexpr std::size_t kLanes = 16;

  // `in_reference`: by lane, the panel's groups. Precondition: at most kLanes, each with equally many groups.
  // `panel` must outlive the object.
  SplitPanels(const Panel& panel, std::span<const std::vector<bool>> in_reference);

  // Adds what the models have in common at a prompt. Errors: kDataLoss.
  absl::Status Add(std::size_t prompt);

  // Of two counted models, by their places among them; nothing of two models that are both of the candidate half.
  const PairSum& of(std::size_t lane, std::size_t a, std::size_t b) const { return sums_[Pair(a, b)][lane]; }

 private:
  template <typename T>
  using Lanes = std::array<T, kLanes>;

  // One model's use of an n-gram: which list, and where in it.
  struct Use {
    std::uint32_t list = 0;
    std::uint32_t place = 0;
  };

  std::size_t Pair(std::size_t a, std::size_t b) const {
    return a < b ? a * models_.size() + b : b * models_.size() + a;
  }

  void KeepCounted();
  void FindValues();
  void FindNorms(std::size_t prompt);
  void AddRow(std::size_t prompt, std::size_t a);

  const Panel& panel_;
  std::vector<std::size_t> models_;
  std::vector<std::size_t> place_;  // of the panel's models among the counted; their number for the others
  std::vector<Lanes<std::uint16_t>> in_reference_;  // by group: 1 or 0
  std::vector<std::uint32_t> value_of_df_;
  std::vector<Lanes<PairSum>> sums_;  // by Pair

  // Of the prompt that is being added.
  PromptIndex index_;
  PostingLists lists_;                        // of counted models, under their places
  std::vector<Lanes<std::uint32_t>> values_;  // by list
  std::vector<Lanes<std::uint64_t>> norms_;   // by model
  std::vector<std::vector<Use>> uses_;        // by model
  std::vector<Lanes<std::uint64_t>> inner_;   // of one model with those behind it
  std::vector<std::size_t> last_seen_;        // by group: the last list that it was counted in, and one more
};

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_SPLIT_PANELS_H_
