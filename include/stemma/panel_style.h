// A panel's models as points in its vocabulary's style space, and what to expect of a style at each prompt and length.
//
// Two points a model: one where its shares of features are held against what the panel's models do at the same prompts,
// and one where they are held against what they do at the same lengths of answers, for candidates that answered others.
// Shape: `size()` numbers a point, of unit length (or zero: no answer).
// Units: expectations are weighted mean shares, each group of models counting once; lengths are half-octaves of the
// number of tokens.
// Errors: kDataLoss for features that the vocabulary does not have.
// Determinism: integers and sums of doubles in fixed order.
// Complexity: linear in the features of the signature's answers.
#ifndef STEMMA_PANEL_STYLE_H_
#define STEMMA_PANEL_STYLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/hash.h"
#include "stemma/signature.h"
#include "stemma/style_space.h"

namespace stemma {

class PanelStyle {
 public:
  using Point = std::vector<double>;

  // The bytes of a panel's section. `signatures`: by name. `prompts`: the panel's, sorted.
  static absl::StatusOr<std::string> Build(std::span<const Signature* const> signatures, const StyleSpace& space,
                                           std::span<const Hash128> prompts);
  // `bytes`, `space` and `prompts` must outlive the object.
  static absl::StatusOr<PanelStyle> Parse(std::string_view bytes, const StyleSpace& space, std::size_t models,
                                          std::span<const Hash128> prompts, std::string_view source);

  std::size_t size() const { return space_->size(); }
  const Point& paired(std::size_t model) const { return paired_[model]; }
  const Point& length_matched(std::size_t model) const { return length_matched_[model]; }

  // Of the answers to the panel's prompts, those left out that are given as sorted indices; zero where there are none.
  absl::StatusOr<Point> Paired(const Signature& signature, std::span<const std::size_t> left_out = {}) const;
  // What some answers to the panel's prompts add to a point; tallies of several parts can be added up.
  struct Tally {
    std::vector<double> shares;          // by feature, summed over answers
    std::vector<std::uint64_t> squares;  // likewise what to expect
    std::uint64_t answers = 0;

    void Add(const Tally& part, std::uint32_t times);
    Tally Empty() const { return {std::vector<double>(shares.size(), 0), std::vector<std::uint64_t>(squares.size(), 0), 0}; }
  };
  // `prompts`: sorted indices of the panel's; those that the signature has no answer to add nothing.
  absl::StatusOr<Tally> Count(const Signature& signature, std::span<const std::size_t> prompts) const;
  Point PairedOf(const Tally& tally) const;

  // Of all answers, to whatever prompts, but those left out of the panel's.
  absl::StatusOr<Point> LengthMatched(const Signature& signature, std::span<const std::size_t> left_out = {}) const;

 private:
  // What is known of a panel before its models' points are.
  struct Expectations;
  PanelStyle() = default;

  const StyleSpace* space_ = nullptr;
  std::shared_ptr<const Expectations> expectations_;
  std::vector<double> paired_mean_;  // of the projected models
  std::vector<double> length_matched_mean_;
  std::vector<Point> paired_;
  std::vector<Point> length_matched_;
};

// Of points of unit length their cosine; 0 where one of them is zero.
double InnerProduct(std::span<const double> a, std::span<const double> b);

}  // namespace stemma

#endif  // STEMMA_PANEL_STYLE_H_
