// A panel with documented descent whose scores of strangers are planted: normal, with a known likelihood ratio.
#ifndef STEMMA_TESTS_AUDIT_MADE_CALIBRATED_H_
#define STEMMA_TESTS_AUDIT_MADE_CALIBRATED_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "lib/base/random.h"
#include "stemma/panel.h"
#include "tests/panel/made_world.h"

namespace stemma {

struct CalibratedOptions {
  std::size_t references = 4;   // each a group and a family of its own
  std::size_t groups = 36;      // of candidates
  std::size_t members = 2;      // models of a group
  double separation = 3;        // mean score of derived pairs; unrelated ones have 0, both with deviation 1
  std::size_t prompts = 12;
};

// Group g of candidates is documented to derive from reference g mod (references + 2), if there is one of that number; the
// others are innocent. The models are named so that references come first.
inline Panel MadeCalibratedPanel(std::uint64_t seed, const CalibratedOptions& options = {}) {
  const std::size_t models = options.references + options.groups * options.members;
  const oracle::World world = RandomWorld(
      seed, {.groups = models, .models = models, .prompts = options.prompts, .pool = 30, .missing = 0, .several = 0});
  std::vector<Signature> signatures;
  std::vector<std::size_t> source(models, models);
  for (std::size_t m = 0; m < models; ++m) {
    ModelMetadata metadata = MetadataOfModel(world, m);
    metadata.reference = m < options.references;
    if (m >= options.references) {
      const std::size_t group = (m - options.references) / options.members;
      metadata.group = metadata.organisation = "lab" + std::to_string(group);
      source[m] = group % (options.references + 2);
      if (source[m] < options.references) {
        for (const char* relation : {"finetuned_from", "distilled_from"}) {
          metadata.lineage.push_back({relation, NameOfModel(source[m]), NameOfModel(source[m]), "high", "[seen]"});
        }
      }
    }
    metadata.family = "family of " + metadata.model;
    signatures.push_back(SignatureOf(world.answers[m], std::move(metadata)));
  }
  const Panel panel = Panel::Build(signatures, MadeVocabulary()).value();
  base::Random random(seed, 1);
  const auto normal = [&] {
    return std::sqrt(-2 * std::log(1 - random.Uniform())) * std::cos(2 * std::numbers::pi * random.Uniform());
  };
  StrangerScores scores;
  for (std::size_t c = 0; c < models; ++c) {
    for (std::size_t r = 0; r < models; ++r) {
      const double score = normal() + (source[c] == r ? options.separation : 0);
      scores.weights.push_back(c == r ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(score));
    }
  }
  scores.distillation = scores.ranking = scores.weights;
  return panel.WithStrangers(scores).value();
}

}  // namespace stemma

#endif  // STEMMA_TESTS_AUDIT_MADE_CALIBRATED_H_
