// What an audit may show of the candidate's own texts: read from its response files a second time, once the scores have
// said which prompts are worth showing. Signatures hold no text, and none is kept beyond what is returned.
//
// Errors: those of reading (ResponseSet); kFailedPrecondition where a file is another one than at the first reading.
// Determinism: as of ResponseSet: of several samples the one with the smallest number is shown.
// Complexity: one pass; memory as of ResponseSet, and what is returned.
#ifndef STEMMA_CASE_FILE_H_
#define STEMMA_CASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/hash.h"
#include "stemma/makers.h"
#include "stemma/response_set.h"
#include "stemma/self_identification_counts.h"

namespace stemma {

struct Excerpt {
  Hash128 prompt_key;
  std::uint32_t sample = 0;
  std::string prompt = {};  // empty where the file tells its identifier only
  std::string answer = {};  // without reasoning
  bool prompt_is_cut = false;
  bool answer_is_cut = false;

  friend bool operator==(const Excerpt&, const Excerpt&) = default;
};

struct CaseFileOptions {
  ReadOptions read;                       // those of the first reading
  std::vector<Hash128> prompts;           // that excerpts are wanted of
  std::size_t excerpt_code_points = 160;  // of a prompt and of an answer, at most; cut between characters
};

enum class TextAccess : std::uint8_t {
  kRead,         // all files, or all but those in `CaseFile::not_read`
  kNoText,       // the candidate came as a signature
  kNotReadable,  // its texts came from standard input or a pipe, which can be read once
};

struct CaseFile {
  TextAccess access = TextAccess::kNoText;  // else than kRead: all below is empty
  std::vector<std::string> not_read;        // inputs that can be read only once
  std::vector<Excerpt> excerpts;            // in the order asked for; without prompts that no text answers
  SelfIdentificationCounts self_identification;
};

// "read", "no text", "not readable twice".
std::string_view ToString(TextAccess access);

// `first`: what the first reading said of its inputs; it does not hold signature files, and is empty where all were.
// `model`: the candidate, as it is called there; answers of others in the same files are passed over.
absl::StatusOr<CaseFile> ReadCaseFile(const ResponseSet& first, std::string_view model, std::vector<Maker> makers,
                                      const CaseFileOptions& options);

}  // namespace stemma

#endif  // STEMMA_CASE_FILE_H_
