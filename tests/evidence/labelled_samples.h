// Labelled samples for tests: all small ones, random ones, and the published ones.
#ifndef STEMMA_TESTS_EVIDENCE_LABELLED_SAMPLES_H_
#define STEMMA_TESTS_EVIDENCE_LABELLED_SAMPLES_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "lib/base/random.h"
#include "stemma/labelled_sample.h"

namespace stemma::test_samples {

inline LabelledSample Labelled(std::vector<double> h1, std::vector<double> h2) {
  return {.h1 = {.values = std::move(h1)}, .h2 = {.values = std::move(h2)}};
}

// LLRs from LRs.
inline LabelledSample FromLrs(std::vector<double> h1, std::vector<double> h2) {
  for (double& lr : h1) lr = std::log10(lr);
  for (double& lr : h2) lr = std::log10(lr);
  return Labelled(std::move(h1), std::move(h2));
}

// Breath analysers (Vergeer et al. 2016): LR `high` for 90 of 100 under H1 and 10 of 1,000 under H2, else LR .101.
inline LabelledSample Breath(double high) {
  std::vector<double> h1(90, high), h2(990, 0.101);
  h1.insert(h1.end(), 10, 0.101);
  h2.insert(h2.end(), 10, high);
  return FromLrs(h1, h2);
}

// Perfectly calibrated normal LLRs, natural means +-d^2/2 and variance d^2, as weights on a fine grid that both classes
// share. On it sums are integrals, to all digits.
inline LabelledSample Gaussian(double d) {
  LabelledSample sample;
  for (int k = -1500; k <= 1500; ++k) {
    const double llr = d * k / 100;
    const auto weight = [&](double mean) { return std::exp(-(llr - mean) * (llr - mean) / (2 * d * d)); };
    for (Sample* side : {&sample.h1, &sample.h2}) side->values.push_back(llr * std::numbers::log10e);
    sample.h1.weights.push_back(weight(d * d / 2));
    sample.h2.weights.push_back(weight(-d * d / 2));
  }
  return sample;
}

// Calls `use` for every sequence of `size` of the values.
inline void ForEachSequence(std::span<const double> values, std::size_t size,
                            const std::function<void(const std::vector<double>&)>& use) {
  std::vector<std::size_t> digits(size);
  std::vector<double> sequence(size, values[0]);
  while (true) {
    use(sequence);
    std::size_t place = 0;
    for (; place < size && ++digits[place] == values.size(); ++place) {
      digits[place] = 0;
      sequence[place] = values[0];
    }
    if (place == size) return;
    sequence[place] = values[digits[place]];
  }
}

// Calls `use` for every sample of up to `most` of the values a class, in every order.
inline void ForEachSample(std::span<const double> values, std::size_t most,
                          const std::function<void(const LabelledSample&)>& use) {
  for (std::size_t n1 = 1; n1 <= most; ++n1) {
    for (std::size_t n2 = 1; n2 <= most; ++n2) {
      ForEachSequence(values, n1, [&](const std::vector<double>& h1) {
        ForEachSequence(values, n2, [&](const std::vector<double>& h2) { use(Labelled(h1, h2)); });
      });
    }
  }
}

// Values on a grid of eighths, so that some are equal, H1's higher by 1 on average; weights of 1 to 3.
inline LabelledSample RandomSample(std::uint64_t seed, std::size_t n1, std::size_t n2) {
  base::Random random(seed);
  LabelledSample sample;
  const auto fill = [&](std::size_t n, double shift, Sample& side) {
    for (std::size_t k = 0; k < n; ++k) {
      side.values.push_back(static_cast<double>(random.Below(25)) / 8 - 1.5 + shift);
      side.weights.push_back(static_cast<double>(1 + random.Below(3)));
    }
  };
  fill(n1, 0.5, sample.h1);
  fill(n2, -0.5, sample.h2);
  return sample;
}

// Each value as often as its weight says, all of one weight.
inline Sample Repeated(const Sample& sample) {
  Sample repeated;
  for (std::size_t k = 0; k < sample.size(); ++k) {
    repeated.values.insert(repeated.values.end(), static_cast<std::size_t>(sample.weight(k)), sample.values[k]);
  }
  return repeated;
}

inline LabelledSample Repeated(const LabelledSample& sample) { return {Repeated(sample.h1), Repeated(sample.h2)}; }

// The values, with their weights and groups, from last to first.
inline Sample Reversed(const Sample& sample) {
  Sample reversed;
  for (std::size_t k = sample.size(); k > 0; --k) {
    reversed.values.push_back(sample.values[k - 1]);
    if (!sample.weights.empty()) reversed.weights.push_back(sample.weights[k - 1]);
    if (!sample.groups.empty()) reversed.groups.push_back(sample.groups[k - 1]);
  }
  return reversed;
}

inline LabelledSample Reversed(const LabelledSample& sample) { return {Reversed(sample.h1), Reversed(sample.h2)}; }

inline LabelledSample Mapped(LabelledSample sample, const std::function<double(double)>& map) {
  for (double& value : sample.h1.values) value = map(value);
  for (double& value : sample.h2.values) value = map(value);
  return sample;
}

inline std::vector<LabelledSample> InvalidSamples() {
  const double nan = std::nan("");
  return {Labelled({}, {1}),
          Labelled({1}, {}),
          Labelled({}, {}),
          Labelled({nan, 1}, {0}),
          Labelled({1}, {0, nan}),
          {.h1 = {.values = {1, 2}, .weights = {1}}, .h2 = {.values = {0}}},
          {.h1 = {.values = {1}}, .h2 = {.values = {0}, .weights = {1, 1}}},
          {.h1 = {.values = {1, 2}, .weights = {1, -1}}, .h2 = {.values = {0}}},
          {.h1 = {.values = {1, 2}, .weights = {0, 0}}, .h2 = {.values = {0}}},
          {.h1 = {.values = {1}}, .h2 = {.values = {0, 3}, .weights = {1, nan}}},
          {.h1 = {.values = {1}}, .h2 = {.values = {0, 3}, .weights = {1, INFINITY}}},
          {.h1 = {.values = {1}}, .h2 = {.values = {0, 3}, .weights = {1e308, 1e308}}}};
}

}  // namespace stemma::test_samples

#endif  // STEMMA_TESTS_EVIDENCE_LABELLED_SAMPLES_H_
