// Computes what tests/python/test_embedding_measures.py holds against NumPy and SciPy.
//
// Reads a JSON array of cases {"kind": ..., inputs} from standard input and writes an array of results: numbers with all
// digits, null for NaN. Arrays of points are {"values": [...], "dims": n}. Ends with 1 and a message for a case that it
// cannot compute.
#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/score/centring.h"
#include "stemma/embedding_signature.h"
#include "stemma/embedding_similarity.h"

namespace stemma {
namespace {

using Json = nlohmann::json;
using Values = std::vector<double>;

template <typename T>
T OrThrow(absl::StatusOr<T> result) {
  if (!result.ok()) throw std::runtime_error(std::string(result.status().message()));
  return *std::move(result);
}

// null is NaN.
Values ReadValues(const Json& in) {
  Values values;
  for (const Json& value : in) {
    values.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
  }
  return values;
}

struct Cloud {
  explicit Cloud(const Json& in) : values(ReadValues(in.at("values"))), dims(in.at("dims")) {}
  Points points() const { return {values, dims}; }

  Values values;
  std::size_t dims;
};

// The matrix of cosines, and the centred scores of a model on all others.
Json CentredOf(const Json& in) {
  std::vector<Cloud> clouds;
  std::vector<Points> models;
  for (const Json& model : in.at("models")) clouds.emplace_back(model);
  for (const Cloud& cloud : clouds) models.push_back(cloud.points());
  const Values cosines = OrThrow(PromptCentredCosines(models, in.at("weights").get<Values>()));
  score::Cohort cohort;
  for (const std::size_t group : in.at("groups")) {
    cohort.groups.push_back(group);
    cohort.counts.push_back(true);
  }
  const std::size_t self = in.at("self");
  const std::span<const double> row = std::span(cosines).subspan(self * models.size(), models.size());
  const auto scores = score::Centre(row, cosines, cohort, cohort.groups[self], self);
  return {{"cosines", cosines}, {"scores", scores ? Json(*scores) : Json()}};
}

Json CkaOf(const Json& in) { return OrThrow(LinearCka(Cloud(in.at("x")).points(), Cloud(in.at("y")).points())); }

// By the median distance where no bandwidth is given.
Json MmdOf(const Json& in) {
  const Cloud x(in.at("x")), y(in.at("y"));
  const double bandwidth =
      in.contains("bandwidth") ? in.at("bandwidth").get<double>() : OrThrow(MedianDistance(x.points(), y.points()));
  return {bandwidth, OrThrow(MmdSquared(x.points(), y.points(), bandwidth))};
}

Json EnergyOf(const Json& in) { return OrThrow(EnergyDistance(Cloud(in.at("x")).points(), Cloud(in.at("y")).points())); }

EmbeddingSignature Sign(const Json& in, const Cloud& cloud) {
  EmbeddingOptions options;
  options.dims = in.at("stored");
  options.fraction_bits = in.at("fraction_bits");
  EmbeddingSignatureBuilder builder(OrThrow(EmbeddingReducer::Create({"probe", {}}, cloud.dims, options)));
  const std::vector<std::uint64_t> prompts = in.at("prompts");
  for (std::size_t k = 0; k < prompts.size(); ++k) {
    const absl::Status added = builder.Add({0, prompts[k]}, static_cast<std::uint32_t>(k), cloud.points().row(k));
    if (!added.ok()) throw std::runtime_error(std::string(added.message()));
  }
  return OrThrow(builder.Build({}));
}

// What a signature keeps of samples: means by prompt, and the totals.
Json SignatureOf(const Json& in) {
  const Cloud cloud(in.at("samples"));
  const EmbeddingSignature signature = OrThrow(EmbeddingSignature::Parse(Sign(in, cloud).Serialize(), "probe"));
  Json means = Json::array();
  for (std::size_t row = 0; row < signature.rows().size(); ++row) {
    Values mean(signature.space().dims);
    signature.Mean(row, mean);
    means.push_back(mean);
  }
  return {{"means", means}, {"mean", signature.TotalMean()}, {"covariance", signature.Covariance()}};
}

Json Compute(const Json& in) {
  static const std::map<std::string, std::function<Json(const Json&)>> kinds = {
      {"centred", CentredOf}, {"cka", CkaOf}, {"mmd", MmdOf}, {"energy", EnergyOf}, {"signature", SignatureOf},
  };
  return kinds.at(in.at("kind"))(in);
}

int Main() {
  Json results = Json::array();
  for (const Json& in : Json::parse(std::cin)) results.push_back(Compute(in));
  std::cout << results.dump() << "\n";
  return 0;
}

}  // namespace
}  // namespace stemma

int main() {
  try {
    return stemma::Main();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "embedding_probe: %s\n", error.what());
    return 1;
  }
}
