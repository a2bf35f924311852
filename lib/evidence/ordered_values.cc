#include "lib/evidence/ordered_values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/base/sum.h"

namespace stemma::evidence {
namespace {

absl::Status CheckValues(const Sample& sample, const char* name, Infinities infinities) {
  if (sample.values.empty()) {
    return absl::InvalidArgumentError(absl::StrFormat("%s has no values, at least 1 is needed", name));
  }
  for (std::size_t k = 0; k < sample.size(); ++k) {
    const double value = sample.values[k];
    if (std::isnan(value) || (infinities == Infinities::kRefused && std::isinf(value))) {
      return absl::InvalidArgumentError(absl::StrFormat("value %d of %s must be %s, got %g", k, name,
                                                        infinities == Infinities::kRefused ? "finite" : "a number",
                                                        value));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckWeights(const Sample& sample, const char* name) {
  if (sample.weights.empty()) return absl::OkStatus();
  if (sample.weights.size() != sample.size()) {
    return absl::InvalidArgumentError(absl::StrFormat("%s must have no weights or one a value, got %d for %d values",
                                                      name, sample.weights.size(), sample.size()));
  }
  for (std::size_t k = 0; k < sample.size(); ++k) {
    if (!std::isfinite(sample.weights[k]) || sample.weights[k] < 0) {
      return absl::InvalidArgumentError(
          absl::StrFormat("weight %d of %s must be finite and not negative, got %g", k, name, sample.weights[k]));
    }
  }
  const double total = base::Sum(sample.weights);
  if (!(total > 0) || !std::isfinite(total)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the weights of %s must have a positive, finite sum, got %g", name, total));
  }
  return absl::OkStatus();
}

struct Entry {
  double value;
  double weight;
  bool h1;
};

void Append(const Sample& sample, bool h1, std::vector<Entry>& entries) {
  for (std::size_t k = 0; k < sample.size(); ++k) {
    // Adding 0 makes 0 of -0, which compares equal but prints otherwise.
    if (sample.weight(k) > 0) entries.push_back({sample.values[k] + 0.0, sample.weight(k), h1});
  }
}

}  // namespace

absl::Status CheckSample(const LabelledSample& sample, Infinities infinities) {
  STEMMA_RETURN_IF_ERROR(CheckValues(sample.h1, "H1", infinities));
  STEMMA_RETURN_IF_ERROR(CheckValues(sample.h2, "H2", infinities));
  STEMMA_RETURN_IF_ERROR(CheckWeights(sample.h1, "H1"));
  return CheckWeights(sample.h2, "H2");
}

double CountWeighted(const Sample& sample) {
  double count = 0;
  for (std::size_t k = 0; k < sample.size(); ++k) count += sample.weight(k) > 0;
  return count;
}

std::vector<ValueWeights> OrderValues(const LabelledSample& sample) {
  std::vector<Entry> entries;
  entries.reserve(sample.h1.size() + sample.h2.size());
  Append(sample.h1, true, entries);
  Append(sample.h2, false, entries);
  // By weight, too: sums of equal values then have one order.
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::tuple(e.value, e.weight, e.h1); });
  std::vector<ValueWeights> values;
  for (auto entry = entries.begin(); entry != entries.end();) {
    const double value = entry->value;
    base::FixedOrderSum h1, h2;
    for (; entry != entries.end() && entry->value == value; ++entry) (entry->h1 ? h1 : h2).Add(entry->weight);
    values.push_back({value, h1.value(), h2.value()});
  }
  return values;
}

ClassWeights TotalWeights(std::span<const ValueWeights> values) {
  base::FixedOrderSum h1, h2;
  for (const ValueWeights& at : values) {
    h1.Add(at.h1);
    h2.Add(at.h2);
  }
  return {h1.value(), h2.value()};
}

}  // namespace stemma::evidence
