#include "lib/text/word_folding.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"

namespace stemma::text {
namespace {

constexpr std::uint64_t kCodePoints = 0x110000;

// Unicode Standard, section 3.12: a syllable's number counts its last letter, then its vowel, then its first letter.
constexpr char32_t kFirstSyllable = 0xAC00;
constexpr char32_t kSyllables = 11172;
constexpr char32_t kLastLetters = 28;
constexpr char32_t kVowels = 21;

void AppendHangulLetters(char32_t syllable, std::string& out) {
  const char32_t number = syllable - kFirstSyllable;
  AppendCodePoint(0x1100 + number / (kLastLetters * kVowels), out);
  AppendCodePoint(0x1161 + number / kLastLetters % kVowels, out);
  if (const char32_t last = number % kLastLetters; last != 0) AppendCodePoint(0x11A7 + last, out);
}

// Whether all that a run folds to are code points.
bool StaysInUnicode(char32_t first, char32_t end, std::int64_t distance) {
  return first + distance >= 0 && static_cast<std::int64_t>(end) + distance <= static_cast<std::int64_t>(kCodePoints);
}

}  // namespace

void AppendCodePoint(char32_t c, std::string& out) {
  const auto continuation = [c](int shift) { return static_cast<char>(0x80U | ((c >> shift) & 0x3FU)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xC0U | (c >> 6)), continuation(0)};
  } else if (c < 0x10000) {
    out += {static_cast<char>(0xE0U | (c >> 12)), continuation(6), continuation(0)};
  } else {
    out += {static_cast<char>(0xF0U | (c >> 18)), continuation(12), continuation(6), continuation(0)};
  }
}

absl::StatusOr<WordFolding> WordFolding::Parse(std::string_view bytes, std::string_view source) {
  WordFolding folding;
  base::ByteReader reader(bytes);
  const absl::Status broken = absl::DataLossError(absl::StrFormat("%s: the table of foldings is broken", source));
  std::uint64_t runs = 0, end = 0;
  if (!reader.ReadVarint(runs)) return broken;
  for (std::uint64_t k = 0; k < runs; ++k) {
    std::uint64_t gap = 0, length = 0, rule = 0, distance = 0;
    if (!reader.ReadVarint(gap) || !reader.ReadVarint(length) || !reader.ReadVarint(rule)) return broken;
    if (gap > kCodePoints || length == 0 || length > kCodePoints || end + gap + length > kCodePoints) return broken;
    const std::uint64_t form = rule >> 2;
    Run run = {.first = static_cast<char32_t>(end + gap), .end = static_cast<char32_t>(end + gap + length),
               .rule = static_cast<WordRule>(rule & 3U)};
    end = run.end;
    if (form == 2) {
      if (!reader.ReadString(run.folded) || run.folded.empty()) return broken;
    } else {
      if (form > 1 || !reader.ReadVarint(distance) || distance > kCodePoints) return broken;
      run.distance = static_cast<std::int32_t>(distance) * (form == 1 ? -1 : 1);
      if (!StaysInUnicode(run.first, run.end, run.distance)) return broken;
    }
    folding.runs_.push_back(std::move(run));
  }
  if (!reader.done()) return broken;
  for (char32_t c = 0; c < folding.ascii_.size(); ++c) {
    std::string folded;
    const WordRule rule = folding.Append(c, folded);
    if (folded.size() > 1 || (folded.size() == 1 && static_cast<unsigned char>(folded[0]) >= 0x80)) return broken;
    folding.ascii_[c] = {rule, folded.empty() ? '\0' : folded[0]};
  }
  return folding;
}

const WordFolding::Run* WordFolding::Find(char32_t c) const {
  const auto next = std::ranges::upper_bound(runs_, c, {}, &Run::first);
  if (next == runs_.begin()) return nullptr;
  const Run& run = *(next - 1);
  return c < run.end ? &run : nullptr;
}

WordRule WordFolding::Append(char32_t c, std::string& out) const {
  if (c - kFirstSyllable < kSyllables) {
    AppendHangulLetters(c, out);
    return WordRule::kPart;
  }
  const Run* const run = Find(c);
  if (run == nullptr) {
    AppendCodePoint(c, out);
    return WordRule::kPart;
  }
  if (run->rule == WordRule::kDrop || run->rule == WordRule::kSpace) return run->rule;
  if (run->folded.empty()) {
    AppendCodePoint(static_cast<char32_t>(static_cast<std::int64_t>(c) + run->distance), out);
  } else {
    out += run->folded;
  }
  return run->rule;
}

}  // namespace stemma::text
