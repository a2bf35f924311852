// The container of every file that stemma writes: named, checksummed sections behind a table.
//
// Shape: header {magic[8], u16 major, u16 minor, u32 kind, u32 sections, u32 zero}, then a table entry a section
// {char name[8], u64 offset, u64 size, u64 XXH3}, then u64 XXH3 of all before; then the sections, each at a multiple
// of 8 bytes. Little-endian. A reader ignores sections it does not know, so that a minor version may add some.
// Errors: kInvalidArgument (not such a file, another kind), kUnimplemented (newer major version), kDataLoss (cut off,
// checksum); each names the file, the section and both values.
// Complexity: opening hashes the file once.
#ifndef STEMMA_LIB_BASE_SECTIONED_FILE_H_
#define STEMMA_LIB_BASE_SECTIONED_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace stemma::base {

inline constexpr std::uint16_t kFormatMajor = 1;
inline constexpr std::uint16_t kFormatMinor = 0;

enum class FileKind : std::uint32_t { kVocabulary = 1, kSignature = 2, kPanel = 3, kEmbedder = 4, kEmbeddings = 5 };

std::string_view NameOf(FileKind kind);

class SectionedFileWriter {
 public:
  explicit SectionedFileWriter(FileKind kind) : kind_(kind) {}

  // `name` has at most 8 ASCII characters.
  void Add(std::string_view name, std::string bytes) { sections_.emplace_back(name, std::move(bytes)); }

  std::string Finish() const;

 private:
  FileKind kind_;
  std::vector<std::pair<std::string, std::string>> sections_;
};

// Views into the bytes that were parsed.
class SectionedFile {
 public:
  // `source` names the file in messages.
  static absl::StatusOr<SectionedFile> Parse(std::string_view bytes, FileKind kind, std::string_view source);

  // True if `bytes` begin as a file of this project does, of whatever kind or version.
  static bool HasMagic(std::string_view bytes);
  // The kind that the header states; nothing where that is unknown or cut off.
  static std::optional<FileKind> KindOf(std::string_view bytes);

  absl::StatusOr<std::string_view> Section(std::string_view name) const;
  bool Has(std::string_view name) const;

  struct Entry {
    std::string name;
    std::string_view bytes;
  };
  const std::vector<Entry>& sections() const { return sections_; }
  std::pair<std::uint16_t, std::uint16_t> version() const { return version_; }
  const std::string& source() const { return source_; }

 private:
  std::string source_;
  std::pair<std::uint16_t, std::uint16_t> version_;
  std::vector<Entry> sections_;
};

// kDataLoss for a section whose checksum fits and whose content does not. `source` names the file.
absl::Status SectionContradictsItself(std::string_view source, std::string_view section);

}  // namespace stemma::base

#endif  // STEMMA_LIB_BASE_SECTIONED_FILE_H_
