// What stands behind a Panel: views into its file's sections, and indexes made from them when it is opened.
#ifndef STEMMA_LIB_PANEL_PANEL_STATE_H_
#define STEMMA_LIB_PANEL_PANEL_STATE_H_

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/mapped_file.h"
#include "stemma/panel.h"

namespace stemma {

static_assert(std::endian::native == std::endian::little, "panel sections are little-endian and read in place");

namespace panel {

// Section names of format version 1.
inline constexpr std::string_view kMetadata = "METADATA";
inline constexpr std::string_view kVocabulary = "VOCABULA";
inline constexpr std::string_view kPrompts = "PROMPTS";
inline constexpr std::string_view kValues = "VALUES";
inline constexpr std::string_view kIndexTable = "INDEXTAB";
inline constexpr std::string_view kIndex = "INDEX";
inline constexpr std::string_view kSamples = "SAMPLES";
inline constexpr std::string_view kNorms = "NORMS";
inline constexpr std::string_view kAnswers = "ANSWERS";
inline constexpr std::string_view kPairs = "PAIRS";
inline constexpr std::string_view kStyle = "STYLE";
inline constexpr std::string_view kStrangers = "STRANGER";
inline constexpr std::string_view kCalibration = "CALIBRAT";

// Where a prompt's packed index begins, and which keys are in its sample.
struct IndexEntry {
  std::uint64_t begin = 0;
  std::uint64_t threshold = 0;
};

// How many answers of a model to a prompt there are, and whether they hold n-grams.
// In the file, one number: twice the answers, and one more where they hold n-grams.
struct SampleCount {
  std::uint16_t answers = 0;
  bool has_grams = false;
};

inline constexpr std::uint32_t kMaxAnswers = UINT16_MAX >> 1;

// The index of one prompt from its packed form; false for bytes that no writer made.
// `group_of_model` is negative for models that are left out of document frequencies.
bool UnpackIndex(const Hash128& prompt, std::uint32_t threshold, std::string_view packed,
                 std::span<const std::uint16_t> samples_of_model, std::span<const std::int32_t> group_of_model,
                 std::span<const std::uint32_t> values, PromptIndex& out);

}  // namespace panel

struct Panel::State {
  std::optional<base::MappedFile> file;  // one of these two owns the bytes
  std::string memory;
  std::string_view bytes;

  std::string title;
  std::string source;
  std::string licence;
  Hash128 digest;
  std::optional<Vocabulary> vocabulary;
  std::vector<PanelModel> models;
  std::vector<std::size_t> group_of_model;
  std::vector<std::string> groups;
  std::vector<std::int32_t> counted_group;  // by model; negative for degenerate ones
  std::vector<Hash128> prompts;
  std::span<const std::uint32_t> values;  // by document frequency
  std::span<const panel::IndexEntry> index_table;
  std::string_view index;
  std::vector<panel::SampleCount> samples;  // by prompt, model
  std::vector<std::uint64_t> squared_norms;
  std::span<const std::uint32_t> answers;
  std::vector<std::uint32_t> first_answer;  // by prompt, model
  std::vector<PairSum> pair_sums;
  std::optional<PanelStyle> style;
  std::optional<StrangerScores> strangers;
  std::optional<PanelCalibration> calibration;
};

}  // namespace stemma

#endif  // STEMMA_LIB_PANEL_PANEL_STATE_H_
