#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"
#include "lib/score/vectors.h"
#include "stemma/embedding_similarity.h"

namespace stemma {
namespace {

using score::Dot;
using score::Mean;
using score::Normalise;

absl::Status CheckModels(std::span<const Points> models, std::span<const double> weights) {
  if (models.empty()) return absl::InvalidArgumentError("prompt-centred cosines need at least one model, got none");
  if (weights.size() != models.size()) {
    return absl::InvalidArgumentError(absl::StrFormat("%d weights for %d models", weights.size(), models.size()));
  }
  for (std::size_t m = 0; m < models.size(); ++m) {
    if (models[m].dims == 0 || models[m].dims != models[0].dims || models[m].values.size() != models[0].values.size() ||
        models[m].values.size() % models[m].dims != 0) {
      return absl::InvalidArgumentError(
          absl::StrFormat("model %d has %d values in rows of %d; all models need as many as the first, %d in rows of %d", m,
                          models[m].values.size(), models[m].dims, models[0].values.size(), models[0].dims));
    }
    if (!(weights[m] >= 0) || !std::isfinite(weights[m])) {
      return absl::InvalidArgumentError(absl::StrFormat("model %d: weights must be at least 0, got %g", m, weights[m]));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAnswers(std::span<const Points> models) {
  for (std::size_t m = 0; m < models.size(); ++m) {
    for (std::size_t prompt = 0; prompt < models[m].rows(); ++prompt) {
      const std::span<const double> row = models[m].row(prompt);
      const auto finite = [](double value) { return std::isfinite(value); };
      if (std::isnan(row[0]) || std::ranges::all_of(row, finite)) continue;
      return absl::InvalidArgumentError(absl::StrFormat("model %d, row %d: values must be finite", m, prompt));
    }
  }
  return absl::OkStatus();
}

// All models' directions from the centre of a prompt, of unit length; none for those that have none.
std::vector<std::optional<std::vector<double>>> DirectionsAt(std::span<const Points> models, std::span<const double> weights,
                                                             std::size_t prompt) {
  std::vector<base::FixedOrderSum> sums(models[0].dims);
  base::FixedOrderSum total;
  for (std::size_t m = 0; m < models.size(); ++m) {
    const std::span<const double> row = models[m].row(prompt);
    if (std::isnan(row[0]) || weights[m] == 0) continue;
    total.Add(weights[m]);
    for (std::size_t d = 0; d < row.size(); ++d) sums[d].Add(weights[m] * row[d]);
  }
  std::vector<std::optional<std::vector<double>>> directions(models.size());
  if (!(total.value() > 0)) return directions;
  for (std::size_t m = 0; m < models.size(); ++m) {
    const std::span<const double> row = models[m].row(prompt);
    if (std::isnan(row[0])) continue;
    std::vector<double> direction(row.begin(), row.end());
    for (std::size_t d = 0; d < row.size(); ++d) direction[d] -= sums[d].value() / total.value();
    if (Normalise(direction)) directions[m] = std::move(direction);
  }
  return directions;
}

// Codes' products are whole numbers and exact.
double Cosine(std::span<const std::int8_t> a, std::span<const std::int8_t> b) {
  std::int32_t product = 0, square_a = 0, square_b = 0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    product += a[d] * b[d];
    square_a += a[d] * a[d];
    square_b += b[d] * b[d];
  }
  return product / std::sqrt(static_cast<double>(square_a) * square_b);
}

// A zero direction: no answer, or one on the centre.
bool HasDirection(std::span<const std::int8_t> codes) {
  return std::ranges::any_of(codes, [](std::int8_t code) { return code != 0; });
}

}  // namespace

absl::StatusOr<std::vector<double>> PromptCentredCosines(std::span<const Points> models, std::span<const double> weights) {
  STEMMA_RETURN_IF_ERROR(CheckModels(models, weights));
  STEMMA_RETURN_IF_ERROR(CheckAnswers(models));
  const std::size_t n = models.size();
  std::vector<Mean> means(n * n);
  for (std::size_t prompt = 0; prompt < models[0].rows(); ++prompt) {
    const auto directions = DirectionsAt(models, weights, prompt);
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = a; directions[a] && b < n; ++b) {
        if (directions[b]) means[a * n + b].Add(Dot(*directions[a], *directions[b]));
      }
    }
  }
  std::vector<double> cosines(n * n);
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = a; b < n; ++b) cosines[a * n + b] = cosines[b * n + a] = means[a * n + b].value();
  }
  return cosines;
}

std::vector<double> PromptCentredCosines(const EmbeddingPanel& panel) {
  const std::size_t n = panel.models().size();
  std::vector<double> cosines(n * n);
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = a; b < n; ++b) {
      Mean mean;
      for (std::size_t p = 0; p < panel.prompts().size(); ++p) {
        const auto first = panel.Direction(a, p), second = panel.Direction(b, p);
        if (HasDirection(first) && HasDirection(second)) mean.Add(Cosine(first, second));
      }
      cosines[a * n + b] = cosines[b * n + a] = mean.value();
    }
  }
  return cosines;
}

absl::StatusOr<std::vector<double>> CosinesByPrompt(const EmbeddingPanel& panel, const EmbeddingSignature& candidate) {
  STEMMA_RETURN_IF_ERROR(CheckComparable(panel.space(), candidate.space()));
  const std::size_t prompts = panel.prompts().size();
  std::vector<double> cosines(panel.models().size() * prompts, std::numeric_limits<double>::quiet_NaN());
  std::vector<double> direction;
  std::vector<double> other(panel.dims());
  for (std::size_t p = 0; p < prompts; ++p) {
    const std::optional<std::size_t> row = candidate.Find(panel.prompts()[p]);
    if (!row) continue;
    panel.DirectionOf(candidate, *row, p, direction);
    if (!Normalise(direction)) continue;
    for (std::size_t m = 0; m < panel.models().size(); ++m) {
      std::ranges::copy(panel.Direction(m, p), other.begin());
      if (Normalise(other)) cosines[m * prompts + p] = Dot(direction, other);
    }
  }
  return cosines;
}

absl::StatusOr<std::vector<double>> PromptCentredCosines(const EmbeddingPanel& panel, const EmbeddingSignature& candidate) {
  STEMMA_ASSIGN_OR_RETURN(const std::vector<double> by_prompt, CosinesByPrompt(panel, candidate));
  const std::size_t prompts = panel.prompts().size();
  std::vector<double> cosines;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    Mean mean;
    for (const double cosine : std::span(by_prompt).subspan(m * prompts, prompts)) {
      if (!std::isnan(cosine)) mean.Add(cosine);
    }
    cosines.push_back(mean.value());
  }
  return cosines;
}

}  // namespace stemma
