// A vocabulary for tests: some English function words, filled up with words that nobody uses.
#ifndef STEMMA_TESTS_SIGNATURE_MADE_VOCABULARY_H_
#define STEMMA_TESTS_SIGNATURE_MADE_VOCABULARY_H_

#include <string>
#include <vector>

#include "lib/base/hash.h"
#include "stemma/vocabulary.h"

namespace stemma {

inline Vocabulary MadeVocabulary(const std::string& filler = "filler") {
  std::vector<std::uint64_t> words;
  for (const char* word : {"the", "a", "of", "and", "to", "in", "is", "it", "that", "for", "as", "with", "on", "are",
                           "this", "be", "you", "can", "or", "not", "but", "which", "from", "by", "at", "an"}) {
    words.push_back(base::Hash64(word));
  }
  while (words.size() < kFineMaskWords) words.push_back(base::Hash64(filler + std::to_string(words.size())));
  return Vocabulary::Create({"claude", "gemini", "open ai", "gpt"}, words).value();
}

}  // namespace stemma

#endif  // STEMMA_TESTS_SIGNATURE_MADE_VOCABULARY_H_
