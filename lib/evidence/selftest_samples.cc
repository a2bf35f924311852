#include <cmath>
#include <numbers>
#include <utility>

#include "lib/evidence/selftest_subject.h"

namespace stemma::evidence {

LabelledSample Llrs(std::vector<double> h1, std::vector<double> h2) {
  return {.h1 = {.values = std::move(h1)}, .h2 = {.values = std::move(h2)}};
}

LabelledSample LlrsFromLrs(std::vector<double> h1, std::vector<double> h2) {
  for (double& value : h1) value = std::log10(value);
  for (double& value : h2) value = std::log10(value);
  return Llrs(std::move(h1), std::move(h2));
}

LabelledSample BreathLlrs(double high) {
  constexpr double kLow = 0.101;
  std::vector<double> h1(90, high);
  h1.insert(h1.end(), 10, kLow);
  std::vector<double> h2(10, high);
  h2.insert(h2.end(), 990, kLow);
  return LlrsFromLrs(std::move(h1), std::move(h2));
}

LabelledSample NormalLlrs(double d) {
  LabelledSample sample;
  for (int step = -1500; step <= 1500; ++step) {
    const double deviations = step / 100.0;
    for (Sample* side : {&sample.h1, &sample.h2}) {
      const double mean = side == &sample.h1 ? d / 2 : -d / 2;
      side->values.push_back(d * deviations * std::numbers::log10e);
      side->weights.push_back(std::exp(-(deviations - mean) * (deviations - mean) / 2));
    }
  }
  return sample;
}

}  // namespace stemma::evidence
