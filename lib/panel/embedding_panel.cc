#include "stemma/embedding_panel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/durable_file.h"
#include "lib/base/hash.h"
#include "lib/base/mapped_file.h"
#include "lib/base/sectioned_file.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "lib/panel/group_weights.h"
#include "lib/signature/embedding_space.h"
#include "lib/signature/packed_integers.h"

namespace stemma {
namespace {

// Section names of format version 1.
constexpr std::string_view kSpace = "SPACE";
constexpr std::string_view kPopulation = "POPULATN";
constexpr std::string_view kModels = "MODELS";
constexpr std::string_view kPrompts = "PROMPTS";
constexpr std::string_view kDirections = "DIRECTNS";
constexpr std::array kContent = {kSpace, kPopulation, kModels, kPrompts, kDirections};

// A centre's numbers are at most 1 in size; so finely rounded they add nothing to what the directions' rounding loses.
constexpr unsigned kCentreBits = 14;
constexpr double kCentreUnit = 1.0 / (1 << kCentreBits);

std::int32_t GreatestCode(unsigned bits) { return (1 << (bits - 1)) - 1; }

absl::Status CheckOptions(const EmbeddingPanelOptions& options) {
  if (options.dims < 1 || options.dims > EmbeddingOptions::kMaxDims) {
    return absl::InvalidArgumentError(absl::StrFormat("an embedding panel's dimensions must be in [1, %d], got %d",
                                                      EmbeddingOptions::kMaxDims, options.dims));
  }
  if (options.bits < EmbeddingPanelOptions::kMinBits || options.bits > EmbeddingPanelOptions::kMaxBits) {
    return absl::InvalidArgumentError(absl::StrFormat("an embedding panel's bits must be in [%d, %d], got %d",
                                                      EmbeddingPanelOptions::kMinBits, EmbeddingPanelOptions::kMaxBits,
                                                      options.bits));
  }
  return absl::OkStatus();
}

absl::Status CheckSignatures(std::span<const EmbeddingSignature* const> by_name) {
  if (by_name.empty()) return absl::InvalidArgumentError("an embedding panel needs at least one signature, got none");
  for (std::size_t k = 1; k < by_name.size(); ++k) {
    const std::string& name = by_name[k]->metadata().model;
    if (by_name[k - 1]->metadata().model == name) {
      return absl::InvalidArgumentError(absl::StrFormat("two of the embedding signatures are of model %s", name));
    }
    const absl::Status comparable = CheckComparable(by_name[0]->space(), by_name[k]->space());
    if (comparable.ok()) continue;
    return absl::FailedPreconditionError(
        absl::StrFormat("%s and %s: %s", by_name[0]->metadata().model, name, comparable.message()));
  }
  return absl::OkStatus();
}

// The panel's metadata, so that what is one group is decided once.
absl::Status TakeMetadata(const Panel& panel, std::vector<EmbeddingSignature>& signatures) {
  std::vector<bool> found(panel.models().size(), false);
  for (EmbeddingSignature& signature : signatures) {
    const std::string& name = signature.metadata().model;
    const std::optional<std::size_t> model = panel.FindModel(name);
    if (!model) return absl::InvalidArgumentError(absl::StrFormat("the panel has no model %s, of which there are embeddings", name));
    found[*model] = true;
    signature.set_metadata(panel.models()[*model].metadata);
  }
  const auto lacking = std::ranges::find(found, false);
  if (lacking == found.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("of the panel's model %s there are no embeddings",
                      panel.models()[static_cast<std::size_t>(lacking - found.begin())].metadata.model));
}

// The greatest number becomes the greatest code. All zero where the vector is.
void RoundTo(std::span<const double> vector, unsigned bits, std::span<std::int8_t> out) {
  double largest = 0;
  for (const double value : vector) largest = std::max(largest, std::fabs(value));
  const double scale = largest > 0 ? GreatestCode(bits) / largest : 0;
  std::ranges::transform(vector, out.begin(),
                         [&](double value) { return static_cast<std::int8_t>(std::lround(value * scale)); });
}

// The lengths of runs of true and of false in turn, the first of true and perhaps of none.
void AppendRuns(std::string& out, const std::vector<bool>& values) {
  bool current = true;
  for (std::size_t k = 0; k < values.size();) {
    const std::size_t first = k;
    while (k < values.size() && values[k] == current) ++k;
    base::AppendVarint(out, k - first);
    current = !current;
  }
}

// Fills `values`.
bool ReadRuns(base::ByteReader& reader, std::vector<bool>& values) {
  bool current = true;
  for (std::size_t k = 0; k < values.size();) {
    std::uint64_t run = 0;
    const bool is_first = k == 0 && current;
    if (!reader.ReadVarint(run) || run > values.size() - k || (run == 0 && !is_first)) return false;
    std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(k), run, current);
    k += run;
    current = !current;
  }
  return true;
}

}  // namespace

Hash128 PopulationDigest(const Panel& panel) {
  // A domain of its own: spells "populate" in ASCII.
  base::Hasher128 hasher(0x706f70756c617465ULL);
  std::string bytes;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    const PanelModel& model = panel.models()[m];
    bytes.clear();
    base::AppendString(bytes, model.metadata.model);
    base::AppendU64(bytes, model.digest.high);
    base::AppendU64(bytes, model.digest.low);
    base::AppendString(bytes, panel.groups()[panel.group(m)]);
    base::AppendU8(bytes, model.metadata.degenerate ? 1 : 0);
    hasher.Update(bytes);
  }
  return hasher.Finish();
}

absl::StatusOr<EmbeddingPanel> EmbeddingPanel::Build(const Panel& panel, std::span<const EmbeddingSignature> signatures,
                                                     const EmbeddingPanelOptions& options) {
  std::vector<EmbeddingSignature> described(signatures.begin(), signatures.end());
  STEMMA_RETURN_IF_ERROR(TakeMetadata(panel, described));
  std::vector<const EmbeddingSignature*> pointers;
  for (const EmbeddingSignature& signature : described) pointers.push_back(&signature);
  STEMMA_ASSIGN_OR_RETURN(EmbeddingPanel built, Build(pointers, options));
  built.population_ = PopulationDigest(panel);
  built.UpdateDigest();
  return built;
}

absl::Status EmbeddingPanel::CheckBeside(const Panel& panel) const {
  const Hash128 population = PopulationDigest(panel);
  if (population == population_) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrFormat(
      "the embeddings stand beside a panel of other models, groups or responses: they were made for models of digest %s, and "
      "the panel's are of digest %s",
      ToHex(population_), ToHex(population)));
}

absl::StatusOr<EmbeddingPanel> EmbeddingPanel::Build(std::span<const EmbeddingSignature* const> signatures,
                                                     const EmbeddingPanelOptions& options) {
  STEMMA_RETURN_IF_ERROR(CheckOptions(options));
  std::vector<const EmbeddingSignature*> by_name(signatures.begin(), signatures.end());
  std::ranges::sort(by_name, {}, [](const EmbeddingSignature* s) { return std::string_view(s->metadata().model); });
  STEMMA_RETURN_IF_ERROR(CheckSignatures(by_name));
  EmbeddingPanel panel;
  panel.space_ = by_name[0]->space();
  panel.dims_ = std::min(options.dims, panel.space_.dims);
  panel.bits_ = options.bits;
  std::map<Hash128, std::size_t> answers;
  for (const EmbeddingSignature* signature : by_name) {
    panel.models_.push_back({signature->metadata().model, signature->digest()});
    if (signature->metadata().degenerate) continue;
    for (const EmbeddingRow& row : signature->rows()) ++answers[row.prompt];
  }
  std::erase_if(answers, [](const auto& prompt) { return prompt.second < 2; });
  if (answers.empty()) return absl::InvalidArgumentError("no prompt was answered by two of the models");
  for (const auto& answered : answers) panel.prompts_.push_back(answered.first);
  const std::size_t prompts = panel.prompts_.size();
  panel.answered_.assign(by_name.size() * prompts, false);
  panel.directions_.assign(by_name.size() * prompts * panel.dims_, 0);
  const std::vector<double> weights = stemma::panel::GroupWeights(std::span<const EmbeddingSignature* const>(by_name));
  for (std::size_t p = 0; p < prompts; ++p) panel.FillPrompt(p, by_name, weights);
  panel.UpdateDigest();
  return panel;
}

void EmbeddingPanel::FillPrompt(std::size_t prompt, std::span<const EmbeddingSignature* const> by_name,
                                std::span<const double> weights) {
  std::vector<double> vector(space_.dims);
  std::vector<base::FixedOrderSum> sums(dims_);
  base::FixedOrderSum total;
  for (std::size_t m = 0; m < by_name.size(); ++m) {
    const std::optional<std::size_t> row = by_name[m]->Find(prompts_[prompt]);
    if (!row) continue;
    answered_[m * prompts_.size() + prompt] = true;
    by_name[m]->Mean(*row, vector);
    total.Add(weights[m]);
    for (std::size_t d = 0; d < dims_; ++d) sums[d].Add(weights[m] * vector[d]);
  }
  for (const base::FixedOrderSum& sum : sums) {
    centres_.push_back(static_cast<std::int32_t>(std::lround(sum.value() / total.value() / kCentreUnit)));
  }
  std::vector<double> direction;
  for (std::size_t m = 0; m < by_name.size(); ++m) {
    if (!Answered(m, prompt)) continue;
    DirectionOf(*by_name[m], *by_name[m]->Find(prompts_[prompt]), prompt, direction);
    const std::span<std::int8_t> out = std::span(directions_).subspan((m * prompts_.size() + prompt) * dims_, dims_);
    RoundTo(direction, bits_, out);
  }
}

void EmbeddingPanel::DirectionOf(const EmbeddingSignature& signature, std::size_t row, std::size_t prompt,
                                 std::vector<double>& out) const {
  out.resize(space_.dims);
  signature.Mean(row, out);
  out.resize(dims_);
  for (std::size_t d = 0; d < dims_; ++d) out[d] -= centres_[prompt * dims_ + d] * kCentreUnit;
}

std::string EmbeddingPanel::Content(std::string_view section) const {
  std::string out;
  if (section == kSpace) {
    base::AppendU32(out, static_cast<std::uint32_t>(dims_));
    base::AppendU32(out, bits_);
    out += signature::SerializeSpace(space_);
  }
  if (section == kPopulation) {
    base::AppendU64(out, population_.high);
    base::AppendU64(out, population_.low);
  }
  if (section == kModels) {
    for (const Model& model : models_) {
      base::AppendString(out, model.name);
      base::AppendU64(out, model.digest.high);
      base::AppendU64(out, model.digest.low);
    }
  }
  if (section == kPrompts) {
    for (std::size_t p = 0; p < prompts_.size(); ++p) {
      base::AppendU64(out, prompts_[p].high);
      base::AppendU64(out, prompts_[p].low);
      signature::PackIntegers(out, std::span(centres_).subspan(p * dims_, dims_));
    }
  }
  if (section == kDirections) {
    std::vector<std::int32_t> row;
    AppendRuns(out, answered_);
    for (std::size_t k = 0; k < answered_.size(); ++k) {
      if (!answered_[k]) continue;
      const auto codes = std::span(directions_).subspan(k * dims_, dims_);
      row.assign(codes.begin(), codes.end());
      signature::AppendBits(out, row, bits_);
    }
  }
  return out;
}

void EmbeddingPanel::UpdateDigest() {
  base::PartsHasher hasher;
  for (const std::string_view section : kContent) hasher.Add(Content(section));
  digest_ = hasher.Finish();
}

std::string EmbeddingPanel::Serialize() const {
  base::SectionedFileWriter writer(base::FileKind::kEmbeddings);
  for (const std::string_view section : kContent) writer.Add(section, Content(section));
  return writer.Finish();
}

absl::Status EmbeddingPanel::Write(const std::string& path) const { return base::WriteFileDurably(path, Serialize()); }

bool EmbeddingPanel::IsEmbeddingPanel(std::string_view bytes) {
  if (base::SectionedFile::KindOf(bytes) != base::FileKind::kEmbeddings) return false;
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kEmbeddings, "");
  return file.ok() && file->Has(kDirections);
}

absl::Status EmbeddingPanel::ParseSpace(std::string_view bytes, std::string_view source) {
  base::ByteReader reader(bytes);
  std::uint32_t dims = 0;
  std::uint32_t bits = 0;
  if (!reader.ReadU32(dims) || !reader.ReadU32(bits)) return base::SectionContradictsItself(source, kSpace);
  STEMMA_ASSIGN_OR_RETURN(space_, signature::ParseSpace(bytes.substr(reader.position()), source));
  dims_ = dims;
  bits_ = bits;
  const bool in_range = dims >= 1 && dims <= space_.dims && bits >= EmbeddingPanelOptions::kMinBits &&
                        bits <= EmbeddingPanelOptions::kMaxBits;
  return in_range ? absl::OkStatus() : base::SectionContradictsItself(source, kSpace);
}

absl::Status EmbeddingPanel::ParsePopulation(std::string_view bytes, std::string_view source) {
  base::ByteReader reader(bytes);
  const bool whole = reader.ReadU64(population_.high) && reader.ReadU64(population_.low) && reader.done();
  return whole ? absl::OkStatus() : base::SectionContradictsItself(source, kPopulation);
}

absl::Status EmbeddingPanel::ParseModels(std::string_view bytes, std::string_view source) {
  base::ByteReader reader(bytes);
  while (!reader.done()) {
    Model model;
    if (!reader.ReadString(model.name) || !reader.ReadU64(model.digest.high) || !reader.ReadU64(model.digest.low) ||
        (!models_.empty() && models_.back().name >= model.name)) {
      return base::SectionContradictsItself(source, kModels);
    }
    models_.push_back(std::move(model));
  }
  return models_.empty() ? base::SectionContradictsItself(source, kModels) : absl::OkStatus();
}

absl::Status EmbeddingPanel::ParsePrompts(std::string_view bytes, std::string_view source) {
  base::ByteReader reader(bytes);
  while (!reader.done()) {
    Hash128 prompt;
    centres_.resize(centres_.size() + dims_);
    const std::span<std::int32_t> centre = std::span(centres_).last(dims_);
    const auto possible = [](std::int64_t value) { return -(1 << kCentreBits) <= value && value <= 1 << kCentreBits; };
    if (!reader.ReadU64(prompt.high) || !reader.ReadU64(prompt.low) || !signature::UnpackIntegers(reader, centre) ||
        !std::ranges::all_of(centre, possible) || (!prompts_.empty() && prompts_.back() >= prompt)) {
      return base::SectionContradictsItself(source, kPrompts);
    }
    prompts_.push_back(prompt);
  }
  return prompts_.empty() ? base::SectionContradictsItself(source, kPrompts) : absl::OkStatus();
}

absl::Status EmbeddingPanel::ParseDirections(std::string_view bytes, std::string_view source) {
  base::ByteReader reader(bytes);
  answered_.assign(models_.size() * prompts_.size(), false);
  if (!ReadRuns(reader, answered_)) return base::SectionContradictsItself(source, kDirections);
  const auto answers = static_cast<std::size_t>(std::ranges::count(answered_, true));
  // Before memory is taken for it: the bytes must be there.
  if (reader.remaining() != answers * signature::PackedSize(dims_, bits_)) return base::SectionContradictsItself(source, kDirections);
  directions_.assign(answered_.size() * dims_, 0);
  std::vector<std::int32_t> row(dims_);
  for (std::size_t k = 0; k < answered_.size(); ++k) {
    std::string_view packed;
    if (!answered_[k]) continue;
    const auto possible = [&](std::int32_t code) { return std::abs(code) <= GreatestCode(bits_); };
    if (!reader.ReadBytes(signature::PackedSize(dims_, bits_), packed) || !signature::ReadBits(packed, bits_, row) ||
        !std::ranges::all_of(row, possible)) {
      return base::SectionContradictsItself(source, kDirections);
    }
    std::ranges::transform(row, directions_.begin() + static_cast<std::ptrdiff_t>(k * dims_),
                           [](std::int32_t code) { return static_cast<std::int8_t>(code); });
  }
  return absl::OkStatus();
}

absl::StatusOr<EmbeddingPanel> EmbeddingPanel::Parse(std::string_view bytes, std::string_view source) {
  if (EmbeddingSignature::IsEmbeddingSignature(bytes)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: an embedding signature where an embedding panel was expected", source));
  }
  STEMMA_ASSIGN_OR_RETURN(const auto file, base::SectionedFile::Parse(bytes, base::FileKind::kEmbeddings, source));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view space, file.Section(kSpace));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view population, file.Section(kPopulation));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view models, file.Section(kModels));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view prompts, file.Section(kPrompts));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view directions, file.Section(kDirections));
  EmbeddingPanel panel;
  STEMMA_RETURN_IF_ERROR(panel.ParseSpace(space, source));
  STEMMA_RETURN_IF_ERROR(panel.ParsePopulation(population, source));
  STEMMA_RETURN_IF_ERROR(panel.ParseModels(models, source));
  STEMMA_RETURN_IF_ERROR(panel.ParsePrompts(prompts, source));
  STEMMA_RETURN_IF_ERROR(panel.ParseDirections(directions, source));
  // As UpdateDigest would: there is one form for each content.
  base::PartsHasher hasher;
  for (const std::string_view section : {space, population, models, prompts, directions}) hasher.Add(section);
  panel.digest_ = hasher.Finish();
  return panel;
}

absl::StatusOr<EmbeddingPanel> EmbeddingPanel::Read(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return Parse(file.bytes(), path);
}

}  // namespace stemma
