// What becomes of each code point before WordPiece looks at words, by a table that comes with its vocabulary.
//
// The table states what the PyPI package `tokenizers` does with every code point. Its Unicode data are of several
// versions, none that of any other library, and words must fall into the same tokens for ever: so no library is asked.
// Shape: the number of runs of code points; for each, ascending, the gap behind the last, its length, its rule with the
// form of what it folds to in the bits above two, and what it folds to: a distance ahead (0) or back (1), or a string
// (2). All numbers are varints. Code points in no run are parts of words as they stand; Hangul syllables fall into
// their letters.
// Errors: kDataLoss for bytes that are no such table.
// Complexity: constant for ASCII, else a binary search among runs.
#ifndef STEMMA_LIB_TEXT_WORD_FOLDING_H_
#define STEMMA_LIB_TEXT_WORD_FOLDING_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace stemma::text {

// Values as they stand in files.
enum class WordRule : std::uint8_t {
  kPart = 0,   // of a word
  kDrop = 1,   // as if it were not there
  kSpace = 2,  // ends a word
  kAlone = 3,  // is a word by itself
};

class WordFolding {
 public:
  static absl::StatusOr<WordFolding> Parse(std::string_view bytes, std::string_view source);

  struct Ascii {
    WordRule rule = WordRule::kPart;
    char folded = 0;
  };
  // Precondition: the byte is ASCII.
  const Ascii& OfAscii(char byte) const { return ascii_[static_cast<unsigned char>(byte)]; }

  // Appends what a code point folds to, and returns its rule.
  WordRule Append(char32_t code_point, std::string& out) const;

 private:
  struct Run {
    char32_t first = 0;
    char32_t end = 0;
    WordRule rule = WordRule::kPart;
    std::int32_t distance = 0;
    std::string folded = {};  // over the distance, where it is not empty
  };

  // The run that holds the code point; null where none does.
  const Run* Find(char32_t code_point) const;

  std::array<Ascii, 128> ascii_ = {};
  std::vector<Run> runs_;
};

// UTF-8.
void AppendCodePoint(char32_t code_point, std::string& out);

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_WORD_FOLDING_H_
