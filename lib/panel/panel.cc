#include "stemma/panel.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/durable_file.h"
#include "lib/base/hash.h"
#include "lib/base/sectioned_file.h"
#include "lib/base/status_macros.h"
#include "lib/panel/find_prompt.h"
#include "lib/panel/metadata_of.h"
#include "lib/panel/panel_state.h"
#include "lib/panel/posting_codec.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

// Sections stand at multiples of 8 bytes of a page-aligned or heap-allocated file.
template <typename T>
bool View(std::string_view bytes, std::size_t count, std::span<const T>& out) {
  if (bytes.size() != count * sizeof(T) || reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(T) != 0) {
    return false;
  }
  out = std::span(reinterpret_cast<const T*>(bytes.data()), count);
  return true;
}

absl::StatusOr<PanelModel> ParseModel(const Json& json, std::string_view source) {
  const auto number = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
  };
  const auto digest = json.find("digest");
  const auto metadata = json.find("metadata");
  if (digest == json.end() || !digest->is_string() || metadata == json.end()) return base::SectionContradictsItself(source, panel::kMetadata);
  PanelModel model;
  STEMMA_ASSIGN_OR_RETURN(model.metadata, MetadataFromJson(metadata->dump()));
  const auto hash = Hash128FromHex(digest->get<std::string>());
  if (!hash || model.metadata.model.empty()) return base::SectionContradictsItself(source, panel::kMetadata);
  model.digest = *hash;
  model.responses = number("responses");
  model.prompts = number("prompts");
  model.tokens = number("tokens");
  return model;
}

bool ParseNorms(std::string_view bytes, std::size_t count, std::vector<std::uint64_t>& norms) {
  base::ByteReader reader(bytes);
  norms.reserve(std::min(count, bytes.size()));
  for (std::size_t k = 0; k < count; ++k) {
    std::uint64_t norm = 0;
    if (!reader.ReadVarint(norm)) return false;
    norms.push_back(norm);
  }
  return reader.done();
}

// The upper triangle of a symmetric matrix, row by row.
bool ParsePairs(std::string_view bytes, std::size_t models, std::vector<PairSum>& matrix) {
  matrix.assign(models * models, PairSum());
  base::ByteReader reader(bytes);
  for (std::size_t a = 0; a < models; ++a) {
    for (std::size_t b = a + 1; b < models; ++b) {
      PairSum sum;
      if (!reader.ReadI64(sum.cosine_sum) || !reader.ReadI64(sum.copy_cosine_sum) || !reader.ReadU32(sum.prompts) ||
          !reader.ReadU32(sum.copies)) {
        return false;
      }
      matrix[a * models + b] = matrix[b * models + a] = sum;
    }
  }
  return reader.done();
}

}  // namespace

const std::string& GroupName(const ModelMetadata& metadata) {
  return metadata.group.empty() ? panel::MakerOf(metadata) : metadata.group;
}

absl::StatusOr<Panel> Panel::Open(const std::string& path) {
  auto state = std::make_shared<State>();
  STEMMA_ASSIGN_OR_RETURN(state->file, base::MappedFile::Open(path));
  const std::string_view bytes = state->file->bytes();
  return Parse(std::move(state), bytes, path);
}

absl::StatusOr<Panel> Panel::Parse(std::shared_ptr<State> state, std::string_view bytes, std::string_view source) {
  STEMMA_ASSIGN_OR_RETURN(const auto file, base::SectionedFile::Parse(bytes, base::FileKind::kPanel, source));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view metadata, file.Section(panel::kMetadata));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view vocabulary, file.Section(panel::kVocabulary));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view prompts, file.Section(panel::kPrompts));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view values, file.Section(panel::kValues));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view index_table, file.Section(panel::kIndexTable));
  STEMMA_ASSIGN_OR_RETURN(state->index, file.Section(panel::kIndex));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view samples, file.Section(panel::kSamples));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view norms, file.Section(panel::kNorms));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view answers, file.Section(panel::kAnswers));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view pairs, file.Section(panel::kPairs));
  state->bytes = bytes;
  state->digest = base::HashBytes128(bytes);
  STEMMA_ASSIGN_OR_RETURN(state->vocabulary, Vocabulary::Parse(vocabulary, source));

  const Json json = Json::parse(metadata, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("models") || !json["models"].is_array()) {
    return base::SectionContradictsItself(source, panel::kMetadata);
  }
  const auto string = [&](const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
  };
  state->title = string("title");
  state->source = string("source");
  state->licence = string("licence");
  for (const Json& model : json["models"]) {
    STEMMA_ASSIGN_OR_RETURN(PanelModel parsed, ParseModel(model, source));
    if (!state->models.empty() && state->models.back().metadata.model >= parsed.metadata.model) {
      return base::SectionContradictsItself(source, panel::kMetadata);
    }
    state->models.push_back(std::move(parsed));
  }
  for (const PanelModel& model : state->models) state->groups.push_back(GroupName(model.metadata));
  std::ranges::sort(state->groups);
  const auto repeated = std::ranges::unique(state->groups);
  state->groups.erase(repeated.begin(), repeated.end());
  for (const PanelModel& model : state->models) {
    const auto found = std::ranges::lower_bound(state->groups, GroupName(model.metadata));
    const auto group = found - state->groups.begin();
    state->group_of_model.push_back(static_cast<std::size_t>(group));
    state->counted_group.push_back(model.metadata.degenerate ? -1 : static_cast<std::int32_t>(group));
  }

  base::ByteReader reader(prompts);
  while (!reader.done()) {
    Hash128 prompt;
    if (!reader.ReadU64(prompt.high) || !reader.ReadU64(prompt.low) ||
        (!state->prompts.empty() && state->prompts.back() >= prompt)) {
      return base::SectionContradictsItself(source, panel::kPrompts);
    }
    state->prompts.push_back(prompt);
  }
  const std::size_t cells = state->prompts.size() * state->models.size();
  if (!View(values, state->groups.size() + 1, state->values)) return base::SectionContradictsItself(source, panel::kValues);
  // One entry more than prompts, so that each knows its end.
  if (!View(index_table, state->prompts.size() + 1, state->index_table) ||
      state->index_table.back().begin != state->index.size()) {
    return base::SectionContradictsItself(source, panel::kIndexTable);
  }
  for (std::size_t p = 0; p < state->prompts.size(); ++p) {
    const panel::IndexEntry& entry = state->index_table[p];
    if (entry.begin > state->index_table[p + 1].begin || entry.threshold > kGramKeys) {
      return base::SectionContradictsItself(source, panel::kIndexTable);
    }
  }
  if (!ParseNorms(norms, cells, state->squared_norms)) return base::SectionContradictsItself(source, panel::kNorms);
  std::span<const std::uint16_t> sample_numbers;
  if (!View(samples, cells, sample_numbers)) return base::SectionContradictsItself(source, panel::kSamples);
  state->samples.reserve(cells);
  for (const std::uint16_t number : sample_numbers) {
    state->samples.push_back({static_cast<std::uint16_t>(number >> 1), (number & 1U) != 0});
  }
  std::uint64_t total = 0;
  state->first_answer.reserve(cells + 1);
  for (const panel::SampleCount& count : state->samples) {
    state->first_answer.push_back(static_cast<std::uint32_t>(total));
    total += count.answers;
  }
  state->first_answer.push_back(static_cast<std::uint32_t>(total));
  if (!View(answers, total, state->answers)) return base::SectionContradictsItself(source, panel::kAnswers);
  if (!ParsePairs(pairs, state->models.size(), state->pair_sums)) return base::SectionContradictsItself(source, panel::kPairs);
  if (const StyleSpace* space = state->vocabulary->style_space(); space != nullptr && file.Has(panel::kStyle)) {
    STEMMA_ASSIGN_OR_RETURN(const std::string_view style, file.Section(panel::kStyle));
    STEMMA_ASSIGN_OR_RETURN(state->style,
                            PanelStyle::Parse(style, *space, state->models.size(), state->prompts, source));
  }
  if (file.Has(panel::kStrangers)) {
    STEMMA_ASSIGN_OR_RETURN(const std::string_view strangers, file.Section(panel::kStrangers));
    STEMMA_ASSIGN_OR_RETURN(state->strangers, StrangerScores::Parse(strangers, state->models.size(), source));
  }
  if (state->strangers && file.Has(panel::kCalibration)) {
    STEMMA_ASSIGN_OR_RETURN(const std::string_view calibration, file.Section(panel::kCalibration));
    STEMMA_ASSIGN_OR_RETURN(state->calibration, PanelCalibration::Parse(calibration, state->groups.size(), source));
  }
  return Panel(std::move(state));
}

absl::Status Panel::Write(const std::string& path) const { return base::WriteFileDurably(path, state_->bytes); }

const std::string& Panel::title() const { return state_->title; }
const std::string& Panel::source() const { return state_->source; }
const std::string& Panel::licence() const { return state_->licence; }
const Hash128& Panel::digest() const { return state_->digest; }
const Vocabulary& Panel::vocabulary() const { return *state_->vocabulary; }
std::uint64_t Panel::size_bytes() const { return state_->bytes.size(); }
std::span<const PanelModel> Panel::models() const { return state_->models; }
std::size_t Panel::group(std::size_t model) const { return state_->group_of_model[model]; }
std::span<const std::string> Panel::groups() const { return state_->groups; }
std::optional<std::size_t> Panel::FindGroup(const ModelMetadata& metadata) const {
  if (metadata.group.empty() && metadata.organisation.empty()) return std::nullopt;
  const auto found = std::ranges::lower_bound(state_->groups, GroupName(metadata));
  if (found == state_->groups.end() || *found != GroupName(metadata)) return std::nullopt;
  return static_cast<std::size_t>(found - state_->groups.begin());
}

std::span<const Hash128> Panel::prompts() const { return state_->prompts; }

std::optional<std::size_t> Panel::FindModel(std::string_view name) const {
  const auto found = std::ranges::lower_bound(state_->models, name, {}, [](const PanelModel& model) {
    return std::string_view(model.metadata.model);
  });
  if (found == state_->models.end() || found->metadata.model != name) return std::nullopt;
  return static_cast<std::size_t>(found - state_->models.begin());
}

std::optional<std::size_t> Panel::FindPrompt(const Hash128& prompt) const {
  return panel::FindPrompt(state_->prompts, prompt);
}

absl::Status Panel::ReadIndex(std::size_t prompt, PromptIndex& out) const {
  const panel::IndexEntry& entry = state_->index_table[prompt];
  const std::string_view packed = state_->index.substr(entry.begin, state_->index_table[prompt + 1].begin - entry.begin);
  std::vector<std::uint16_t> samples_of_model;
  const std::size_t models = state_->models.size();
  for (const panel::SampleCount& count : std::span(state_->samples).subspan(prompt * models, models)) {
    samples_of_model.push_back(count.answers);
  }
  if (panel::UnpackIndex(state_->prompts[prompt], static_cast<std::uint32_t>(entry.threshold), packed,
                         samples_of_model, state_->counted_group, state_->values, out)) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrFormat("panel: the index of prompt %s contradicts itself", ToHex(state_->prompts[prompt])));
}

bool Panel::Answered(std::size_t prompt, std::size_t model) const {
  return state_->samples[prompt * state_->models.size() + model].has_grams;
}

std::uint64_t Panel::SquaredNorm(std::size_t prompt, std::size_t model) const {
  return state_->squared_norms[prompt * state_->models.size() + model];
}

std::span<const std::uint32_t> Panel::AnswerHashes(std::size_t prompt, std::size_t model) const {
  const std::size_t cell = prompt * state_->models.size() + model;
  return state_->answers.subspan(state_->first_answer[cell],
                                 state_->first_answer[cell + 1] - state_->first_answer[cell]);
}

std::span<const PairSum> Panel::pair_sums() const { return state_->pair_sums; }
const PanelStyle* Panel::style() const { return state_->style ? &*state_->style : nullptr; }
const StrangerScores* Panel::strangers() const { return state_->strangers ? &*state_->strangers : nullptr; }

absl::StatusOr<Panel> Panel::WithStrangers(const StrangerScores& scores) const {
  const std::size_t cells = state_->models.size() * state_->models.size();
  for (const std::vector<float>* matrix : {&scores.weights, &scores.distillation, &scores.ranking}) {
    if (matrix->size() == cells) continue;
    return absl::InvalidArgumentError(
        absl::StrFormat("scores of strangers must be %d in each matrix, got %d", cells, matrix->size()));
  }
  return WithSection(panel::kStrangers, scores.Serialize(), /*dropped=*/panel::kCalibration);
}

const PanelCalibration* Panel::calibration() const { return state_->calibration ? &*state_->calibration : nullptr; }

absl::StatusOr<Panel> Panel::WithCalibration(const PanelCalibration& calibration) const {
  for (const std::vector<CalibrationLine>& lines : calibration.lines) {
    if (lines.size() == state_->groups.size()) continue;
    return absl::InvalidArgumentError(
        absl::StrFormat("a calibration needs %d lines a class, got %d", state_->groups.size(), lines.size()));
  }
  return WithSection(panel::kCalibration, calibration.Serialize(), {});
}

absl::StatusOr<Panel> Panel::WithSection(std::string_view name, std::string bytes, std::string_view dropped) const {
  STEMMA_ASSIGN_OR_RETURN(const auto file, base::SectionedFile::Parse(state_->bytes, base::FileKind::kPanel, "panel in memory"));
  base::SectionedFileWriter writer(base::FileKind::kPanel);
  for (const base::SectionedFile::Entry& section : file.sections()) {
    if (section.name != name && section.name != dropped) writer.Add(section.name, std::string(section.bytes));
  }
  writer.Add(name, std::move(bytes));
  auto state = std::make_shared<State>();
  state->memory = writer.Finish();
  const std::string_view memory = state->memory;
  return Parse(std::move(state), memory, "panel in memory");
}

bool panel::UnpackIndex(const Hash128& prompt, std::uint32_t threshold, std::string_view packed,
                        std::span<const std::uint16_t> samples_of_model, std::span<const std::int32_t> group_of_model,
                        std::span<const std::uint32_t> values, PromptIndex& out) {
  out.prompt = prompt;
  out.threshold = threshold;
  out.values.clear();
  out.rare_value = values.front();
  if (!DecodePostings(packed, samples_of_model, out.lists)) return false;
  std::vector<std::size_t> last_seen(values.size(), 0);  // by group: the last list that it was counted in, and one more
  for (std::size_t k = 0; k < out.lists.keys.size(); ++k) {
    std::size_t document_frequency = 0;
    for (const Posting& posting : out.lists.Of(k)) {
      const std::int32_t group = group_of_model[posting.model];
      if (group < 0 || last_seen[static_cast<std::size_t>(group)] == k + 1) continue;
      last_seen[static_cast<std::size_t>(group)] = k + 1;
      ++document_frequency;
    }
    out.values.push_back(values[document_frequency]);
  }
  return true;
}

}  // namespace stemma
