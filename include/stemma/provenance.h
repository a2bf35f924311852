// How, where and when a report was made: what may differ between two reports that say the same.
//
// Whoever runs an audit fills it in; the library knows neither clock nor machine. No comparison looks at it.
#ifndef STEMMA_PROVENANCE_H_
#define STEMMA_PROVENANCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stemma/hash.h"
#include "stemma/response_set.h"

namespace stemma {

// A file that was read.
struct FileProvenance {
  std::string path;         // as given
  std::string format;       // "JSON Lines", "AlpacaEval", "chat", "mixed", "signature", "embedding signature", "panel",
                            // "embedding panel"
  std::string compression;  // "none", "gzip", "zstd"
  std::uint64_t bytes = 0;  // as stored
  Hash128 digest;           // of these
  std::uint64_t records = 0;
  std::uint64_t bad_records = 0;
};

struct Provenance {
  std::string version;
  std::string commit;  // "unknown" where the sources were in no repository
  std::string compiler;
  std::string build_type;
  std::vector<std::string> command;
  std::string system;
  std::string architecture;
  int threads = 0;   // as asked for; 0: as many as the machine has
  std::string time;  // UTC, "2025-11-25T02:41:48Z"
  FileProvenance panel;
  std::optional<FileProvenance> embedding_panel;  // where embeddings were measured
  std::vector<FileProvenance> inputs;
  std::vector<BadRecord> bad_records;  // the first of those that were left out
};

}  // namespace stemma

#endif  // STEMMA_PROVENANCE_H_
