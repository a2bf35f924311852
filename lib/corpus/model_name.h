// A model's name from the name of its file.
#ifndef STEMMA_LIB_CORPUS_MODEL_NAME_H_
#define STEMMA_LIB_CORPUS_MODEL_NAME_H_

#include <string>
#include <string_view>

namespace stemma::corpus {

// The last part of the path, without one ending of compression (.gz, .zst) and one of format (.json, .jsonl), in any
// case. Empty for standard input. Names go into reports, which are UTF-8: bytes that are not become U+FFFD.
std::string ModelNameOf(std::string_view path);

// The text with each ill-formed byte replaced by U+FFFD.
std::string ToUtf8(std::string_view text);

}  // namespace stemma::corpus

#endif  // STEMMA_LIB_CORPUS_MODEL_NAME_H_
