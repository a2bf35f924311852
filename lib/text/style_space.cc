#include "stemma/style_space.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/sum.h"

namespace stemma {
namespace {

// Adds `input` times its row to `out`, for the map's inputs in order.
void Apply(const LinearMap& map, std::span<const double> inputs, std::span<double> out) {
  for (std::size_t k = 0; k < map.inputs; ++k) {
    if (inputs[k] == 0) continue;
    const float* row = map.rows.data() + k * map.outputs;
    for (std::size_t d = 0; d < map.outputs; ++d) out[d] += inputs[k] * static_cast<double>(row[d]);
  }
}

void ScaleToUnit(std::span<double> vector) {
  base::FixedOrderSum square;
  for (const double value : vector) square.Add(value * value);
  const double length = std::sqrt(square.value());
  for (double& value : vector) value = length > 0 ? value / length : 0;
}

void AppendMap(std::string& out, const LinearMap& map) {
  base::AppendU32(out, static_cast<std::uint32_t>(map.inputs));
  base::AppendU32(out, static_cast<std::uint32_t>(map.outputs));
  for (const float value : map.rows) base::AppendF32(out, value);
}

bool ReadMap(base::ByteReader& reader, LinearMap& map) {
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  if (!reader.ReadU32(inputs) || !reader.ReadU32(outputs)) return false;
  const std::uint64_t cells = std::uint64_t{inputs} * outputs;
  if (cells > reader.remaining() / sizeof(float)) return false;
  map = {inputs, outputs, std::vector<float>(cells)};
  for (float& value : map.rows) reader.ReadF32(value);
  return true;
}

bool IsSound(const LinearMap& map) {
  if (map.inputs == 0 || map.outputs == 0 || map.rows.size() != map.inputs * map.outputs) return false;
  for (const float value : map.rows) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<StyleSpace> StyleSpace::Create(std::vector<LinearMap> sets, LinearMap last) {
  StyleSpace space;
  std::size_t outputs = 0;
  bool sound = !sets.empty() && IsSound(last);
  for (const LinearMap& set : sets) {
    sound = sound && IsSound(set);
    space.features_ += set.inputs;
    outputs += set.outputs;
  }
  if (!sound || outputs != last.inputs) {
    return absl::InvalidArgumentError(
        absl::StrFormat("a style space needs finite maps whose %d outputs are the %d inputs of the last", outputs, last.inputs));
  }
  space.sets_ = std::move(sets);
  space.last_ = std::move(last);
  return space;
}

absl::StatusOr<StyleSpace> StyleSpace::Parse(std::string_view bytes, std::string_view source) {
  base::ByteReader reader(bytes);
  std::uint32_t count = 0;
  std::vector<LinearMap> sets;
  LinearMap last;
  bool sound = reader.ReadU32(count);
  for (std::uint32_t k = 0; sound && k < count; ++k) sound = ReadMap(reader, sets.emplace_back());
  if (sound && ReadMap(reader, last) && reader.done()) {
    absl::StatusOr<StyleSpace> space = Create(std::move(sets), std::move(last));
    if (space.ok()) return space;
  }
  return absl::DataLossError(absl::StrFormat("%s: the style space contradicts itself", source));
}

std::string StyleSpace::Serialize() const {
  std::string out;
  base::AppendU32(out, static_cast<std::uint32_t>(sets_.size()));
  for (const LinearMap& set : sets_) AppendMap(out, set);
  AppendMap(out, last_);
  return out;
}

std::vector<double> StyleSpace::Project(std::span<const double> shares, std::span<const double> expected) const {
  std::vector<double> differences(features_);
  for (std::size_t k = 0; k < features_; ++k) differences[k] = std::sqrt(shares[k]) - std::sqrt(expected[k]);
  std::vector<double> out(projected_size(), 0);
  std::size_t first_input = 0;
  std::size_t first_output = 0;
  for (const LinearMap& set : sets_) {
    Apply(set, std::span(differences).subspan(first_input, set.inputs), std::span(out).subspan(first_output, set.outputs));
    first_input += set.inputs;
    first_output += set.outputs;
  }
  ScaleToUnit(out);
  return out;
}

std::vector<double> StyleSpace::Embed(std::span<const double> projected, std::span<const double> mean) const {
  if (std::ranges::all_of(projected, [](double value) { return value == 0; })) return std::vector<double>(size(), 0);
  std::vector<double> centred(projected_size());
  for (std::size_t k = 0; k < centred.size(); ++k) centred[k] = projected[k] - mean[k];
  std::vector<double> out(size(), 0);
  Apply(last_, centred, out);
  ScaleToUnit(out);
  return out;
}

}  // namespace stemma
