// One JSON object to the fields of a response, whichever of the known kinds it is.
//
// Shape: `messages` makes it a chat, else `response` the plain kind, else `instruction` and `output` AlpacaEval's.
// In a chat the last message of the assistant is the response; what comes before it is the prompt: one message of the
// user gives exactly its text, several become "ROLE: TEXT" with blank lines between; system and developer messages go
// to `system`. A chat whose last message is not the assistant's may bring the answer in `response`.
// Errors: none; a malformed record is a `RecordProblem`.
// Complexity: linear; memory of the longest record.
#ifndef STEMMA_LIB_CORPUS_RECORD_PARSER_H_
#define STEMMA_LIB_CORPUS_RECORD_PARSER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "stemma/response_set.h"

namespace stemma::corpus {

// Views live until the next call of `Parse`. Empty: absent, null or empty.
struct ParsedRecord : ResponseRecord {
  InputFormat format = InputFormat::kJsonLines;
};

struct RecordProblem {
  std::size_t at = 0;  // offset in the record; 0 where the record as a whole is to blame
  std::string reason;
};

class RecordParser {
 public:
  RecordParser();
  ~RecordParser();

  // Precondition: `kRecordPadding` readable bytes follow `text`.
  std::optional<RecordProblem> Parse(std::string_view text, ParsedRecord& record);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stemma::corpus

#endif  // STEMMA_LIB_CORPUS_RECORD_PARSER_H_
