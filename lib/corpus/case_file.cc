#include "stemma/case_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "lib/corpus/byte_source.h"
#include "lib/text/excerpt.h"
#include "lib/text/white_space.h"

namespace stemma {
namespace {

class Excerpts {
 public:
  Excerpts(const std::vector<Hash128>& prompts, std::size_t code_points) : code_points_(code_points) {
    for (const Hash128& prompt : prompts) {
      if (places_.try_emplace(prompt, found_.size()).second) found_.emplace_back();
    }
  }

  void Add(const Response& response) {
    const auto place = places_.find(response.prompt_key);
    if (place == places_.end()) return;
    std::optional<Excerpt>& excerpt = found_[place->second];
    if (excerpt && excerpt->sample <= response.sample) return;
    excerpt = Excerpt{.prompt_key = response.prompt_key, .sample = response.sample};
    excerpt->prompt_is_cut = Cut(text::StripWhiteSpace(response.prompt), excerpt->prompt);
    excerpt->answer_is_cut = Cut(response.answer, excerpt->answer);
  }

  std::vector<Excerpt> Finish() {
    std::vector<Excerpt> excerpts;
    for (std::optional<Excerpt>& excerpt : found_) {
      if (excerpt) excerpts.push_back(*std::move(excerpt));
    }
    return excerpts;
  }

 private:
  bool Cut(std::string_view text, std::string& out) const {
    out = std::string(text::Beginning(text, code_points_));
    return out.size() < text.size();
  }

  std::size_t code_points_;
  absl::flat_hash_map<Hash128, std::size_t> places_;
  std::vector<std::optional<Excerpt>> found_;
};

// Sorts the inputs of the first reading into those that can be read again, and the others.
absl::Status FindReadable(const ResponseSet& first, std::vector<std::string>& readable,
                          std::vector<std::string>& others) {
  for (const InputFile& input : first.inputs()) {
    STEMMA_ASSIGN_OR_RETURN(const std::uint64_t size, corpus::StoredSize(input.path));
    (size > 0 ? readable : others).push_back(input.path);
  }
  return absl::OkStatus();
}

absl::Status CheckSame(const ResponseSet& first, const ResponseSet& second) {
  for (const InputFile& now : second.inputs()) {
    const auto then = std::ranges::find(first.inputs(), now.path, &InputFile::path);
    if (then->digest == now.digest) continue;
    return absl::FailedPreconditionError(absl::StrFormat("%s changed while it was in use", now.path));
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view ToString(TextAccess access) {
  switch (access) {
    case TextAccess::kRead:
      return "read";
    case TextAccess::kNotReadable:
      return "not readable twice";
    case TextAccess::kNoText:
      break;
  }
  return "no text";
}

absl::StatusOr<CaseFile> ReadCaseFile(const ResponseSet& first, std::string_view model, std::vector<Maker> makers,
                                      const CaseFileOptions& options) {
  CaseFile file;
  std::vector<std::string> readable;
  STEMMA_RETURN_IF_ERROR(FindReadable(first, readable, file.not_read));
  if (readable.empty()) {
    file.access = file.not_read.empty() ? TextAccess::kNoText : TextAccess::kNotReadable;
    return file;
  }
  file.access = TextAccess::kRead;
  Excerpts excerpts(options.prompts, options.excerpt_code_points);
  SelfIdentificationCounter counter(std::move(makers));
  const auto visit = [&](const Response& response) {
    if (response.model != model) return absl::OkStatus();
    excerpts.Add(response);
    counter.Add(response);
    return absl::OkStatus();
  };
  STEMMA_ASSIGN_OR_RETURN(const ResponseSet second, ResponseSet::Read(readable, options.read, visit));
  STEMMA_RETURN_IF_ERROR(CheckSame(first, second));
  file.excerpts = excerpts.Finish();
  file.self_identification.model = std::string(model);
  std::vector<SelfIdentificationCounts> counts = counter.Counts();
  if (!counts.empty()) file.self_identification = std::move(counts.front());
  return file;
}

}  // namespace stemma
