// Stored responses, read in one pass from the files that people already have, or from records in memory.
//
// Shape: JSON Lines {model, prompt or prompt_id, response; sample, reasoning, system, language}, AlpacaEval
// {instruction, output, generator}, or chat {messages: [{role, content}]}; one object a line, or one array of objects;
// plain, gzip or Zstandard. All of it is recognised by content, record by record. A file may hold several models and a
// model may be spread over several files.
// Units: a byte offset counts bytes of the decompressed text from 0, a line or record from 1.
// Errors: `FILE:LINE: byte OFFSET: reason`; in memory `record NUMBER of NAME: reason`. kInvalidArgument (malformed record, conflicting duplicate, empty file, no
// usable response), kNotFound / kPermissionDenied (file), kDataLoss (compressed data cut off or corrupt),
// kResourceExhausted (a record over the limit), kCancelled (progress said stop), and whatever the visitor returns.
// Determinism: summaries do not depend on the order of files or records. Sample numbers do where records state none
// (the occurrences of the prompt in the file are counted), or where one prompt's text stands under several identifiers
// that use the same number (the later ones get the next free numbers).
// Complexity: linear; memory grows by some 60 bytes a response and by the longest record, not with the text.
#ifndef STEMMA_RESPONSE_SET_H_
#define STEMMA_RESPONSE_SET_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/hash.h"
#include "stemma/progress.h"
#include "stemma/response.h"

namespace stemma {

struct ReadOptions {
  bool skip_bad = false;      // go on after a malformed record, counting it
  std::string name = {};      // the model of every record, over what the records and files say; empty: as they say
  bool name_by_file = false;  // the model of every record is its file's name, over what the records say
  std::size_t max_record_bytes = std::size_t{64} << 20;  // of a file
  Progress progress = {};  // stage "reading", in stored bytes
};

// A record in memory: the fields of a plain one. Empty: absent. The views must live until the next record is asked for.
struct ResponseRecord {
  std::string_view model;
  std::string_view prompt;
  std::string_view prompt_id;
  std::string_view response;
  std::string_view reasoning;
  std::string_view system;
  std::string_view language;
  std::optional<std::uint32_t> sample;
};

// Puts the next record, each time into a fresh one; false behind the last. An error ends the reading.
using RecordSource = std::function<absl::StatusOr<bool>(ResponseRecord&)>;

enum class InputFormat : std::uint8_t { kJsonLines, kAlpacaEval, kChat, kMixed, kMemory };
enum class InputCompression : std::uint8_t { kNone, kGzip, kZstd };

// "JSON Lines", "AlpacaEval", "chat", "mixed", "memory".
std::string_view ToString(InputFormat format);
// "none", "gzip", "zstd".
std::string_view ToString(InputCompression compression);

// A malformed record that was left out.
struct BadRecord {
  std::string file;
  std::uint64_t line = 0;  // or the record's number, in memory
  std::uint64_t byte = 0;
  std::string reason;
};

struct InputFile {
  std::string path;  // as given; of records in memory their name
  InputFormat format = InputFormat::kJsonLines;
  InputCompression compression = InputCompression::kNone;
  std::uint64_t bytes = 0;  // as stored; of records in memory the text's
  std::uint64_t decompressed_bytes = 0;
  Hash128 digest;                 // of the bytes as stored, or of the fields of all records
  std::uint64_t records = 0;      // well-formed ones
  std::uint64_t bad_records = 0;  // left out
};

struct ModelSummary {
  std::string model;
  std::uint64_t responses = 0;           // usable: those that were visited
  std::uint64_t empty_answers = 0;       // nothing but white space or reasoning, or null: not visited
  std::uint64_t duplicates_dropped = 0;  // a (prompt, sample) that came again with the same answer
  std::uint64_t with_reasoning = 0;      // of the visited and the empty ones
  std::uint64_t prompts = 0;             // with a usable response
  std::uint32_t max_samples = 0;         // usable responses to one prompt, at most
  Hash128 digest;                        // of the sorted (prompt key, answer hash) that were visited

  friend bool operator==(const ModelSummary&, const ModelSummary&) = default;
};

// What was read. The responses themselves were handed to the visitor and are not kept.
class ResponseSet {
 public:
  using Visitor = std::function<absl::Status(const Response&)>;

  // Details of malformed records that are kept; all are counted.
  static constexpr std::size_t kMaxBadRecords = 100;

  // Reads `paths` one after another, "-" being standard input, and calls `visit` for each usable response as it comes:
  // at an error, some have been visited already.
  static absl::StatusOr<ResponseSet> Read(std::span<const std::string> paths, const ReadOptions& options,
                                          const Visitor& visit);

  // The same of records that are in memory, in UTF-8, with the same rules for samples, copies, reasoning and empty answers:
  // the same records give the same summary and signature, wherever they stand. `name` stands for them in messages; it names
  // no model.
  static absl::StatusOr<ResponseSet> ReadRecords(std::string_view name, const RecordSource& next, const ReadOptions& options,
                                                 const Visitor& visit);

  std::span<const InputFile> inputs() const { return inputs_; }
  // Sorted by name.
  std::span<const ModelSummary> models() const { return models_; }
  const ModelSummary* FindModel(std::string_view name) const;
  // The first `kMaxBadRecords` of them.
  std::span<const BadRecord> bad_records() const { return bad_records_; }
  std::uint64_t bad_record_count() const;
  // Usable ones, over all models.
  std::uint64_t responses() const;

 private:
  friend class ResponseSetReader;

  std::vector<InputFile> inputs_;
  std::vector<ModelSummary> models_;
  std::vector<BadRecord> bad_records_;
};

}  // namespace stemma

#endif  // STEMMA_RESPONSE_SET_H_
