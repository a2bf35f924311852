#include "lib/score/main_reference.h"

#include <algorithm>
#include <cmath>

namespace stemma::score {

TrimmedLikeness::TrimmedLikeness(const std::vector<std::vector<float>>& excesses) {
  if (!excesses.empty()) sorted_.resize(excesses.front().size());
  for (std::size_t p = 0; p < excesses.size(); ++p) {
    for (std::size_t m = 0; m < sorted_.size(); ++m) {
      if (!std::isnan(excesses[p][m])) sorted_[m].push_back({p, static_cast<double>(excesses[p][m])});
    }
  }
  // Ties by prompt: the order of equal values must not depend on how they are sorted.
  for (std::vector<Value>& values : sorted_) {
    std::ranges::sort(values, [](const Value& a, const Value& b) {
      return a.likeness != b.likeness ? a.likeness < b.likeness : a.prompt < b.prompt;
    });
  }
}

std::vector<double> TrimmedLikeness::At(std::span<const double> times) const {
  std::vector<double> means;
  for (const std::vector<Value>& values : sorted_) {
    double all = 0;
    for (const Value& value : values) all += times[value.prompt];
    const double first = kTrimmed * all, last = (1 - kTrimmed) * all;
    double passed = 0, sum = 0;
    for (const Value& value : values) {
      const double before = passed;
      passed += times[value.prompt];
      const double within = std::min(passed, last) - std::max(before, first);
      if (within > 0) sum += within * value.likeness;
    }
    means.push_back(sum / (last - first));
  }
  return means;
}

}  // namespace stemma::score
