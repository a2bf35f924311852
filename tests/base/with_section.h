// A file of stemma's with one of its sections altered.
#ifndef STEMMA_TESTS_BASE_WITH_SECTION_H_
#define STEMMA_TESTS_BASE_WITH_SECTION_H_

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/sectioned_file.h"

namespace stemma {

// The file's sections, with those of a name replaced or, for no content, left out.
inline std::string WithSection(const std::string& bytes, std::string_view section,
                               const std::optional<std::string>& content) {
  const base::FileKind kind = base::SectionedFile::KindOf(bytes).value();
  const auto file = base::SectionedFile::Parse(bytes, kind, "s");
  base::SectionedFileWriter writer(kind);
  for (const auto& entry : file->sections()) {
    if (entry.name != section) {
      writer.Add(entry.name, std::string(entry.bytes));
    } else if (content) {
      writer.Add(entry.name, *content);
    }
  }
  return writer.Finish();
}

}  // namespace stemma

#endif  // STEMMA_TESTS_BASE_WITH_SECTION_H_
