// What a record in memory must be, and the digest of all of them.
#ifndef STEMMA_LIB_CORPUS_RECORD_CHECK_H_
#define STEMMA_LIB_CORPUS_RECORD_CHECK_H_

#include <cstdint>
#include <string>

#include "lib/base/hash.h"
#include "stemma/response_set.h"

namespace stemma::corpus {

// Empty where nothing is wrong: texts are UTF-8, and there is a prompt or its identifier.
std::string FindRecordProblem(const ResponseRecord& record);

// Of the fields and where each begins, in the order of the records.
class RecordDigest {
 public:
  // Returns: the bytes of the record's text.
  std::uint64_t Add(const ResponseRecord& record);
  Hash128 Finish() { return hasher_.Finish(); }

 private:
  // A domain of its own: spells "record" in ASCII.
  base::Hasher128 hasher_{0x7265636f7264ULL};
};

}  // namespace stemma::corpus

#endif  // STEMMA_LIB_CORPUS_RECORD_CHECK_H_
