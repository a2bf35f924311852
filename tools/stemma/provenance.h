// Where a report comes from: the program, its command line, the machine and the clock, which the library does not know.
#ifndef STEMMA_TOOLS_PROVENANCE_H_
#define STEMMA_TOOLS_PROVENANCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "stemma/candidate.h"
#include "stemma/provenance.h"
#include "tools/stemma/command.h"

namespace stemma::cli {

// The time is $SOURCE_DATE_EPOCH where that is set, as build tools expect.
// Errors: kInvalidArgument for one that is no number of seconds; those of reading the files again.
absl::StatusOr<Provenance> ProvenanceOf(const Globals& globals, const std::string& panel_path,
                                        const Candidate& candidate);

}  // namespace stemma::cli

#endif  // STEMMA_TOOLS_PROVENANCE_H_
