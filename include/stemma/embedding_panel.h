// A panel's models as vectors: for each prompt where a model's answers lie from what models say there on average.
//
// Shape: the centre of each prompt, and of each model that answered it the direction from the centre, rounded. A file beside
// the panel of n-grams, of whose models it is and which it names; 142 models, 805 prompts and 64 dimensions of 4 bits take
// 3.8 MB.
// Units: a direction is `dims` whole numbers of `bits` bits; its length is not kept. Rounding turns a direction by about
// .1 radian at 4 bits and .006 at 8 bits in 64 dimensions. Of 146 models' answers to AlpacaEval's prompts a cosine is off by
// .021 at 4 bits (root mean square), its mean over 805 prompts by .0014, of which .0007 is no common shrinking; these means
// have a standard deviation of .077. At 8 bits it is .001 and .00004, in twice the bytes.
// Centres are weighted means in which each group of models counts once, as models of one line do in scores. They are fixed
// when the panel is built: a panel's own model has a part in them, of one in as many as there are groups.
// Errors: kInvalidArgument for no model, a name that is there twice, other models than the panel's, dims and bits out of
// range, no prompt in common; kFailedPrecondition of CheckComparable; those of the file container.
// Determinism: equal signatures give equal bytes in whatever order they are given.
// Complexity: one pass over the signatures' vectors; all of the file is unpacked in memory, a byte a number.
#ifndef STEMMA_EMBEDDING_PANEL_H_
#define STEMMA_EMBEDDING_PANEL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/embedding_signature.h"
#include "stemma/hash.h"
#include "stemma/panel.h"

namespace stemma {

struct EmbeddingPanelOptions {
  static constexpr unsigned kMinBits = 2;
  static constexpr unsigned kMaxBits = 8;

  std::size_t dims = 64;  // the first of those that the signatures store; all where they have no more
  unsigned bits = 4;
};

// What embeddings stand beside: a panel's models by name, responses, group and whether they have a say. A panel that is
// calibrated anew keeps it.
Hash128 PopulationDigest(const Panel& panel);

class EmbeddingPanel {
 public:
  // One signature a model of the panel, whose metadata count in place of the signatures': groups are those of scores, and
  // degenerate models have no say in the centres. Prompts that fewer than two other models answered are left out.
  static absl::StatusOr<EmbeddingPanel> Build(const Panel& panel, std::span<const EmbeddingSignature> signatures,
                                              const EmbeddingPanelOptions& options);
  // The same by the signatures' metadata, beside no panel.
  static absl::StatusOr<EmbeddingPanel> Build(std::span<const EmbeddingSignature* const> signatures,
                                              const EmbeddingPanelOptions& options);

  // kFailedPrecondition, naming both digests, where it was made beside other models than the panel's.
  absl::Status CheckBeside(const Panel& panel) const;

  static absl::StatusOr<EmbeddingPanel> Parse(std::string_view bytes, std::string_view source);
  static absl::StatusOr<EmbeddingPanel> Read(const std::string& path);
  static bool IsEmbeddingPanel(std::string_view bytes);
  std::string Serialize() const;
  absl::Status Write(const std::string& path) const;

  struct Model {
    std::string name;
    Hash128 digest;  // of the embedding signature

    friend bool operator==(const Model&, const Model&) = default;
  };

  // Of the signatures: what a candidate's must be comparable with.
  const EmbeddingSpace& space() const { return space_; }
  std::size_t dims() const { return dims_; }
  unsigned bits() const { return bits_; }
  const Hash128& digest() const { return digest_; }
  // Of the panel that it was made beside; zeros for none.
  const Hash128& population() const { return population_; }
  // Sorted by name.
  std::span<const Model> models() const { return models_; }
  // Sorted.
  std::span<const Hash128> prompts() const { return prompts_; }

  bool Answered(std::size_t model, std::size_t prompt) const { return answered_[model * prompts_.size() + prompt]; }
  // From the centre to the model's vector, of no particular length; zeros where it did not answer.
  std::span<const std::int8_t> Direction(std::size_t model, std::size_t prompt) const {
    return std::span(directions_).subspan((model * prompts_.size() + prompt) * dims_, dims_);
  }
  // Replaces `out` by what lies between the prompt's centre and the mean vector of a signature's row, not rounded.
  // Precondition: the signature's space is the panel's.
  void DirectionOf(const EmbeddingSignature& signature, std::size_t row, std::size_t prompt, std::vector<double>& out) const;

 private:
  std::string Content(std::string_view section) const;
  absl::Status ParseSpace(std::string_view bytes, std::string_view source);
  absl::Status ParsePopulation(std::string_view bytes, std::string_view source);
  absl::Status ParseModels(std::string_view bytes, std::string_view source);
  absl::Status ParsePrompts(std::string_view bytes, std::string_view source);
  absl::Status ParseDirections(std::string_view bytes, std::string_view source);
  void UpdateDigest();
  // Appends the prompt's centre and fills the models' directions.
  void FillPrompt(std::size_t prompt, std::span<const EmbeddingSignature* const> by_name, std::span<const double> weights);

  EmbeddingSpace space_;
  std::size_t dims_ = 0;
  unsigned bits_ = 0;
  Hash128 digest_;
  Hash128 population_;
  std::vector<Model> models_;
  std::vector<Hash128> prompts_;
  std::vector<std::int32_t> centres_;     // by prompt, dimension; in units of 2^-kCentreBits
  std::vector<bool> answered_;            // by model, prompt
  std::vector<std::int8_t> directions_;   // by model, prompt, dimension
};

}  // namespace stemma

#endif  // STEMMA_EMBEDDING_PANEL_H_
