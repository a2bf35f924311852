// Small random worlds of models, once for the oracle and once as signatures.
#ifndef STEMMA_TESTS_PANEL_MADE_WORLD_H_
#define STEMMA_TESTS_PANEL_MADE_WORLD_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "lib/base/random.h"
#include "stemma/signature.h"
#include "tests/oracle/cosines.h"
#include "tests/signature/made_vocabulary.h"

namespace stemma {

struct WorldOptions {
  std::size_t groups = 6;
  std::size_t models = 10;  // model m is of group m mod `groups`
  std::size_t prompts = 30;
  std::size_t pool = 60;  // n-grams in use at a prompt
  std::size_t degenerate = 0;  // so many of the last models
  double missing = 0.1;   // of the answers
  double several = 0.2;   // of the answers have two or three samples
  double copies = 0;      // of the answers are marked as copies of one text a prompt
};

inline std::string NameOfModel(std::size_t model) {
  char name[32];
  std::snprintf(name, sizeof(name), "m%03zu", model);  // sorted as numbered
  return name;
}

inline oracle::World RandomWorld(std::uint64_t seed, const WorldOptions& options = {}) {
  base::Random random(seed);
  oracle::World world;
  world.answers.resize(options.models);
  for (std::size_t m = 0; m < options.models; ++m) {
    world.models.push_back({"group" + std::to_string(m % options.groups), m + options.degenerate >= options.models});
  }
  for (std::size_t p = 0; p < options.prompts; ++p) {
    std::vector<std::uint32_t> pool;
    std::vector<double> shares;
    for (std::size_t k = 0; k < options.pool; ++k) {
      pool.push_back(static_cast<std::uint32_t>(random.Below(1U << kGramBits)));
      shares.push_back(random.Uniform() * random.Uniform());
    }
    for (std::size_t m = 0; m < options.models; ++m) {
      if (random.Uniform() < options.missing) continue;
      oracle::Answers& answers = world.answers[m][p];
      if (random.Uniform() < options.several) answers.samples = 2 + static_cast<int>(random.Below(2));
      for (std::size_t k = 0; k < pool.size(); ++k) {
        // A habit of some groups: what the scores look for.
        const bool habit = k % options.groups == m % options.groups;
        if (random.Uniform() >= (habit ? 0.5 : shares[k])) continue;
        answers.grams[pool[k]] = 1 + static_cast<int>(random.Below(static_cast<std::uint64_t>(answers.samples)));
      }
      answers.grams[pool[0]] = answers.samples;  // as every answer, it is not empty
      if (random.Uniform() < options.copies) answers.texts = {1 + static_cast<std::uint32_t>(p)};
    }
  }
  return world;
}

inline Hash128 KeyOfPrompt(std::size_t prompt) { return {Mix64(prompt + 1), Mix64(prompt + (1U << 20))}; }

// One of a prompt's answers: its n-grams, a hash of them, and the text that it copies, if any.
inline AnswerFeatures NgramFeaturesOf(std::size_t prompt, const oracle::Answers& answers, int sample) {
  AnswerFeatures features;
  features.prompt = KeyOfPrompt(prompt);
  features.digest.sample = static_cast<std::uint32_t>(sample);
  features.digest.text_hash = prompt;
  for (const auto& [gram, count] : answers.grams) {
    features.digest.text_hash = Mix64(features.digest.text_hash + gram);
    if (sample < count) features.grams.push_back(gram);
  }
  if (sample == 0 && !answers.texts.empty()) features.digest.token_hash = *answers.texts.begin();
  return features;
}

inline Signature SignatureOf(const oracle::AnswersByPrompt& answers_by_prompt, ModelMetadata metadata,
                             const Vocabulary& vocabulary = MadeVocabulary()) {
  SignatureBuilder builder(vocabulary);
  for (const auto& [prompt, answers] : answers_by_prompt) {
    for (int sample = 0; sample < answers.samples; ++sample) {
      AnswerFeatures features = NgramFeaturesOf(prompt, answers, sample);
      features.tokens = features.grams.size();
      features.code_points = 5 * features.tokens;
      if (!builder.Add(std::move(features)).ok()) std::abort();
    }
  }
  return builder.Build(std::move(metadata)).value();
}

inline ModelMetadata MetadataOfModel(const oracle::World& world, std::size_t model) {
  ModelMetadata metadata;
  metadata.model = NameOfModel(model);
  metadata.group = world.models[model].group;
  metadata.organisation = "maker of " + world.models[model].group;
  metadata.degenerate = world.models[model].degenerate;
  return metadata;
}

inline std::vector<Signature> SignaturesOf(const oracle::World& world) {
  std::vector<Signature> signatures;
  for (std::size_t m = 0; m < world.models.size(); ++m) {
    signatures.push_back(SignatureOf(world.answers[m], MetadataOfModel(world, m)));
  }
  return signatures;
}

// How far a cosine may be off where squared weights are rounded to 1/4095 of the largest: a squared weight is then off
// by e = ln(G + 1)^2 / 4095 / 2 at most, and the cosine farthest where the product is off upwards and the norms
// downwards (the other way it moves less). Its own rounding adds 2^-30.
inline double CosineBound(const oracle::World& world, const oracle::Cosine& cosine) {
  const double most = std::log(static_cast<double>(oracle::CountedGroups(world)) + 1);
  const double e = most * most / 4095 / 2;
  const double norms = (cosine.squared_norm_a - e * cosine.plain_a) * (cosine.squared_norm_b - e * cosine.plain_b);
  return (cosine.inner + e * cosine.plain_inner) / std::sqrt(norms) - cosine.value + 0x1p-30;
}

}  // namespace stemma

#endif  // STEMMA_TESTS_PANEL_MADE_WORLD_H_
