// One prompt's sample of n-grams, and which models of a panel use each.
//
// Units: `key` is an n-gram's place in an order that is random and differs between prompts; the sample holds the keys
// below a threshold. `value` is an n-gram's squared weight in fixed point.
#ifndef STEMMA_PROMPT_INDEX_H_
#define STEMMA_PROMPT_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stemma/hash.h"
#include "stemma/signature.h"

namespace stemma {

// One model that uses an n-gram.
struct Posting {
  std::uint32_t model = 0;
  std::uint32_t samples = 1;  // of the model's answers to the prompt
};

// The postings of `keys[k]` are `postings[begin[k]]` to `postings[begin[k + 1]]`, by ascending model.
struct PostingLists {
  std::vector<std::uint32_t> keys;  // ascending
  std::vector<std::uint32_t> begin = {0};
  std::vector<Posting> postings;

  std::span<const Posting> Of(std::size_t k) const {
    return std::span(postings).subspan(begin[k], begin[k + 1] - begin[k]);
  }
};

// An n-gram's place in a prompt's order: a bijection of `kGramBits` bits.
std::uint32_t GramKey(std::uint32_t gram, const Hash128& prompt);

inline constexpr std::uint32_t kGramKeys = 1U << kGramBits;

struct PromptIndex {
  Hash128 prompt;
  std::uint32_t threshold = kGramKeys;  // keys below it are in the sample
  PostingLists lists;                   // those of one model, too: a stranger may share them
  std::vector<std::uint32_t> values;    // of each list
  std::uint32_t rare_value = 0;         // of n-grams that no model uses

  // The n-grams of responses that are in the sample, under their keys, ascending. Replaces `out`.
  void Sample(std::span<const GramCount> grams, std::vector<GramCount>& out) const;
};

}  // namespace stemma

#endif  // STEMMA_PROMPT_INDEX_H_
