// A panel's points in a style space, written down from the definitions, in long doubles and without a file.
//
// A model's share of a feature is the mean, over the prompts it answered with at least one token, of the share of its
// samples that have the feature. What is expected at a prompt is the mean of the panel's models' shares there; at a
// length the same over all answers of that length to the panel's prompts, lengths being half-octaves of the mean number
// of tokens, and each length leaning on the mean of all answers as if it had 0.002 of all answers more. In both a model
// weighs 1 / (its group's models); degenerate models weigh nothing.
// A point: shares against the mean of what is expected at the answers' prompts (or lengths), projected; then embedded,
// the panel's weighted mean projection taken off.
#ifndef STEMMA_TESTS_ORACLE_PANEL_STYLE_H_
#define STEMMA_TESTS_ORACLE_PANEL_STYLE_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/oracle/cosines.h"
#include "tests/oracle/style_space.h"

namespace stemma::oracle {

// A model's answers to one prompt.
struct StyledAnswers {
  int samples = 1;
  int tokens = 0;               // of all samples
  std::map<int, int> features;  // how many of the samples have it, at least 1
};

using StylesByPrompt = std::map<std::size_t, StyledAnswers>;

struct StyleWorld {
  std::vector<Model> models;
  std::vector<StylesByPrompt> answers;  // by model
  std::size_t features = 0;
  std::vector<LongMatrix> sets;
  LongMatrix last;
};

std::vector<long double> GroupWeights(const std::vector<Model>& models);

LongVector ExpectedAtPrompt(const StyleWorld& world, std::size_t prompt);

// The half-octave of the mean number of tokens: 0 from 1 on, 1 from the root of 2 on, ... 22 from 2^11 on.
int LengthBin(const StyledAnswers& answers);

// By half-octave.
std::vector<LongVector> ExpectedAtLengths(const StyleWorld& world, const std::set<std::size_t>& prompts);

enum class MatchedBy { kPrompt, kLength };

// Everything that is known of a panel: what is expected, and the mean of its projected models.
struct StyleExpectations {
  MatchedBy matched_by = MatchedBy::kPrompt;
  std::set<std::size_t> prompts;
  std::map<std::size_t, LongVector> at_prompt;
  std::vector<LongVector> at_length;
  LongVector mean;
};

// Sets the mean, from what is expected.
void SetMean(const StyleWorld& world, StyleExpectations& expectations);

StyleExpectations Expect(const StyleWorld& world, const std::set<std::size_t>& prompts, MatchedBy matched_by);

// Of the answers to `prompts` alone.
LongVector ProjectAnswers(const StyleWorld& world, const StyleExpectations& expectations, const StylesByPrompt& answers,
                          const std::set<std::size_t>& prompts);

LongVector PointOf(const StyleWorld& world, const StyleExpectations& expectations, const StylesByPrompt& answers,
                   const std::set<std::size_t>& prompts);

std::set<std::size_t> PromptsOf(const StylesByPrompt& answers);

}  // namespace stemma::oracle

#endif  // STEMMA_TESTS_ORACLE_PANEL_STYLE_H_
