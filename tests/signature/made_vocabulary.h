// A vocabulary for tests: some English function words, filled up with words that nobody uses.
#ifndef STEMMA_TESTS_SIGNATURE_MADE_VOCABULARY_H_
#define STEMMA_TESTS_SIGNATURE_MADE_VOCABULARY_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/hash.h"
#include "stemma/ngram.h"
#include "stemma/vocabulary.h"

namespace stemma {

inline Vocabulary MadeVocabulary(const std::string& filler = "filler", StyleFeatures style = {}) {
  std::vector<std::uint64_t> words;
  for (const char* word : {"the", "a", "of", "and", "to", "in", "is", "it", "that", "for", "as", "with", "on", "are",
                           "this", "be", "you", "can", "or", "not", "but", "which", "from", "by", "at", "an"}) {
    words.push_back(base::Hash64(word));
  }
  while (words.size() < kFineMaskWords) words.push_back(base::Hash64(filler + std::to_string(words.size())));
  return Vocabulary::Create({"claude", "gemini", "open ai", "gpt"}, words, std::move(style)).value();
}

inline std::uint64_t OpeningHash(bool of_line, const std::vector<std::string>& tokens) {
  std::uint64_t hash = base::Hash64(of_line ? "<LINE OPENING>" : "<OPENING>");
  for (const std::string& token : tokens) hash = ExtendNgram(hash, base::Hash64(token));
  return hash;
}

// Seven words and five openings.
inline StyleFeatures MadeStyleFeatures() {
  std::vector<std::uint64_t> words;
  for (const char* word : {"the", "and", "is", ".", "<N>", "<L->", "their"}) words.push_back(base::Hash64(word));
  return StyleFeatures(std::move(words), {OpeningHash(true, {"the"}), OpeningHash(true, {"<L->"}), OpeningHash(true, {"yes"}),
                                          OpeningHash(true, {"kingfishers", "dive"}), OpeningHash(false, {"it", "is"})});
}

// Numbered features for signatures that are made without a text.
inline StyleFeatures NumberedStyleFeatures(std::size_t words, std::size_t openings) {
  std::vector<std::uint64_t> hashes[2];
  for (std::size_t k = 0; k < words; ++k) hashes[0].push_back(k + 1);
  for (std::size_t k = 0; k < openings; ++k) hashes[1].push_back(k + 1);
  return StyleFeatures(std::move(hashes[0]), std::move(hashes[1]));
}

}  // namespace stemma

#endif  // STEMMA_TESTS_SIGNATURE_MADE_VOCABULARY_H_
