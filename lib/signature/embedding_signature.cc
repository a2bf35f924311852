#include "stemma/embedding_signature.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/durable_file.h"
#include "lib/base/hash.h"
#include "lib/base/mapped_file.h"
#include "lib/base/sectioned_file.h"
#include "lib/base/status_macros.h"
#include "lib/signature/embedding_space.h"
#include "lib/signature/packed_integers.h"

namespace stemma {
namespace {

// Section names of format version 1.
constexpr std::string_view kMetadata = "METADATA";
constexpr std::string_view kSpace = "SPACE";
constexpr std::string_view kPrompts = "PROMPTS";
constexpr std::string_view kSums = "SUMS";
constexpr std::string_view kMoments = "MOMENTS";
constexpr std::array kContent = {kSpace, kPrompts, kSums, kMoments};

std::size_t MomentsOf(std::size_t dims) { return dims * (dims + 1) / 2; }

// The greatest a sum of so many samples can be in a dimension: vectors are of unit length.
std::int64_t GreatestSum(std::uint64_t samples, unsigned fraction_bits) {
  return static_cast<std::int64_t>(samples << fraction_bits);
}

// The first number of a sample, then gaps.
void AppendSamples(std::string& out, std::span<const std::uint32_t> samples) {
  base::AppendVarint(out, samples.size());
  for (std::size_t k = 0; k < samples.size(); ++k) base::AppendVarint(out, k == 0 ? samples[0] : samples[k] - samples[k - 1]);
}

bool ReadSamples(base::ByteReader& reader, std::vector<std::uint32_t>& samples) {
  std::uint64_t count = 0;
  if (!reader.ReadVarint(count) || count < 1 || count > EmbeddingSignature::kMaxSamples) return false;
  std::uint64_t last = 0;
  for (std::uint64_t k = 0; k < count; ++k) {
    std::uint64_t gap = 0;
    if (!reader.ReadVarint(gap) || (k > 0 && gap == 0) || gap > UINT32_MAX || last + gap > UINT32_MAX) return false;
    last += gap;
    samples.push_back(static_cast<std::uint32_t>(last));
  }
  return true;
}

absl::StatusOr<std::vector<EmbeddingRow>> ParseRows(std::string_view bytes, std::string_view source,
                                                    std::vector<std::uint32_t>& samples) {
  std::vector<EmbeddingRow> rows;
  base::ByteReader reader(bytes);
  while (!reader.done()) {
    EmbeddingRow row;
    row.first_sample = samples.size();
    if (!reader.ReadU64(row.prompt.high) || !reader.ReadU64(row.prompt.low) || !ReadSamples(reader, samples) ||
        (!rows.empty() && rows.back().prompt >= row.prompt)) {
      return base::SectionContradictsItself(source, kPrompts);
    }
    row.samples = static_cast<std::uint32_t>(samples.size() - row.first_sample);
    rows.push_back(row);
  }
  if (rows.empty()) return base::SectionContradictsItself(source, kPrompts);
  return rows;
}

absl::StatusOr<std::vector<std::int32_t>> ParseSums(std::string_view bytes, std::span<const EmbeddingRow> rows,
                                                    const EmbeddingSpace& space, std::string_view source) {
  std::vector<std::int32_t> sums;
  base::ByteReader reader(bytes);
  for (const EmbeddingRow& row : rows) {
    sums.resize(sums.size() + space.dims);
    const std::span<std::int32_t> sum = std::span(sums).last(space.dims);
    const std::int64_t greatest = GreatestSum(row.samples, space.fraction_bits);
    const auto possible = [&](std::int64_t value) { return -greatest <= value && value <= greatest; };
    if (!signature::UnpackIntegers(reader, sum) || !std::ranges::all_of(sum, possible)) return base::SectionContradictsItself(source, kSums);
  }
  if (!reader.done()) return base::SectionContradictsItself(source, kSums);
  return sums;
}

absl::StatusOr<std::vector<std::int64_t>> ParseMoments(std::string_view bytes, std::size_t count, std::uint64_t responses,
                                                       unsigned fraction_bits, std::string_view source) {
  std::vector<std::int64_t> moments(count);
  base::ByteReader reader(bytes);
  const std::int64_t greatest = GreatestSum(responses, 2 * fraction_bits);
  for (std::int64_t& moment : moments) {
    if (!reader.ReadI64(moment) || moment < -greatest || moment > greatest) return base::SectionContradictsItself(source, kMoments);
  }
  if (!reader.done()) return base::SectionContradictsItself(source, kMoments);
  return moments;
}

}  // namespace

bool EmbeddingSignature::IsEmbeddingSignature(std::string_view bytes) {
  if (base::SectionedFile::KindOf(bytes) != base::FileKind::kEmbeddings) return false;
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kEmbeddings, "");
  return file.ok() && file->Has(kSums);
}

absl::StatusOr<EmbeddingSignature> EmbeddingSignature::Parse(std::string_view bytes, std::string_view source) {
  STEMMA_ASSIGN_OR_RETURN(const auto file, base::SectionedFile::Parse(bytes, base::FileKind::kEmbeddings, source));
  // Files of this kind hold one model's signature, or a panel (see embedding_panel.h).
  if (!file.Has(kMetadata)) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: not the embedding signature of one model", source));
  }
  STEMMA_ASSIGN_OR_RETURN(const std::string_view metadata, file.Section(kMetadata));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view space, file.Section(kSpace));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view prompts, file.Section(kPrompts));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view sums, file.Section(kSums));
  STEMMA_ASSIGN_OR_RETURN(const std::string_view moments, file.Section(kMoments));
  EmbeddingSignature signature;
  STEMMA_ASSIGN_OR_RETURN(signature.metadata_, MetadataFromJson(metadata));
  STEMMA_ASSIGN_OR_RETURN(signature.space_, signature::ParseSpace(space, source));
  STEMMA_ASSIGN_OR_RETURN(signature.rows_, ParseRows(prompts, source, signature.samples_));
  STEMMA_ASSIGN_OR_RETURN(signature.sums_, ParseSums(sums, signature.rows_, signature.space_, source));
  STEMMA_ASSIGN_OR_RETURN(signature.moments_,
                          ParseMoments(moments, MomentsOf(signature.covariance_dims()), signature.responses(),
                                       signature.space_.fraction_bits, source));
  signature.UpdateDigest();
  return signature;
}

absl::StatusOr<EmbeddingSignature> EmbeddingSignature::Read(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  return Parse(file.bytes(), path);
}

std::string EmbeddingSignature::Content(std::string_view section) const {
  if (section == kSpace) return signature::SerializeSpace(space_);
  std::string out;
  if (section == kPrompts) {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      base::AppendU64(out, rows_[row].prompt.high);
      base::AppendU64(out, rows_[row].prompt.low);
      AppendSamples(out, Samples(row));
    }
  }
  if (section == kSums) {
    for (std::size_t row = 0; row < rows_.size(); ++row) signature::PackIntegers(out, Sum(row));
  }
  if (section == kMoments) {
    for (const std::int64_t moment : moments_) base::AppendI64(out, moment);
  }
  return out;
}

std::string EmbeddingSignature::Serialize() const {
  base::SectionedFileWriter writer(base::FileKind::kEmbeddings);
  writer.Add(kMetadata, MetadataToJson(metadata_));
  for (const std::string_view section : kContent) writer.Add(section, Content(section));
  return writer.Finish();
}

absl::Status EmbeddingSignature::Write(const std::string& path) const { return base::WriteFileDurably(path, Serialize()); }

void EmbeddingSignature::UpdateDigest() {
  base::PartsHasher hasher;
  for (const std::string_view section : kContent) hasher.Add(Content(section));
  digest_ = hasher.Finish();
}

std::optional<std::size_t> EmbeddingSignature::Find(const Hash128& prompt) const {
  const auto found = std::ranges::lower_bound(rows_, prompt, {}, &EmbeddingRow::prompt);
  if (found == rows_.end() || found->prompt != prompt) return std::nullopt;
  return static_cast<std::size_t>(found - rows_.begin());
}

std::span<const std::uint32_t> EmbeddingSignature::Samples(std::size_t row) const {
  return std::span(samples_).subspan(rows_[row].first_sample, rows_[row].samples);
}

std::span<const std::int32_t> EmbeddingSignature::Sum(std::size_t row) const {
  return std::span(sums_).subspan(row * space_.dims, space_.dims);
}

void EmbeddingSignature::Mean(std::size_t row, std::span<double> out) const {
  const double samples = rows_[row].samples;
  std::ranges::transform(Sum(row), out.begin(), [&](std::int32_t sum) { return sum * space_.unit() / samples; });
}

std::vector<double> EmbeddingSignature::TotalMean() const {
  std::vector<std::int64_t> totals(space_.dims, 0);
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const std::span<const std::int32_t> sum = Sum(row);
    for (std::size_t d = 0; d < sum.size(); ++d) totals[d] += sum[d];
  }
  std::vector<double> mean;
  for (const std::int64_t total : totals) {
    mean.push_back(static_cast<double>(total) * space_.unit() / static_cast<double>(responses()));
  }
  return mean;
}

std::size_t EmbeddingSignature::covariance_dims() const { return std::min(space_.dims, kCovarianceDims); }

std::vector<double> EmbeddingSignature::Covariance() const {
  const std::size_t dims = covariance_dims();
  const std::vector<double> mean = TotalMean();
  const double scale = space_.unit() * space_.unit() / static_cast<double>(responses());
  std::vector<double> covariance(dims * dims);
  std::size_t next = 0;
  for (std::size_t a = 0; a < dims; ++a) {
    for (std::size_t b = a; b < dims; ++b) {
      const double value = static_cast<double>(moments_[next++]) * scale - mean[a] * mean[b];
      covariance[a * dims + b] = covariance[b * dims + a] = value;
    }
  }
  return covariance;
}

void EmbeddingSignature::AppendRow(const Hash128& prompt, std::span<const std::uint32_t> samples,
                                   std::span<const std::int32_t> sum) {
  rows_.push_back({.prompt = prompt,
                   .samples = static_cast<std::uint32_t>(samples.size()),
                   .first_sample = samples_.size()});
  samples_.insert(samples_.end(), samples.begin(), samples.end());
  sums_.insert(sums_.end(), sum.begin(), sum.end());
}

EmbeddingSignatureBuilder::EmbeddingSignatureBuilder(EmbeddingReducer reducer)
    : reducer_(std::move(reducer)),
      moments_(MomentsOf(std::min(reducer_.space().dims, EmbeddingSignature::kCovarianceDims)), 0) {}

template <typename T>
absl::Status EmbeddingSignatureBuilder::AddAny(const Hash128& prompt, std::uint32_t sample, std::span<const T> vector) {
  STEMMA_RETURN_IF_ERROR(
      reducer_.Reduce(vector, absl::StrFormat("prompt %s, sample %d", ToHex(prompt), sample), units_));
  Row& row = rows_[prompt];
  const auto place = std::ranges::lower_bound(row.samples, sample);
  if (place != row.samples.end() && *place == sample) {
    return absl::InvalidArgumentError(absl::StrFormat("sample %d of prompt %s was added twice", sample, ToHex(prompt)));
  }
  if (row.samples.size() == EmbeddingSignature::kMaxSamples) {
    return absl::InvalidArgumentError(absl::StrFormat("prompt %s has more than %d samples, the most that are allowed",
                                                      ToHex(prompt), EmbeddingSignature::kMaxSamples));
  }
  row.samples.insert(place, sample);
  row.sum.resize(units_.size(), 0);
  for (std::size_t d = 0; d < units_.size(); ++d) row.sum[d] += units_[d];
  std::size_t next = 0;
  const std::size_t dims = std::min(units_.size(), EmbeddingSignature::kCovarianceDims);
  for (std::size_t a = 0; a < dims; ++a) {
    for (std::size_t b = a; b < dims; ++b) moments_[next++] += std::int64_t{units_[a]} * units_[b];
  }
  return absl::OkStatus();
}

absl::Status EmbeddingSignatureBuilder::Add(const Hash128& prompt, std::uint32_t sample, std::span<const float> vector) {
  return AddAny(prompt, sample, vector);
}

absl::Status EmbeddingSignatureBuilder::Add(const Hash128& prompt, std::uint32_t sample, std::span<const double> vector) {
  return AddAny(prompt, sample, vector);
}

absl::StatusOr<EmbeddingSignature> EmbeddingSignatureBuilder::Build(ModelMetadata metadata) const {
  if (rows_.empty()) return absl::InvalidArgumentError("an embedding signature needs at least one vector, got none");
  EmbeddingSignature signature;
  signature.metadata_ = std::move(metadata);
  signature.space_ = reducer_.space();
  for (const auto& [prompt, row] : rows_) signature.AppendRow(prompt, row.samples, row.sum);
  signature.moments_ = moments_;
  signature.UpdateDigest();
  return signature;
}

}  // namespace stemma
