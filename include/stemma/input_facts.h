// What an audit's candidate consisted of, and what was left out of it and why.
//
// A signature holds no record that was left out while it was made, and tells nothing of reasoning: what files of responses
// would tell is then not known, which is another thing than none.
// Determinism: the same for the same responses, whatever files, order, compression or white space they came in.
#ifndef STEMMA_INPUT_FACTS_H_
#define STEMMA_INPUT_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stemma/hash.h"
#include "stemma/panel.h"
#include "stemma/response_set.h"
#include "stemma/signature.h"

namespace stemma {

// Records that were left out for one reason.
struct ExcludedRecords {
  std::string id;  // stays the same from version to version
  std::string reason;
  std::optional<std::uint64_t> records;  // nothing where a signature cannot tell
};

struct InputFacts {
  Hash128 digest;  // of the sorted (prompt key, sample, hash of the answer)
  std::uint64_t responses = 0;
  std::uint64_t prompts = 0;
  std::uint32_t max_samples = 0;  // to one prompt
  std::uint64_t tokens = 0;
  std::uint64_t code_points = 0;
  std::uint32_t tokenizer_version = 0;
  std::optional<std::uint64_t> with_reasoning;  // responses with reasoning, which was split off
  std::vector<ExcludedRecords> excluded;        // every reason there is, also those of no record
};

// `inputs`: what the signature was made from; null, or without the signature's model, where it was read as a signature.
InputFacts FactsOf(const Panel& panel, const Signature& signature, const ResponseSet* inputs);

}  // namespace stemma

#endif  // STEMMA_INPUT_FACTS_H_
