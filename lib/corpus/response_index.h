// What is kept of each response: which (model, prompt, sample) it is, the hash of its answer, and where it stands.
//
// Collections ask one text under several identifiers, each with its own sample 0. So where a record has both, the
// identifier and the sample together name it; a number that another identifier's sample holds gives way to the next
// free one.
// Complexity: some 60 bytes a response.
#ifndef STEMMA_LIB_CORPUS_RESPONSE_INDEX_H_
#define STEMMA_LIB_CORPUS_RESPONSE_INDEX_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "stemma/response_set.h"

namespace stemma::corpus {

struct Place {
  std::uint32_t file = 0;
  std::uint32_t line = 0;  // cut off at its maximum
  std::uint64_t byte = 0;
};

class ResponseIndex {
 public:
  enum class Outcome { kNew, kDuplicate, kConflict };

  // Occurrences are counted for each file anew.
  void BeginFile() { occurrences_.clear(); }

  std::uint32_t ModelId(std::string_view name);
  const std::string& ModelName(std::uint32_t model) const { return summaries_[model].model; }

  // How often the prompt came for this model in this file before.
  std::uint32_t CountOccurrence(std::uint32_t model, const Hash128& prompt) { return occurrences_[{prompt, model}]++; }

  // `prompt_id`: beside a text, else empty. `answer_hash`: of the answer, reasoning and outer white space aside.
  // `sample` becomes the free number where its own is taken; `earlier` receives the place of a conflict.
  Outcome Add(std::uint32_t model, const Hash128& prompt, std::string_view prompt_id, std::uint64_t answer_hash,
              const Place& place, std::uint32_t& sample, Place& earlier);

  // Counters that the index does not keep by itself.
  ModelSummary& Summary(std::uint32_t model) { return summaries_[model]; }

  // Sorted by name; the index is done with afterwards.
  std::vector<ModelSummary> Finish();

  // Of an empty answer: indexed, so that it is not taken for another sample, but in no summary's `responses`.
  static std::uint64_t EmptyAnswerHash();

 private:
  struct PromptOfModel {
    Hash128 prompt;
    std::uint32_t model = 0;

    friend bool operator==(const PromptOfModel&, const PromptOfModel&) = default;
    template <typename H>
    friend H AbslHashValue(H state, const PromptOfModel& key) {
      return H::combine(std::move(state), key.prompt, key.model);
    }
  };

  struct Key {
    Hash128 prompt;
    std::uint32_t model = 0;
    std::uint32_t sample = 0;

    friend bool operator==(const Key&, const Key&) = default;
    template <typename H>
    friend H AbslHashValue(H state, const Key& key) {
      return H::combine(std::move(state), key.prompt, key.model, key.sample);
    }
  };

  struct Entry {
    std::uint64_t answer_hash = 0;
    Place place;
    std::uint32_t id_hash = 0;  // of the prompt's identifier; 0: none
    bool renumbered = false;
  };

  // A record whose sample number was taken, by what it says of itself.
  struct Renumbered {
    Key stated;
    std::uint32_t id_hash = 0;

    friend bool operator==(const Renumbered&, const Renumbered&) = default;
    template <typename H>
    friend H AbslHashValue(H state, const Renumbered& key) {
      return H::combine(std::move(state), key.stated, key.id_hash);
    }
  };

  // The number of a record that finds its own taken by another identifier.
  std::uint32_t Renumber(const Key& stated, std::uint32_t id_hash);

  std::map<std::string, std::uint32_t, std::less<>> model_ids_;
  std::vector<ModelSummary> summaries_;  // by id
  absl::flat_hash_map<PromptOfModel, std::uint32_t> occurrences_;
  absl::flat_hash_map<Key, Entry> entries_;
  absl::flat_hash_map<Renumbered, std::uint32_t> renumbered_;
  absl::flat_hash_map<PromptOfModel, std::uint32_t> next_free_;  // at or after which the first free number is
};

}  // namespace stemma::corpus

#endif  // STEMMA_LIB_CORPUS_RESPONSE_INDEX_H_
