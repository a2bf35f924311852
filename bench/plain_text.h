// Tokens and masks of the made text, written down as they are defined, by regular expressions.
//
// Knows ASCII, curly apostrophes and dashes, no brand names and no code.
#ifndef STEMMA_BENCH_PLAIN_TEXT_H_
#define STEMMA_BENCH_PLAIN_TEXT_H_

#include <set>
#include <string>
#include <vector>

namespace stemma::bench {

std::vector<std::string> PlainTokens(std::string text);

// The token itself or the name of its class.
std::string PlainSymbol(const std::string& token, const std::set<std::string>& kept);

}  // namespace stemma::bench

#endif  // STEMMA_BENCH_PLAIN_TEXT_H_
