// Responses in memory as the JSON Lines that the library reads, so that they are taken like those of a file: the same
// rules for samples, copies, reasoning and empty answers, and the same signature.
#ifndef STEMMA_C_RESPONSE_LINES_H_
#define STEMMA_C_RESPONSE_LINES_H_

#include <span>

#include "absl/status/statusor.h"
#include "c/memory_file.h"
#include "stemma/c.h"

namespace stemma::c {

// One line a response. Errors: kInvalidArgument for text that is missing or not UTF-8, or a sample below -1.
absl::StatusOr<MemoryFile> WriteLines(std::span<const stemma_response> responses, const char* name);

}  // namespace stemma::c

#endif  // STEMMA_C_RESPONSE_LINES_H_
