// Finds answers that claim to be by somebody: "I am ChatGPT", "as an AI developed by OpenAI, I ...".
//
// What a model says that it is tells little of what it is: many repeat what the texts they learned from say, whoever
// made them. So claims enter no score; they are counted, and shown beside how often public models make the same ones.
//
// A claim stands in one sentence, is made in the first person, and names somebody. The patterns are few, and meant to
// miss claims rather than to see some where there are none:
//  - I am / I'm / my name is / call me NAME;
//  - I am / I'm / as PHRASE created (developed, trained, ...) by NAME, based on, powered by, called or from NAME,
//    where the phrase ends in a word for a model: "an AI assistant", "a large language model";
//  - I was / I have been created by NAME;
//  - as NAME, I; I am / as NAME's (or "a NAME") assistant, chatbot, ...
// Not counted: what is denied ("I am not NAME") or compared ("as capable as NAME"); what is quoted, in double quotes,
// code or lines that begin with ">"; what is told of others ("she said: I am NAME") or supposed ("if I am NAME"); and
// claims that the prompt or the system prompt makes too, of its reader or its writer: the answer echoes or obeys them.
// Known limits: English alone; who bears such a name in a story without quotation marks is taken for the model.
//
// Determinism: depends on the texts and the table of makers alone.
// Complexity: linear in the answer.
#ifndef STEMMA_SELF_IDENTIFICATION_H_
#define STEMMA_SELF_IDENTIFICATION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/makers.h"

namespace stemma {

// Counts up whenever any answer could be judged differently: counts of two versions cannot be compared.
inline constexpr std::uint32_t kSelfIdentificationVersion = 1;

// Keeps its memory between answers; one a thread.
class SelfIdentificationFinder {
 public:
  explicit SelfIdentificationFinder(std::vector<Maker> makers);
  ~SelfIdentificationFinder();
  SelfIdentificationFinder(SelfIdentificationFinder&&) noexcept;
  SelfIdentificationFinder& operator=(SelfIdentificationFinder&&) noexcept;

  // Names of the makers by whom the answer claims to be, sorted; mostly none. `prompt` and `system` may be empty: then
  // nobody knows what the answer was told. The views live as long as this object.
  std::vector<std::string_view> Find(std::string_view answer, std::string_view prompt = {},
                                     std::string_view system = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stemma

#endif  // STEMMA_SELF_IDENTIFICATION_H_
