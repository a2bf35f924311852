// Small random worlds of models with habits of style, once for the oracle and once as signatures.
#ifndef STEMMA_TESTS_PANEL_MADE_STYLE_H_
#define STEMMA_TESTS_PANEL_MADE_STYLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/byte_io.h"
#include "lib/base/random.h"
#include "stemma/signature.h"
#include "tests/oracle/panel_style.h"
#include "tests/panel/made_world.h"
#include "tests/text/made_style_space.h"

namespace stemma {

// Words and openings of made styles, and a space for them.
inline constexpr std::size_t kMadeStyleWords = 9;
inline constexpr std::size_t kMadeStyleOpenings = 7;
inline constexpr std::size_t kMadeStyleFeatures = kMadeStyleWords + kMadeStyleOpenings;

inline MadeStyleSpace MadeSpaceOfStyles() {
  return RandomStyleSpace(77, {kMadeStyleWords, kMadeStyleOpenings}, {5, 4}, 6);
}

inline Vocabulary MadeStyleVocabulary() {
  return MadeVocabulary("filler", NumberedStyleFeatures(kMadeStyleWords, kMadeStyleOpenings))
      .WithStyleSpace(MadeSpaceOfStyles().space())
      .value();
}

// The same digest, but no space: signatures fit both.
inline Vocabulary MadeVocabularyWithoutSpace() {
  return MadeVocabulary("filler", NumberedStyleFeatures(kMadeStyleWords, kMadeStyleOpenings));
}

// Styles for the answers of a world: each group and each model has habits, some prompts ask for a feature, long answers
// have more; so many of the answers as `empty` says have no token. Lengths have nothing to do with n-grams.
inline oracle::StylesByPrompt RandomStyles(base::Random& random, std::size_t group, std::uint64_t model,
                                           const oracle::AnswersByPrompt& answers_by_prompt, double empty = 0) {
  oracle::StylesByPrompt styles;
  for (const auto& [prompt, answers] : answers_by_prompt) {
    oracle::StyledAnswers& style = styles[prompt];
    style.samples = answers.samples;
    if (random.Uniform() < empty) continue;
    style.tokens = answers.samples + static_cast<int>(random.Below(8) == 0 ? random.Below(6000) : random.Below(200));
    for (std::size_t f = 0; f < kMadeStyleFeatures; ++f) {
      const double of_group = static_cast<double>(Mix64(group * 1000 + f) >> 11) * 0x1p-53;
      const double of_model = static_cast<double>(Mix64(model * 1000 + f + 500) >> 11) * 0x1p-53;
      const double of_prompt = static_cast<double>(Mix64(prompt * 1000 + f + 900) >> 11) * 0x1p-53;
      const double rate = (2 * of_group + of_model + of_prompt + (style.tokens > 100 ? 0.5 : 0)) / 5;
      int samples = 0;
      for (int s = 0; s < style.samples; ++s) samples += random.Uniform() < rate;
      if (samples > 0) style.features[static_cast<int>(f)] = samples;
    }
  }
  return styles;
}

struct StyledWorld {
  oracle::World ngrams;
  oracle::StyleWorld styles;
};

inline StyledWorld RandomStyledWorld(std::uint64_t seed, const WorldOptions& options = {}, double empty = 0) {
  StyledWorld world;
  world.ngrams = RandomWorld(seed, options);
  world.styles.models = world.ngrams.models;
  world.styles.features = kMadeStyleFeatures;
  const MadeStyleSpace space = MadeSpaceOfStyles();
  world.styles.sets = space.oracle_sets;
  world.styles.last = space.oracle_last;
  base::Random random(seed, 1);
  for (std::size_t m = 0; m < options.models; ++m) {
    world.styles.answers.push_back(
        RandomStyles(random, m % options.groups, seed * 100 + m, world.ngrams.answers[m], empty));
  }
  return world;
}

// `styles` are of the same prompts and samples as `answers_by_prompt`.
inline Signature StyledSignatureOf(const oracle::AnswersByPrompt& answers_by_prompt,
                                   const oracle::StylesByPrompt& styles, ModelMetadata metadata,
                                   const Vocabulary& vocabulary = MadeStyleVocabulary()) {
  SignatureBuilder builder(vocabulary);
  for (const auto& [prompt, answers] : answers_by_prompt) {
    const oracle::StyledAnswers& style = styles.at(prompt);
    for (int sample = 0; sample < answers.samples; ++sample) {
      AnswerFeatures features = NgramFeaturesOf(prompt, answers, sample);
      for (const auto& [feature, count] : style.features) {
        features.digest.text_hash = Mix64(features.digest.text_hash + static_cast<std::uint64_t>(feature));
        if (sample < count) features.style.push_back(static_cast<std::uint16_t>(feature));
      }
      if (sample == 0) features.tokens = static_cast<std::uint64_t>(style.tokens);
      if (!builder.Add(std::move(features)).ok()) std::abort();
    }
  }
  return builder.Build(std::move(metadata)).value();
}

inline std::vector<Signature> SignaturesOf(const StyledWorld& world) {
  std::vector<Signature> signatures;
  for (std::size_t m = 0; m < world.ngrams.models.size(); ++m) {
    signatures.push_back(
        StyledSignatureOf(world.ngrams.answers[m], world.styles.answers[m], MetadataOfModel(world.ngrams, m)));
  }
  return signatures;
}

// Square roots of expected shares as a panel's bytes of style hold them, at their end.
struct HeldRoots {
  std::string by_prompt;                 // by place among the sorted prompts, feature: in steps of 1/255
  std::vector<std::uint16_t> by_length;  // by half-octave, feature: in steps of 1/65535
};

inline HeldRoots RootsOf(const std::string& bytes, std::size_t prompts, std::size_t features = kMadeStyleFeatures) {
  constexpr std::size_t kBins = 23;
  HeldRoots roots;
  roots.by_prompt = bytes.substr(bytes.size() - prompts * features);
  const std::size_t by_length_size = 2 * kBins * features;
  const std::string packed = bytes.substr(bytes.size() - prompts * features - by_length_size, by_length_size);
  base::ByteReader reader(packed);
  roots.by_length.resize(kBins * features);
  for (std::uint16_t& root : roots.by_length) reader.ReadU16(root);
  return roots;
}

// Where a numbered prompt stands among those of `numbers`, sorted by their keys.
inline std::size_t PlaceOfPrompt(const std::set<std::size_t>& numbers, std::size_t number) {
  return static_cast<std::size_t>(
      std::ranges::count_if(numbers, [&](std::size_t other) { return KeyOfPrompt(other) < KeyOfPrompt(number); }));
}

// What the oracle makes of the rounded roots that the bytes hold. Rounding is taken over and not done again: shares such
// as 1/4 fall between two steps, where the last bit of a sum decides.
inline oracle::StyleExpectations ExpectAsHeld(const oracle::StyleWorld& world, const std::set<std::size_t>& numbers,
                                              oracle::MatchedBy matched_by, const std::string& bytes) {
  const HeldRoots roots = RootsOf(bytes, numbers.size(), world.features);
  oracle::StyleExpectations expectations = oracle::Expect(world, numbers, matched_by);
  const auto square = [](auto root, long double steps) { return root / steps * (root / steps); };
  for (auto& [number, expected] : expectations.at_prompt) {
    for (std::size_t f = 0; f < world.features; ++f) {
      const char root = roots.by_prompt[PlaceOfPrompt(numbers, number) * world.features + f];
      expected[f] = square(static_cast<unsigned char>(root), 255);
    }
  }
  for (std::size_t bin = 0; bin < expectations.at_length.size(); ++bin) {
    for (std::size_t f = 0; f < world.features; ++f) {
      expectations.at_length[bin][f] = square(roots.by_length[bin * world.features + f], 65535);
    }
  }
  oracle::SetMean(world, expectations);
  return expectations;
}

}  // namespace stemma

#endif  // STEMMA_TESTS_PANEL_MADE_STYLE_H_
