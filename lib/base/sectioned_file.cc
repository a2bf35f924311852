#include "lib/base/sectioned_file.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/hash.h"

namespace stemma::base {
namespace {

// Not text (0x89), and broken by a transfer that changes line ends (CR LF): after PNG's signature.
constexpr std::string_view kMagic("\x89STM\r\n\x1a\n", 8);
constexpr std::size_t kNameSize = 8;
constexpr std::size_t kHeaderSize = 24;
constexpr std::size_t kEntrySize = kNameSize + 3 * sizeof(std::uint64_t);
constexpr std::size_t kMaxSections = 1024;

constexpr std::size_t AlignUp(std::size_t size) { return (size + 7) / 8 * 8; }

absl::Status Damaged(std::string_view source, std::string_view what) {
  return absl::DataLossError(absl::StrFormat("%s: %s; the file is damaged or cut off", source, what));
}

std::string WithArticle(std::string_view kind) {
  return absl::StrFormat("%s %s", std::string_view("aeiou").find(kind.front()) == std::string_view::npos ? "a" : "an", kind);
}

}  // namespace

std::string_view NameOf(FileKind kind) {
  switch (kind) {
    case FileKind::kVocabulary:
      return "vocabulary";
    case FileKind::kSignature:
      return "signature";
    case FileKind::kPanel:
      return "panel";
    case FileKind::kEmbedder:
      return "embedder";
    case FileKind::kEmbeddings:
      return "embeddings";
  }
  return "unknown";
}

std::string SectionedFileWriter::Finish() const {
  std::string out(kMagic);
  AppendU16(out, kFormatMajor);
  AppendU16(out, kFormatMinor);
  AppendU32(out, static_cast<std::uint32_t>(kind_));
  AppendU32(out, static_cast<std::uint32_t>(sections_.size()));
  AppendU32(out, 0);
  std::size_t offset = kHeaderSize + sections_.size() * kEntrySize + sizeof(std::uint64_t);
  for (const auto& [name, bytes] : sections_) {
    std::string padded = name;
    padded.resize(kNameSize, '\0');
    out += padded;
    AppendU64(out, offset);
    AppendU64(out, bytes.size());
    AppendU64(out, Hash64(bytes));
    offset = AlignUp(offset + bytes.size());
  }
  AppendU64(out, Hash64(out));
  out.reserve(offset);
  for (const auto& [name, bytes] : sections_) {
    out.resize(AlignUp(out.size()), '\0');
    out += bytes;
  }
  return out;
}

bool SectionedFile::HasMagic(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::optional<FileKind> SectionedFile::KindOf(std::string_view bytes) {
  if (!HasMagic(bytes) || bytes.size() < kHeaderSize) return std::nullopt;
  ByteReader reader(bytes.substr(kMagic.size() + 2 * sizeof(std::uint16_t)));
  std::uint32_t kind = 0;
  if (!reader.ReadU32(kind) || kind < 1 || kind > static_cast<std::uint32_t>(FileKind::kEmbeddings)) return std::nullopt;
  return static_cast<FileKind>(kind);
}

absl::StatusOr<SectionedFile> SectionedFile::Parse(std::string_view bytes, FileKind kind, std::string_view source) {
  if (!HasMagic(bytes)) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: not %s file of stemma", source, WithArticle(NameOf(kind))));
  }
  SectionedFile file;
  file.source_ = std::string(source);
  ByteReader reader(bytes.substr(kMagic.size()));
  std::uint32_t stated_kind = 0;
  std::uint32_t count = 0;
  std::uint32_t zero = 0;
  if (!reader.ReadU16(file.version_.first) || !reader.ReadU16(file.version_.second)) return Damaged(source, "no header");
  if (file.version_.first != kFormatMajor) {
    return absl::UnimplementedError(absl::StrFormat("%s: format version %d; this program reads version %d", source,
                                                    file.version_.first, kFormatMajor));
  }
  if (!reader.ReadU32(stated_kind) || !reader.ReadU32(count) || !reader.ReadU32(zero)) {
    return Damaged(source, "no header");
  }
  const std::size_t table_size = kHeaderSize + count * kEntrySize;
  if (count > kMaxSections || bytes.size() < table_size + sizeof(std::uint64_t)) {
    return Damaged(source, "no section table");
  }
  ByteReader checksum_reader(bytes.substr(table_size));
  std::uint64_t checksum = 0;
  if (!checksum_reader.ReadU64(checksum) || checksum != Hash64(bytes.substr(0, table_size))) {
    return Damaged(source, "the header's checksum differs");
  }
  if (stated_kind != static_cast<std::uint32_t>(kind)) {
    const auto other = KindOf(bytes);
    return absl::InvalidArgumentError(absl::StrFormat("%s: %s file where %s was expected", source,
                                                      WithArticle(other ? NameOf(*other) : "unknown"), WithArticle(NameOf(kind))));
  }
  for (std::uint32_t k = 0; k < count; ++k) {
    const std::string_view padded = bytes.substr(kHeaderSize + k * kEntrySize, kNameSize);
    const std::string name(padded.substr(0, padded.find('\0')));
    ByteReader entry(bytes.substr(kHeaderSize + k * kEntrySize + kNameSize));
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t hash = 0;
    entry.ReadU64(offset);
    entry.ReadU64(size);
    entry.ReadU64(hash);
    if (offset > bytes.size() || size > bytes.size() - offset) {
      return Damaged(source, absl::StrFormat("section %s ends at byte %d of %d", name, offset + size, bytes.size()));
    }
    const std::string_view content = bytes.substr(offset, size);
    if (Hash64(content) != hash) return Damaged(source, absl::StrFormat("section %s: its checksum differs", name));
    file.sections_.push_back({name, content});
  }
  return file;
}

bool SectionedFile::Has(std::string_view name) const {
  return std::ranges::any_of(sections_, [&](const Entry& entry) { return entry.name == name; });
}

absl::StatusOr<std::string_view> SectionedFile::Section(std::string_view name) const {
  for (const Entry& entry : sections_) {
    if (entry.name == name) return entry.bytes;
  }
  return Damaged(source_, absl::StrFormat("section %s is missing", name));
}

absl::Status SectionContradictsItself(std::string_view source, std::string_view section) {
  return absl::DataLossError(absl::StrFormat("%s: section %s contradicts itself", source, section));
}

}  // namespace stemma::base
