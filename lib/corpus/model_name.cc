#include "lib/corpus/model_name.h"

#include <utf8proc.h>

#include <algorithm>
#include <span>

#include "lib/corpus/byte_source.h"

namespace stemma::corpus {
namespace {

constexpr std::string_view kCompressionEndings[] = {".gz", ".zst"};
constexpr std::string_view kFormatEndings[] = {".json", ".jsonl"};

bool EndsWith(std::string_view name, std::string_view ending) {
  const auto to_lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return name.size() > ending.size() &&  // never the whole name
         std::equal(ending.rbegin(), ending.rend(), name.rbegin(), [&](char a, char b) { return a == to_lower(b); });
}

std::string_view WithoutEnding(std::string_view name, std::span<const std::string_view> endings) {
  for (const std::string_view ending : endings) {
    if (EndsWith(name, ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

}  // namespace

std::string ToUtf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    const std::size_t taken = size > 0 ? static_cast<std::size_t>(size) : 1;
    out += size > 0 ? text.substr(0, taken) : "\uFFFD";
    text.remove_prefix(taken);
  }
  return out;
}

std::string ModelNameOf(std::string_view path) {
  if (path == kStandardInput) return {};
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return ToUtf8(WithoutEnding(WithoutEnding(path, kCompressionEndings), kFormatEndings));
}

}  // namespace stemma::corpus
