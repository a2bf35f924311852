// A loop whose iterations run on several threads.
//
// Errors: the error of the smallest index that has one. All iterations before that index have run; of those after it,
// some. An exception in `body` becomes kInternal (kResourceExhausted for std::bad_alloc) at its index.
// Determinism: the same result for any number of threads if each iteration writes only what belongs to its index.
// Complexity: an atomic increment for each index; worthwhile where an iteration takes microseconds.
#ifndef STEMMA_LIB_BASE_PARALLEL_H_
#define STEMMA_LIB_BASE_PARALLEL_H_

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace stemma::base {

// Calls `body(0)` to `body(count - 1)` on at most `threads` threads, of which the caller's is one; `threads` <= 0 takes
// as many as the machine has. With TBB, those of all loops together do not exceed its limit for the process.
absl::Status ParallelFor(std::size_t count, int threads, const std::function<absl::Status(std::size_t)>& body);

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_PARALLEL_H_
