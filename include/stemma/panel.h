// Many models' signatures aligned by prompt: the population in which a likeness is common or rare.
//
// Shape: for each prompt an index of a sample of its n-grams, and for each n-gram the models that use it. The sample is
// drawn by a hash of n-gram and prompt, so that responses seen later are cut down to the same one; its rate is set for
// each prompt by the bytes it may take: prompts with short answers are kept whole. Models are in the order of their
// names. Beside the index stand the models' points in the vocabulary's style space.
// Units: an n-gram's weight at a prompt is ln((G + 1) / max(1, df)), G the panel's groups and df those that use the
// n-gram there; its value is the weight's square in fixed point.
// Errors: those of the file container; kInvalidArgument / kFailedPrecondition where signatures cannot form a panel.
// Determinism: the bytes depend on the signatures and options alone, never on their order or the number of threads.
// Complexity: opening hashes the file once and copies nothing but metadata.
// Source: Cohen and Kaplan 2007 and Irber et al. 2022 (FracMinHash) for samples coordinated by a hash; weights after
// Sparck Jones 1972.
#ifndef STEMMA_PANEL_H_
#define STEMMA_PANEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/hash.h"
#include "stemma/metadata.h"
#include "stemma/pair_sum.h"
#include "stemma/panel_calibration.h"
#include "stemma/panel_style.h"
#include "stemma/progress.h"
#include "stemma/prompt_index.h"
#include "stemma/signature.h"
#include "stemma/stranger_scores.h"
#include "stemma/vocabulary.h"

namespace stemma {

// Leaves a model of 805 responses under 60 kB, answer digests and sums included.
inline constexpr double kDefaultIndexBytesPerResponse = 61.5;

struct PanelOptions {
  std::string title = {};
  std::string source = {};   // where the responses are from
  std::string licence = {};  // of what is derived from them
  // What the index may take for each response, in bytes; 0 keeps every n-gram.
  double index_bytes_per_response = kDefaultIndexBytesPerResponse;
  int threads = 0;  // 0: as many as the machine has
  Progress progress = {};
};

// A model of the panel.
struct PanelModel {
  ModelMetadata metadata;
  Hash128 digest;  // of its signature
  std::uint64_t responses = 0;
  std::uint64_t prompts = 0;
  std::uint64_t tokens = 0;

  // Of an answer; 0 without any.
  double mean_tokens() const { return responses == 0 ? 0 : static_cast<double>(tokens) / static_cast<double>(responses); }
};

// Immutable and cheap to copy.
class Panel {
 public:
  static absl::StatusOr<Panel> Build(std::span<const Signature> signatures, const Vocabulary& vocabulary,
                                     const PanelOptions& options = {});
  static absl::StatusOr<Panel> Open(const std::string& path);
  absl::Status Write(const std::string& path) const;

  const std::string& title() const;
  const std::string& source() const;
  const std::string& licence() const;
  const Hash128& digest() const;
  const Vocabulary& vocabulary() const;
  std::uint64_t size_bytes() const;

  std::span<const PanelModel> models() const;
  std::optional<std::size_t> FindModel(std::string_view name) const;

  // Voices that count once: the documented group, else the organisation, else the model itself.
  std::size_t group(std::size_t model) const;
  std::span<const std::string> groups() const;
  // The group that documented metadata place a model in; none where neither group nor organisation is documented: a
  // stranger's name must not make it anyone's relative.
  std::optional<std::size_t> FindGroup(const ModelMetadata& metadata) const;

  // Sorted.
  std::span<const Hash128> prompts() const;
  std::optional<std::size_t> FindPrompt(const Hash128& prompt) const;

  // The sampled n-grams of a prompt and who uses them. Errors: kDataLoss.
  absl::Status ReadIndex(std::size_t prompt, PromptIndex& out) const;
  // True where the model has an answer to the prompt that holds n-grams, sampled or not.
  bool Answered(std::size_t prompt, std::size_t model) const;
  // Sum of value times count over the model's sampled n-grams, times the number of its answers.
  std::uint64_t SquaredNorm(std::size_t prompt, std::size_t model) const;
  // Low halves of the `token_hash` of the model's answers to a prompt; 0 for short answers.
  std::span<const std::uint32_t> AnswerHashes(std::size_t prompt, std::size_t model) const;

  // The models' styles; null where the vocabulary has no style space or a signature held no style.
  const PanelStyle* style() const;

  // What all models have in common with each other over all prompts: a symmetric matrix, row by row.
  std::span<const PairSum> pair_sums() const;

  // What its own models score as strangers, and what follows from that; null for a panel that is not calibrated.
  const StrangerScores* strangers() const;
  const PanelCalibration* calibration() const;
  // The same panel with these in place of those that it has. Errors: kInvalidArgument for those of another number of models
  // or groups.
  absl::StatusOr<Panel> WithStrangers(const StrangerScores& scores) const;  // and no calibration
  absl::StatusOr<Panel> WithCalibration(const PanelCalibration& calibration) const;

 private:
  struct State;
  explicit Panel(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  static absl::StatusOr<Panel> Parse(std::shared_ptr<State> state, std::string_view bytes, std::string_view source);
  absl::StatusOr<Panel> WithSection(std::string_view name, std::string bytes, std::string_view dropped) const;

  std::shared_ptr<const State> state_;
};

// The group that a model's metadata place it in.
const std::string& GroupName(const ModelMetadata& metadata);

}  // namespace stemma

#endif  // STEMMA_PANEL_H_
