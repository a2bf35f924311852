// The rules of the verdict, applied to inputs that are stated as JSON: for those who recompute a verdict by hand, or ask
// what it would be if a figure were another one.
//
// Shape of the input: one object, or an array of objects. Keys are the members of VerdictInputs, with `class` for
// evidence_class ("weights" or "distillation"); `alternatives` holds objects {kind, model, llr_log10}. An `id` is handed
// through. What is left out, or null, was not estimated, or is the default.
// Returns: an array of {id, class, verdict, rule, reasons: [{rule, id, text}]}, indented, with a line end behind it.
// Errors: kInvalidArgument for malformed JSON, an unknown key (a misspelt one would be taken for "not estimated"), a value
// of the wrong kind, and alpha outside (0, 1); the message names the case by its number and id.
#ifndef STEMMA_VERDICT_JSON_H_
#define STEMMA_VERDICT_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace stemma {

absl::StatusOr<std::string> JudgeJson(std::string_view inputs);

}  // namespace stemma

#endif  // STEMMA_VERDICT_JSON_H_
