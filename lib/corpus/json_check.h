// Where and why a text is not JSON: the slow, exact companion of the fast parser.
//
// Errors: none; the answer is the result.
// Source: RFC 8259; UTF-8 by the Unicode Standard, table 3-7.
#ifndef STEMMA_LIB_CORPUS_JSON_CHECK_H_
#define STEMMA_LIB_CORPUS_JSON_CHECK_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stemma::corpus {

// As deep as simdjson goes by default.
inline constexpr std::size_t kMaxJsonDepth = 1023;

struct JsonProblem {
  std::size_t at = 0;  // offset of the first byte that cannot stand where it stands
  std::string reason;
};

// A number's place.
struct JsonNumber {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Nothing where `text` is one JSON value. `numbers`, if given, receives the places of all numbers.
std::optional<JsonProblem> FindJsonProblem(std::string_view text, std::vector<JsonNumber>* numbers = nullptr);

}  // namespace stemma::corpus

#endif  // STEMMA_LIB_CORPUS_JSON_CHECK_H_
