#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "lib/base/hash.h"
#include "lib/text/unicode.h"
#include "lib/text/white_space.h"
#include "stemma/response.h"

namespace stemma {
namespace {

// Domains: seeds that spell "prompt 1" and "promptid" in ASCII.
constexpr std::uint64_t kPromptSeed = 0x70726f6d70742031ULL;
constexpr std::uint64_t kPromptIdSeed = 0x70726f6d70746964ULL;

constexpr bool Within(char32_t value, char32_t first, char32_t last) { return value >= first && value <= last; }

// Text of these alone is in NFC: they are starters, none decomposes, and none composes with another of them. Latin up
// to U+02FF, general punctuation, common Han and Kana, Hangul syllables.
constexpr bool IsNfcInert(char32_t c) {
  return c < 0x300 || Within(c, 0x2010, 0x2027) || Within(c, 0x3001, 0x3029) || Within(c, 0x3041, 0x3096) ||
         Within(c, 0x30A1, 0x30FA) || Within(c, 0x4E00, 0x9FFF) || Within(c, 0xAC00, 0xD7A3);
}

bool IsNfc(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const text::CodePoint c = text::Decode(text, at);
    if (!IsNfcInert(c.value)) return false;
    at += c.size;
  }
  return true;
}

struct FreeDeleter {
  void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }  // utf8proc allocates by malloc
};

// Ill-formed text, which readers refuse before, stays as it is.
std::string ToNfc(std::string_view text) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &mapped, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, FreeDeleter> owner(mapped);
  if (size < 0) return std::string(text);
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
}

}  // namespace

Hash128 PromptKey(std::string_view prompt) {
  std::string normalised;
  normalised.reserve(prompt.size());
  text::AppendCollapsed(IsNfc(prompt) ? prompt : std::string_view(ToNfc(prompt)), normalised);
  return base::HashBytes128(normalised, kPromptSeed);
}

Hash128 PromptIdKey(std::string_view prompt_id) { return base::HashBytes128(prompt_id, kPromptIdSeed); }

}  // namespace stemma
