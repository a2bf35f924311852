#include "tests/oracle/panel_style.h"

#include <algorithm>
#include <cmath>

namespace stemma::oracle {
namespace {

constexpr int kBins = 23;

long double ShareOf(const StyledAnswers& answers, std::size_t feature) {
  const auto found = answers.features.find(static_cast<int>(feature));
  return found == answers.features.end() ? 0 : static_cast<long double>(found->second) / answers.samples;
}

}  // namespace

std::vector<long double> GroupWeights(const std::vector<Model>& models) {
  std::vector<long double> weights;
  for (const Model& model : models) {
    long double members = 0;
    for (const Model& other : models) members += !other.degenerate && other.group == model.group ? 1 : 0;
    weights.push_back(model.degenerate ? 0 : 1 / members);
  }
  return weights;
}

LongVector ExpectedAtPrompt(const StyleWorld& world, std::size_t prompt) {
  const std::vector<long double> weights = GroupWeights(world.models);
  LongVector expected(world.features, 0);
  for (std::size_t f = 0; f < world.features; ++f) {
    long double sum = 0, weight = 0;
    for (std::size_t m = 0; m < world.models.size(); ++m) {
      if (!world.answers[m].contains(prompt) || world.answers[m].at(prompt).tokens == 0) continue;
      sum += weights[m] * ShareOf(world.answers[m].at(prompt), f);
      weight += weights[m];
    }
    expected[f] = weight == 0 ? 0 : sum / weight;
  }
  return expected;
}

int LengthBin(const StyledAnswers& answers) {
  const long double tokens = static_cast<long double>(answers.tokens) / answers.samples;
  return std::clamp(static_cast<int>(std::floor(2 * std::log2(tokens))), 0, kBins - 1);
}

std::vector<LongVector> ExpectedAtLengths(const StyleWorld& world, const std::set<std::size_t>& prompts) {
  const std::vector<long double> weights = GroupWeights(world.models);
  std::vector<LongVector> expected(kBins, LongVector(world.features, 0));
  for (std::size_t f = 0; f < world.features; ++f) {
    long double sum_of_all = 0, weight_of_all = 0;
    LongVector sums(kBins, 0), weights_of_bin(kBins, 0);
    for (std::size_t m = 0; m < world.models.size(); ++m) {
      for (const auto& [prompt, answers] : world.answers[m]) {
        if (!prompts.contains(prompt) || answers.tokens == 0) continue;
        const auto bin = static_cast<std::size_t>(LengthBin(answers));
        sums[bin] += weights[m] * ShareOf(answers, f);
        weights_of_bin[bin] += weights[m];
        sum_of_all += weights[m] * ShareOf(answers, f);
        weight_of_all += weights[m];
      }
    }
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      const long double more = 0.002L * weight_of_all;
      expected[bin][f] = (sums[bin] + more * (sum_of_all / weight_of_all)) / (weights_of_bin[bin] + more);
    }
  }
  return expected;
}

LongVector ProjectAnswers(const StyleWorld& world, const StyleExpectations& expectations, const StylesByPrompt& answers,
                          const std::set<std::size_t>& prompts) {
  LongVector shares(world.features, 0), expected(world.features, 0);
  long double n = 0;
  for (const auto& [prompt, of_prompt] : answers) {
    if (!prompts.contains(prompt) || of_prompt.tokens == 0) continue;
    n += 1;
    const LongVector& here = expectations.matched_by == MatchedBy::kPrompt
                                 ? expectations.at_prompt.at(prompt)
                                 : expectations.at_length[static_cast<std::size_t>(LengthBin(of_prompt))];
    for (std::size_t f = 0; f < world.features; ++f) {
      shares[f] += ShareOf(of_prompt, f);
      expected[f] += here[f];
    }
  }
  if (n == 0) return LongVector(world.last.size(), 0);
  for (std::size_t f = 0; f < world.features; ++f) {
    shares[f] /= n;
    expected[f] /= n;
  }
  return Project(world.sets, shares, expected).unit;
}

void SetMean(const StyleWorld& world, StyleExpectations& expectations) {
  expectations.mean.assign(world.last.size(), 0);
  const std::vector<long double> weights = GroupWeights(world.models);
  long double total = 0;
  for (std::size_t m = 0; m < world.models.size(); ++m) {
    const LongVector projected = ProjectAnswers(world, expectations, world.answers[m], expectations.prompts);
    total += weights[m];
    for (std::size_t d = 0; d < projected.size(); ++d) expectations.mean[d] += weights[m] * projected[d];
  }
  for (long double& value : expectations.mean) value /= total;
}

StyleExpectations Expect(const StyleWorld& world, const std::set<std::size_t>& prompts, MatchedBy matched_by) {
  StyleExpectations expectations;
  expectations.matched_by = matched_by;
  expectations.prompts = prompts;
  for (const std::size_t prompt : prompts) expectations.at_prompt[prompt] = ExpectedAtPrompt(world, prompt);
  expectations.at_length = ExpectedAtLengths(world, prompts);
  SetMean(world, expectations);
  return expectations;
}

LongVector PointOf(const StyleWorld& world, const StyleExpectations& expectations, const StylesByPrompt& answers,
                   const std::set<std::size_t>& prompts) {
  return Embed(world.last, ProjectAnswers(world, expectations, answers, prompts), expectations.mean).unit;
}

std::set<std::size_t> PromptsOf(const StylesByPrompt& answers) {
  std::set<std::size_t> prompts;
  for (const auto& [prompt, of_prompt] : answers) prompts.insert(prompt);
  return prompts;
}

}  // namespace stemma::oracle
