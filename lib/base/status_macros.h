// Early return on error for functions that return absl::Status or absl::StatusOr.
#ifndef STEMMA_LIB_BASE_STATUS_MACROS_H_
#define STEMMA_LIB_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// A name of its own for each use: one may stand in a lambda inside another's expression.
#define STEMMA_RETURN_IF_ERROR(expression) \
  STEMMA_RETURN_IF_ERROR_INNER(STEMMA_CONCAT(stemma_status_, __COUNTER__), expression)

#define STEMMA_RETURN_IF_ERROR_INNER(holder, expression) \
  do {                                                   \
    absl::Status holder = (expression);                  \
    if (!holder.ok()) return holder;                     \
  } while (false)

#define STEMMA_CONCAT_INNER(a, b) a##b
#define STEMMA_CONCAT(a, b) STEMMA_CONCAT_INNER(a, b)

#define STEMMA_ASSIGN_OR_RETURN(declaration, expression) \
  STEMMA_ASSIGN_OR_RETURN_INNER(STEMMA_CONCAT(stemma_or_, __COUNTER__), declaration, expression)

#define STEMMA_ASSIGN_OR_RETURN_INNER(holder, declaration, expression) \
  auto holder = (expression);                                          \
  if (!holder.ok()) return std::move(holder).status();                 \
  declaration = *std::move(holder)

#endif  // STEMMA_LIB_BASE_STATUS_MACROS_H_
