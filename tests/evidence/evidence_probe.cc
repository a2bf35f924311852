// Computes what tests/python/test_evidence_crosscheck.py holds against SciPy, scikit-learn and statsmodels.
//
// Reads a JSON array of cases {"kind": ..., inputs} from standard input and writes an array of results: numbers with
// all digits, those that are not finite as strings. Ends with 1 and a message for a case that it cannot compute.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/evidence/normal.h"
#include "stemma/bootstrap.h"
#include "stemma/calibration.h"
#include "stemma/discrimination.h"
#include "stemma/error_rate_bound.h"
#include "stemma/isotonic.h"
#include "stemma/multiple_testing.h"
#include "stemma/permutation_test.h"

namespace stemma {
namespace {

using Json = nlohmann::json;
using Values = std::vector<double>;

template <typename T>
T OrThrow(absl::StatusOr<T> result) {
  if (!result.ok()) throw std::runtime_error(std::string(result.status().message()));
  return *std::move(result);
}

Json Number(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

LabelledSample ReadSample(const Json& in) {
  return {.h1 = {.values = in.at("h1"), .weights = in.at("weights_h1")},
          .h2 = {.values = in.at("h2"), .weights = in.at("weights_h2")}};
}

Json AucOf(const Json& in) { return Number(Auc(ReadSample(in))); }

Json IsotonicOf(const Json& in) { return FitIsotonic(in.at("values").get<Values>(), in.at("weights").get<Values>()); }

// The LLR of each score of H1, then of H2.
Json PavOf(const Json& in) {
  const LabelledSample scores = ReadSample(in);
  const LabelledSample llrs = Calibrate(OrThrow(PavCalibration::Fit(scores)), scores);
  Json out = Json::array();
  for (const Sample* side : {&llrs.h1, &llrs.h2}) {
    for (const double llr : side->values) out.push_back(Number(llr));
  }
  return out;
}

Json LogisticOf(const Json& in) {
  const auto line = OrThrow(LogisticCalibration::Fit(ReadSample(in), {.l2 = in.at("l2")}));
  return {line.slope(), line.intercept()};
}

Json PermutationOf(const PermutationTest& test) {
  return {{"p", test.p}, {"at_least", test.at_least}, {"arrangements", test.arrangements}};
}

PermutationOptions ReadPermutationOptions(const Json& in) {
  return {.max_exact = in.at("max_exact"), .draws = in.at("draws"), .seed = in.at("seed")};
}

Json SignFlipsOf(const Json& in) {
  return PermutationOf(OrThrow(SignFlipTest(in.at("differences").get<Values>(), ReadPermutationOptions(in))));
}

Json TwoSamplesOf(const Json& in) {
  return PermutationOf(OrThrow(
      TwoSampleTest(in.at("first").get<Values>(), in.at("second").get<Values>(), ReadPermutationOptions(in))));
}

Json HolmOf(const Json& in) { return OrThrow(HolmAdjusted(in.at("p").get<Values>())); }

Json BenjaminiHochbergOf(const Json& in) { return OrThrow(BenjaminiHochbergAdjusted(in.at("p").get<Values>())); }

// The limits of a mean, and the means of the draws that they were read off.
Json BcaOf(const Json& in) {
  const Values values = in.at("values");
  const std::size_t draws = in.at("draws");
  Values means;
  const auto mean = [&](Multiplicities times) {
    double sum = 0, weight = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
      sum += times[k] * values[k];
      weight += times[k];
    }
    return means.emplace_back(sum / weight);
  };
  // On one thread the calls come one by one: all units once, the draws, then each unit left out.
  const BootstrapOptions options = {.draws = draws, .level = in.at("level"), .seed = in.at("seed"), .threads = 1};
  const Estimate estimate = OrThrow(BcaInterval(values.size(), "values", mean, options));
  if (means.size() != 1 + draws + values.size()) throw std::runtime_error("the statistic was called otherwise");
  return {{"lower", Number(estimate.lower)},
          {"upper", Number(estimate.upper)},
          {"draws", Values(means.begin() + 1, means.begin() + 1 + static_cast<std::ptrdiff_t>(draws))}};
}

Json ErrorRateOf(const Json& in) {
  const std::uint64_t errors = in.at("errors"), n = in.at("n");
  const Estimate rate = OrThrow(ErrorRate(errors, n, in.at("level")));
  return {rate.lower, rate.upper, OrThrow(ErrorRateUpperBound(errors, n, in.at("level")))};
}

Json NormalOf(const Json& in) {
  return {Number(evidence::NormalQuantile(in.at("probability"))), Number(evidence::NormalCdf(in.at("x")))};
}

Json Compute(const Json& in) {
  static const std::map<std::string, std::function<Json(const Json&)>> kinds = {
      {"auc", AucOf},
      {"bca", BcaOf},
      {"benjamini_hochberg", BenjaminiHochbergOf},
      {"error_rate", ErrorRateOf},
      {"holm", HolmOf},
      {"isotonic", IsotonicOf},
      {"logistic", LogisticOf},
      {"normal", NormalOf},
      {"pav", PavOf},
      {"sign_flips", SignFlipsOf},
      {"two_samples", TwoSamplesOf}};
  return kinds.at(in.at("kind"))(in);
}

int Main() {
  Json results = Json::array();
  try {
    for (const Json& in : Json::parse(std::cin)) results.push_back(Compute(in));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "evidence_probe: case %zu: %s\n", results.size(), error.what());
    return 1;
  }
  std::cout << results << "\n";
  return 0;
}

}  // namespace
}  // namespace stemma

int main() { return stemma::Main(); }
