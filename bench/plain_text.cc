#include "bench/plain_text.h"

#include <cctype>
#include <regex>
#include <sstream>
#include <string_view>

namespace stemma::bench {
namespace {

std::string LineMarker(const std::string& line, std::size_t& size) {
  std::smatch match;
  static const std::regex kMarker(R"(^(?:([-*+])(?= )|\d{1,3}([.)])(?= |$)|(#{1,6})(?= |$)))");
  size = 0;
  if (!std::regex_search(line, match, kMarker)) return {};
  size = static_cast<std::size_t>(match.length());
  if (match[1].matched) return "<L" + match[1].str() + ">";
  if (match[2].matched) return "<L1" + match[2].str() + ">";
  return "<H" + std::to_string(match[3].length()) + ">";
}

std::string TokenOf(const std::string& text) {
  static const std::regex kNumber("[0-9]{3,}");
  if (text == "**") return "<B>";
  if (std::regex_match(text, kNumber)) return text.size() == 4 ? "<Y4>" : "<NUM>";
  return text;
}

}  // namespace

std::vector<std::string> PlainTokens(std::string text) {
  text = std::regex_replace(text, std::regex("\u2019"), "'");
  text = std::regex_replace(text, std::regex("\u2014"), "-");
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static const std::regex kToken(R"(\*\*|[a-z0-9]+(?:'[a-z0-9]+)*|[^ ])");
  std::vector<std::string> tokens;
  std::istringstream lines(text);
  int newlines = 0;
  for (std::string line; std::getline(lines, line); ++newlines) {
    line = std::regex_replace(line, std::regex("^ +| +$"), "");
    if (line.empty()) continue;
    if (!tokens.empty()) tokens.push_back(newlines == 1 ? "<N>" : "<P>");
    newlines = 0;
    std::size_t size = 0;
    const std::string marker = LineMarker(line, size);
    if (size > 0) tokens.push_back(marker);
    line.erase(0, size);
    for (std::sregex_iterator at(line.begin(), line.end(), kToken), end; at != end; ++at) {
      tokens.push_back(TokenOf(at->str()));
    }
  }
  return tokens;
}

std::string PlainSymbol(const std::string& token, const std::set<std::string>& kept) {
  if (std::isdigit(static_cast<unsigned char>(token[0])) != 0) return "D";
  if (std::isalpha(static_cast<unsigned char>(token[0])) == 0 || kept.contains(token)) return token;
  static const std::regex kSuffix(
      "^.{3,}?(ing|ed|ly|tion|sion|ment|ness|able|ible|ful|ous|ive|ize|ise|ity|er|or|est|al|ic|ism|ist|es|s)$");
  std::smatch match;
  if (std::regex_match(token, match, kSuffix)) return "S" + match[1].str();
  return token.size() > 4 ? "W" : "w";
}

}  // namespace stemma::bench
