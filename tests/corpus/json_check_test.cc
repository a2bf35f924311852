#include "lib/corpus/json_check.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>
#include <string>
#include <string_view>

namespace stemma::corpus {
namespace {

using namespace std::string_view_literals;

void ExpectProblem(std::string_view text, std::size_t at, std::string_view reason) {
  const auto problem = FindJsonProblem(text);
  ASSERT_TRUE(problem.has_value()) << text;
  EXPECT_EQ(problem->at, at) << text << ": " << problem->reason;
  EXPECT_EQ(problem->reason, reason) << text;
}

TEST(JsonCheck, AcceptsJson) {
  for (const std::string_view text :
       {R"({})"sv, R"([])"sv, R"( {"a": [1, -2.5e+10, 0, true, false, null, "x\n\u00e9\ud83d\ude00"], "": {}} )"sv,
        "1"sv, R"("é😀")"sv, R"({"a":1,"a":2})"sv, "123456789012345678901234567890"sv, "1e999"sv, "\"\x7F\""sv}) {
    EXPECT_FALSE(FindJsonProblem(text).has_value()) << text;
  }
}

TEST(JsonCheck, NamesThePlaceAndTheReason) {
  ExpectProblem("", 0, "expected a value, found the end of the record");
  ExpectProblem(R"({"a" 1})", 5, "expected ':' after a field's name, found '1'");
  ExpectProblem(R"({"a": })", 6, "expected a value, found '}'");
  ExpectProblem(R"({"a": 1 "b": 2})", 8, "expected ',' or '}', found '\"'");
  ExpectProblem(R"([1 2])", 3, "expected ',' or ']', found '2'");
  ExpectProblem(R"({"a": 1,})", 8, "expected a field's name in double quotes, found '}'");
  ExpectProblem(R"({'a': 1})", 1, "expected a field's name in double quotes, found '''");
  ExpectProblem(R"([1,])", 3, "expected a value, found ']'");
  ExpectProblem(R"({"a": 1)", 7, "expected ',' or '}', found the end of the record");
  ExpectProblem(R"({"a": 1]})", 7, "expected ',' or '}', found ']'");
  ExpectProblem(R"({"a": "x)", 8, "the record ends inside a string");
  ExpectProblem(R"({"a": "x\)", 9, "the record ends inside a string");
  ExpectProblem(R"({} {})", 3, "expected the end of the record, found '{'");
  ExpectProblem(R"({"a": tru})", 6, "expected a value, found 't'");
  ExpectProblem(R"({"a": NaN})", 6, "NaN is not JSON");
  ExpectProblem(R"({"a": -Infinity})", 7, "Infinity is not JSON");
  ExpectProblem(R"([01])", 2, "a number must not begin with 0");
  ExpectProblem(R"([1.])", 3, "expected a digit, found ']'");
  ExpectProblem(R"([-])", 2, "expected a digit, found ']'");
  ExpectProblem(R"([1e])", 3, "expected a digit, found ']'");
  ExpectProblem(R"(["\x"])", 2, "an unknown escape sequence in a string");
  ExpectProblem(R"(["\u12"])", 2, "\\u must be followed by four hexadecimal digits");
  ExpectProblem(R"(["\ud800"])", 2, "lone high surrogate \\ud800");
  ExpectProblem(R"(["\ud800\u0041"])", 2, "lone high surrogate \\ud800");
  ExpectProblem(R"(["\udc00"])", 2, "lone low surrogate \\udc00");
  ExpectProblem(R"(["\ud83d\ude00\ude00"])", 14, "lone low surrogate \\ude00");
  ExpectProblem("[\"a\nb\"]", 3, "a control character (0x0a) inside a string must be written as \\u000a");
  ExpectProblem("[\"a\0b\"]"sv, 3, "a control character (0x00) inside a string must be written as \\u0000");
  ExpectProblem("[\"a\xFF\"]", 3, "not UTF-8: byte 0xff");
  ExpectProblem("[\"\xC0\xAF\"]", 2, "not UTF-8: byte 0xc0");          // overlong
  ExpectProblem("[\"\xE0\x80\xAF\"]", 2, "not UTF-8: byte 0xe0");      // overlong
  ExpectProblem("[\"\xED\xA0\x80\"]", 2, "not UTF-8: byte 0xed");      // a surrogate
  ExpectProblem("[\"\xF4\x90\x80\x80\"]", 2, "not UTF-8: byte 0xf4");  // over U+10FFFF
  ExpectProblem("[\"\xE2\x82\"]", 2, "not UTF-8: byte 0xe2");          // cut off
  ExpectProblem("\xFF", 0, "expected a value, found byte 0xff, not UTF-8");
}

TEST(JsonCheck, LimitsTheDepth) {
  EXPECT_FALSE(FindJsonProblem(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']')).has_value());
  ExpectProblem(std::string(1'000'000, '['), kMaxJsonDepth, "nested deeper than 1023 levels");
}

// simdjson is the fast path: where it says no, this check must say why.
TEST(JsonCheck, AgreesWithSimdjson) {
  constexpr std::string_view kPieces[] = {"{",       "}",        "[",    "]",    ",", ":",  "\"",      "\"a\"",
                                          "1",       "-0.5",     "true", "null", " ", "\\", "\\u0041", "\\ud83d",
                                          "\\ude00", "\xC3\xA9", "\xFF", "e",    "0", "\n", "{\"a\":", "[1,"};
  std::mt19937 random(7);  // its sequence is fixed by the standard
  simdjson::dom::parser parser;
  for (int k = 0; k < 300'000; ++k) {
    std::string text;
    for (std::size_t pieces = 1 + random() % 8; pieces > 0; --pieces) text += kPieces[random() % std::size(kPieces)];
    simdjson::dom::element root;
    const bool accepted = parser.parse(text).get(root) == simdjson::SUCCESS;
    const auto problem = FindJsonProblem(text);
    // Version 3 accepts lone low surrogates.
    const bool low_surrogate = problem && problem->reason.starts_with("lone low");
    ASSERT_TRUE(accepted == !problem.has_value() || low_surrogate) << text << (problem ? problem->reason : "");
  }
}

TEST(JsonCheck, AgreesWithSimdjsonOnDepth) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  for (std::size_t depth = kMaxJsonDepth - 2; depth <= kMaxJsonDepth + 2; ++depth) {
    const std::string text = std::string(depth, '[') + "1" + std::string(depth, ']');
    EXPECT_EQ(parser.parse(text).get(root) == simdjson::SUCCESS, !FindJsonProblem(text).has_value()) << depth;
  }
}

}  // namespace
}  // namespace stemma::corpus
