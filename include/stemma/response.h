// One stored response of a model to a prompt, as every reader hands it on.
#ifndef STEMMA_RESPONSE_H_
#define STEMMA_RESPONSE_H_

#include <cstdint>
#include <string_view>

#include "stemma/hash.h"

namespace stemma {

// The views live as long as the visit that delivers them.
struct Response {
  std::string_view model;      // after `ReadOptions::name`, the record's own field, the file's name
  Hash128 prompt_key;          // see `PromptKey`
  std::string_view prompt;     // as stored; empty where the record has only a prompt_id
  std::uint32_t sample = 0;    // explicit, or the occurrence of the prompt for this model in this file
  std::string_view answer;     // reasoning split off, outer white space stripped; may be empty
  std::string_view reasoning;  // tagged reasoning and the record's `reasoning` field; may be empty
  std::string_view system;     // system prompt; may be empty
  std::string_view language;   // as stored; may be empty
};

// Key of a prompt by its text: NFC, white space runs become one space, ends stripped, case kept.
// Returns: a 128-bit hash, in a domain of its own beside `PromptIdKey`.
Hash128 PromptKey(std::string_view prompt);

// Key of a prompt that is known by its identifier only.
Hash128 PromptIdKey(std::string_view prompt_id);

}  // namespace stemma

#endif  // STEMMA_RESPONSE_H_
