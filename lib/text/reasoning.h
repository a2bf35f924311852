// Tells a model's tagged reasoning from its answer.
//
// Reasoning is a habit of its own and must never enter an answer's fingerprint; an answer that merely talks about tags
// must keep its text. What counts:
//  - An opening tag at the start of the text, or at the start of a line outside code: indented by at most three
//    spaces, not in a fence, not in backticks. In the middle of a text it must be closed later or stand alone on its
//    line. Never closed: everything after it is reasoning. At the end of a line that begins otherwise it counts if its
//    closing tag stands at the start or end of a line too, so that a pair within a sentence is no block.
//  - A closing tag ends the block that balances it; where the tags never balance (a template and the model both wrote
//    the opening one), the last closing tag does. In a block, fences hide a closing tag only if another one follows.
//  - A closing tag that was never opened (the chat template held the opening one): everything before it is reasoning.
//    It must stand at the start or end of a line or be glued to the text that follows, outside code and quotes.
//  - Tags that prompts also ask for (<analysis>, <scratchpad>, ...) count only as a closed block that begins the text
//    and leaves an answer after it.
//  - Where reasoning was found, a wrapper of the whole answer (<answer>, <output>, ...) is taken off.
// Tags are matched without regard to case.
//
// Complexity: linear in the text.
// Source: the models' chat templates, as the table in reasoning.cc names them.
#ifndef STEMMA_LIB_TEXT_REASONING_H_
#define STEMMA_LIB_TEXT_REASONING_H_

#include <optional>
#include <string>
#include <string_view>

namespace stemma::text {

struct ReasoningSplit {
  std::string answer;     // the parts outside reasoning; a blank line stands where a block between them was
  std::string reasoning;  // the blocks' contents, a blank line between them

  friend bool operator==(const ReasoningSplit&, const ReasoningSplit&) = default;
};

// Nothing where the text holds no tagged reasoning: the whole of it is the answer.
std::optional<ReasoningSplit> SplitReasoning(std::string_view text);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_REASONING_H_
