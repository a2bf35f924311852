#include "stemma/panel_style.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "lib/panel/find_prompt.h"
#include "lib/panel/group_weights.h"

namespace stemma {
namespace {

constexpr std::size_t kLengthBins = 23;        // half-octaves of tokens: the last one begins at 2^11
constexpr double kPromptUnit = 255;            // square roots of expected shares as bytes
constexpr double kLengthUnit = 65535;          // and as 16-bit numbers
constexpr double kPriorShareOfAnswers = 0.002;  // with which a bin of few answers leans on the mean of all

// Half-octave of the mean number of tokens: the largest b with (tokens / samples)^2 >= 2^b.
std::size_t LengthBin(const PromptRow& row) {
  const auto tokens = static_cast<double>(row.tokens);
  const auto samples = static_cast<double>(row.samples);
  std::size_t bin = 0;
  while (bin + 1 < kLengthBins && tokens * tokens >= std::ldexp(samples * samples, static_cast<int>(bin + 1))) ++bin;
  return bin;
}

absl::Status Damaged(std::string_view source) {
  return absl::DataLossError(absl::StrFormat("%s: section STYLE contradicts itself", source));
}

// Adds to `shares` the share of the row's samples that have each feature, times `weight`.
absl::Status AddShares(const Signature& signature, const PromptRow& row, double weight, std::vector<FeatureCount>& counts,
                       std::span<double> shares) {
  signature.Style(row, counts);
  for (const FeatureCount& count : counts) {
    if (count.feature >= shares.size()) {
      return absl::DataLossError(absl::StrFormat("signature %s: style feature %d of %d", signature.metadata().model,
                                                 count.feature, shares.size()));
    }
    shares[count.feature] += weight * static_cast<double>(count.samples) / row.samples;
  }
  return absl::OkStatus();
}

std::vector<double> MeanOf(std::span<const std::vector<double>> points, std::span<const double> weights) {
  std::vector<double> mean(points.front().size(), 0);
  double total = 0;
  for (std::size_t m = 0; m < points.size(); ++m) {
    total += weights[m];
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += weights[m] * points[m][k];
  }
  for (double& value : mean) value = total > 0 ? value / total : 0;
  return mean;
}

}  // namespace

struct PanelStyle::Expectations {
  const StyleSpace* space = nullptr;
  std::span<const Hash128> prompts;
  std::string_view by_prompt;               // prompts x features, bytes
  std::vector<std::uint16_t> by_length;     // bins x features
  std::string owned;                        // what `by_prompt` views while a panel is built

  std::size_t features() const { return space->features(); }

  absl::Status FitByPrompt(std::span<const Signature* const> signatures, std::span<const double> weights);
  absl::Status FitByLength(std::span<const Signature* const> signatures, std::span<const double> weights);

  absl::Status AddPaired(const Signature& signature, const PromptRow& row, std::size_t prompt,
                         std::vector<FeatureCount>& counts, Tally& tally) const;
  std::vector<double> ProjectPaired(const Tally& tally) const;
  absl::StatusOr<std::vector<double>> ProjectPaired(const Signature& signature, std::span<const std::size_t> left_out) const;
  absl::StatusOr<std::vector<double>> ProjectLengthMatched(const Signature& signature, bool panel_prompts_only,
                                                           std::span<const std::size_t> left_out) const;
};

absl::Status PanelStyle::Expectations::FitByPrompt(std::span<const Signature* const> signatures,
                                                   std::span<const double> weights) {
  owned.reserve(prompts.size() * features());
  std::vector<FeatureCount> counts;
  for (const Hash128& prompt : prompts) {
    std::vector<double> shares(features(), 0);
    double total = 0;
    for (std::size_t m = 0; m < signatures.size(); ++m) {
      const auto found = signatures[m]->Find(prompt);
      if (!found || weights[m] == 0) continue;
      const PromptRow& row = signatures[m]->rows()[*found];
      if (row.tokens == 0) continue;
      STEMMA_RETURN_IF_ERROR(AddShares(*signatures[m], row, weights[m], counts, shares));
      total += weights[m];
    }
    for (const double share : shares) {
      const double root = total > 0 ? std::sqrt(share / total) : 0;
      owned.push_back(static_cast<char>(std::lround(kPromptUnit * std::min(root, 1.0))));
    }
  }
  by_prompt = owned;
  return absl::OkStatus();
}

absl::Status PanelStyle::Expectations::FitByLength(std::span<const Signature* const> signatures,
                                                   std::span<const double> weights) {
  std::vector<double> shares(kLengthBins * features(), 0);
  std::vector<double> totals(kLengthBins, 0);
  std::vector<FeatureCount> counts;
  for (std::size_t m = 0; m < signatures.size(); ++m) {
    if (weights[m] == 0) continue;
    for (const PromptRow& row : signatures[m]->rows()) {
      if (row.tokens == 0 || !panel::FindPrompt(prompts, row.prompt)) continue;
      const std::size_t bin = LengthBin(row);
      totals[bin] += weights[m];
      const auto of_bin = std::span(shares).subspan(bin * features(), features());
      STEMMA_RETURN_IF_ERROR(AddShares(*signatures[m], row, weights[m], counts, of_bin));
    }
  }
  const double total = base::Sum(totals);
  const double prior_weight = kPriorShareOfAnswers * total;
  for (std::size_t f = 0; f < features(); ++f) {
    base::FixedOrderSum sum;
    for (std::size_t bin = 0; bin < kLengthBins; ++bin) sum.Add(shares[bin * features() + f]);
    const double prior = total > 0 ? sum.value() / total : 0;
    for (std::size_t bin = 0; bin < kLengthBins; ++bin) {
      double& share = shares[bin * features() + f];
      share = total > 0 ? (share + prior_weight * prior) / (totals[bin] + prior_weight) : 0;
    }
  }
  by_length.clear();
  for (const double share : shares) {
    by_length.push_back(static_cast<std::uint16_t>(std::lround(kLengthUnit * std::sqrt(std::min(share, 1.0)))));
  }
  return absl::OkStatus();
}

void PanelStyle::Tally::Add(const Tally& part, std::uint32_t times) {
  for (std::size_t f = 0; f < shares.size(); ++f) {
    shares[f] += times * part.shares[f];
    squares[f] += times * part.squares[f];
  }
  answers += times * part.answers;
}

absl::Status PanelStyle::Expectations::AddPaired(const Signature& signature, const PromptRow& row, std::size_t prompt,
                                                 std::vector<FeatureCount>& counts, Tally& tally) const {
  if (row.tokens == 0) return absl::OkStatus();
  STEMMA_RETURN_IF_ERROR(AddShares(signature, row, 1, counts, tally.shares));
  for (std::size_t f = 0; f < features(); ++f) {
    // The squared square root: the expected share.
    const auto root = static_cast<unsigned char>(by_prompt[prompt * features() + f]);
    tally.squares[f] += std::uint64_t{root} * root;
  }
  ++tally.answers;
  return absl::OkStatus();
}

std::vector<double> PanelStyle::Expectations::ProjectPaired(const Tally& tally) const {
  if (tally.answers == 0) return std::vector<double>(space->projected_size(), 0);
  const auto n = static_cast<double>(tally.answers);
  std::vector<double> shares, expected;
  for (const std::uint64_t sum : tally.squares) expected.push_back(static_cast<double>(sum) / (kPromptUnit * kPromptUnit) / n);
  for (const double share : tally.shares) shares.push_back(share / n);
  return space->Project(shares, expected);
}

absl::StatusOr<std::vector<double>> PanelStyle::Expectations::ProjectPaired(const Signature& signature,
                                                                            std::span<const std::size_t> left_out) const {
  Tally tally{.shares = std::vector<double>(features(), 0), .squares = std::vector<std::uint64_t>(features(), 0)};
  std::vector<FeatureCount> counts;
  for (const PromptRow& row : signature.rows()) {
    const auto prompt = panel::FindPrompt(prompts, row.prompt);
    if (!prompt || std::ranges::binary_search(left_out, *prompt)) continue;
    STEMMA_RETURN_IF_ERROR(AddPaired(signature, row, *prompt, counts, tally));
  }
  return ProjectPaired(tally);
}

absl::StatusOr<std::vector<double>> PanelStyle::Expectations::ProjectLengthMatched(
    const Signature& signature, bool panel_prompts_only, std::span<const std::size_t> left_out) const {
  std::vector<double> shares(features(), 0);
  std::vector<std::uint64_t> answers_of_bin(kLengthBins, 0);
  std::vector<FeatureCount> counts;
  std::size_t answers = 0;
  for (const PromptRow& row : signature.rows()) {
    const auto prompt = panel::FindPrompt(prompts, row.prompt);
    if (row.tokens == 0 || (panel_prompts_only && !prompt)) continue;
    if (prompt && std::ranges::binary_search(left_out, *prompt)) continue;
    STEMMA_RETURN_IF_ERROR(AddShares(signature, row, 1, counts, shares));
    ++answers_of_bin[LengthBin(row)];
    ++answers;
  }
  if (answers == 0) return std::vector<double>(space->projected_size(), 0);
  const auto n = static_cast<double>(answers);
  std::vector<double> expected(features(), 0);
  for (std::size_t bin = 0; bin < kLengthBins; ++bin) {
    for (std::size_t f = 0; f < features(); ++f) {
      const double root = static_cast<double>(by_length[bin * features() + f]) / kLengthUnit;
      expected[f] += static_cast<double>(answers_of_bin[bin]) * root * root;
    }
  }
  for (double& share : expected) share /= n;
  for (double& share : shares) share /= n;
  return space->Project(shares, expected);
}

absl::StatusOr<std::string> PanelStyle::Build(std::span<const Signature* const> signatures, const StyleSpace& space,
                                              std::span<const Hash128> prompts) {
  const std::vector<double> weights = panel::GroupWeights(signatures);
  Expectations expectations;
  expectations.space = &space;
  expectations.prompts = prompts;
  STEMMA_RETURN_IF_ERROR(expectations.FitByPrompt(signatures, weights));
  STEMMA_RETURN_IF_ERROR(expectations.FitByLength(signatures, weights));
  std::vector<std::vector<double>> paired, length_matched;
  for (const Signature* signature : signatures) {
    STEMMA_ASSIGN_OR_RETURN(paired.emplace_back(), expectations.ProjectPaired(*signature, {}));
    STEMMA_ASSIGN_OR_RETURN(length_matched.emplace_back(), expectations.ProjectLengthMatched(*signature, true, {}));
  }
  std::string out;
  for (const std::size_t size : {space.features(), space.projected_size(), space.size(), kLengthBins}) {
    base::AppendU32(out, static_cast<std::uint32_t>(size));
  }
  for (const auto* points : {&paired, &length_matched}) {
    const std::vector<double> mean = MeanOf(*points, weights);
    for (const double value : mean) base::AppendF64(out, value);
    for (const std::vector<double>& point : *points) {
      for (const double value : space.Embed(point, mean)) base::AppendF32(out, static_cast<float>(value));
    }
  }
  for (const std::uint16_t root : expectations.by_length) base::AppendU16(out, root);
  out += expectations.by_prompt;
  return out;
}

absl::StatusOr<PanelStyle> PanelStyle::Parse(std::string_view bytes, const StyleSpace& space, std::size_t models,
                                             std::span<const Hash128> prompts, std::string_view source) {
  base::ByteReader reader(bytes);
  for (const std::size_t size : {space.features(), space.projected_size(), space.size(), kLengthBins}) {
    std::uint32_t stated = 0;
    if (!reader.ReadU32(stated) || stated != size) return Damaged(source);
  }
  const std::size_t points_size = space.projected_size() * sizeof(double) + models * space.size() * sizeof(float);
  const std::size_t by_length_size = kLengthBins * space.features() * sizeof(std::uint16_t);
  if (reader.remaining() != 2 * points_size + by_length_size + prompts.size() * space.features()) return Damaged(source);
  const auto read_points = [&](std::vector<double>& mean, std::vector<Point>& points) {
    mean.resize(space.projected_size());
    for (double& value : mean) {
      if (!reader.ReadF64(value) || !std::isfinite(value)) return false;
    }
    for (std::size_t m = 0; m < models; ++m) {
      Point& point = points.emplace_back();
      for (std::size_t k = 0; k < space.size(); ++k) {
        float value = 0;
        if (!reader.ReadF32(value) || !std::isfinite(value)) return false;
        point.push_back(static_cast<double>(value));
      }
    }
    return true;
  };
  PanelStyle style;
  if (!read_points(style.paired_mean_, style.paired_) || !read_points(style.length_matched_mean_, style.length_matched_)) {
    return Damaged(source);
  }
  auto expectations = std::make_shared<Expectations>();
  expectations->space = style.space_ = &space;
  expectations->prompts = prompts;
  expectations->by_length.resize(kLengthBins * space.features());
  for (std::uint16_t& root : expectations->by_length) reader.ReadU16(root);
  if (!reader.ReadBytes(reader.remaining(), expectations->by_prompt)) return Damaged(source);
  style.expectations_ = std::move(expectations);
  return style;
}

absl::StatusOr<PanelStyle::Point> PanelStyle::Paired(const Signature& signature,
                                                     std::span<const std::size_t> left_out) const {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<double> projected, expectations_->ProjectPaired(signature, left_out));
  return space_->Embed(projected, paired_mean_);
}

absl::StatusOr<PanelStyle::Tally> PanelStyle::Count(const Signature& signature, std::span<const std::size_t> prompts) const {
  const std::size_t features = expectations_->features();
  Tally tally{.shares = std::vector<double>(features, 0), .squares = std::vector<std::uint64_t>(features, 0)};
  std::vector<FeatureCount> counts;
  for (const std::size_t prompt : prompts) {
    const auto row = signature.Find(expectations_->prompts[prompt]);
    if (!row) continue;
    STEMMA_RETURN_IF_ERROR(expectations_->AddPaired(signature, signature.rows()[*row], prompt, counts, tally));
  }
  return tally;
}

PanelStyle::Point PanelStyle::PairedOf(const Tally& tally) const {
  return space_->Embed(expectations_->ProjectPaired(tally), paired_mean_);
}

absl::StatusOr<PanelStyle::Point> PanelStyle::LengthMatched(const Signature& signature,
                                                            std::span<const std::size_t> left_out) const {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<double> projected,
                          expectations_->ProjectLengthMatched(signature, false, left_out));
  return space_->Embed(projected, length_matched_mean_);
}

double InnerProduct(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

}  // namespace stemma
