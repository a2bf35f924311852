// A small vocabulary for WordPiece with its table of foldings, in the form that embedder files hold.
#ifndef STEMMA_TESTS_TEXT_MADE_WORDPIECE_H_
#define STEMMA_TESTS_TEXT_MADE_WORDPIECE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/byte_io.h"

namespace stemma {

struct MadeRun {
  std::uint32_t first = 0;
  std::uint32_t length = 1;
  std::uint32_t rule = 0;
  std::int32_t distance = 0;
  std::string folded = {};
};

inline std::string FoldingBytes(const std::vector<MadeRun>& runs) {
  std::string out;
  base::AppendVarint(out, runs.size());
  std::uint32_t end = 0;
  for (const MadeRun& run : runs) {
    const std::uint32_t form = !run.folded.empty() ? 2 : run.distance < 0 ? 1 : 0;
    base::AppendVarint(out, run.first - end);
    base::AppendVarint(out, run.length);
    base::AppendVarint(out, run.rule | form << 2);
    if (form == 2) {
      base::AppendString(out, run.folded);
    } else {
      base::AppendVarint(out, static_cast<std::uint32_t>(form == 1 ? -run.distance : run.distance));
    }
    end = run.first + run.length;
  }
  return out;
}

// Control characters dropped, white space, ASCII punctuation alone, capitals to small ones, accents off, Han alone.
inline std::string MadeFolding() {
  return FoldingBytes({{.first = 0, .length = 9, .rule = 1},
                       {.first = '\t', .length = 2, .rule = 2},
                       {.first = 0x0B, .length = 2, .rule = 1},
                       {.first = '\r', .rule = 2},
                       {.first = ' ', .rule = 2},
                       {.first = '!', .length = 15, .rule = 3},
                       {.first = ':', .length = 7, .rule = 3},
                       {.first = 'A', .length = 26, .distance = 32},
                       {.first = '[', .length = 6, .rule = 3},
                       {.first = 0xC9, .distance = 'e' - 0xC9},  // É
                       {.first = 0x130, .folded = "ii"},
                       {.first = 0x301, .rule = 1},  // combining acute accent
                       {.first = 0x4E00, .length = 0x5200, .rule = 3}});
}

inline std::string MadeTokens() {
  std::string out;
  for (const char* token :
       {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "river", "##s", "run", "##ning", "##n", ".",
        "\xE4\xB8\xAD", "e", "##e", "##ii", "[", "]", "##un", "\xE1\x84\x80", "##\xE1\x85\xA1"}) {
    out += std::string(token) + "\n";
  }
  return out;
}

}  // namespace stemma

#endif  // STEMMA_TESTS_TEXT_MADE_WORDPIECE_H_
