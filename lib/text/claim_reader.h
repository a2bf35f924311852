// The patterns behind `SelfIdentificationFinder`, over the folded tokens of a text.
#ifndef STEMMA_LIB_TEXT_CLAIM_READER_H_
#define STEMMA_LIB_TEXT_CLAIM_READER_H_

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string_view>

#include "lib/text/maker_names.h"
#include "stemma/tokenizer.h"

namespace stemma::text {

enum class ClaimVoice {
  kOwn,   // of an answer: what the writer says of itself
  kTold,  // of a prompt: what is said of the reader as well, quoted, supposed or not: "pretend that you are ChatGPT"
};

// Reads one text.
class ClaimReader {
 public:
  ClaimReader(const MakerNames& names, ClaimVoice voice) : names_(names), voice_(voice) {}

  // The makers that are claimed.
  std::set<std::size_t> Read(std::span<const Token> tokens);

 private:
  enum class Opening {
    kIdentity,  // "I am": a name or a phrase follows
    kName,      // "my name is": a name follows
    kPast,      // "I was": who made it follows
    kAs,        // "as": a name or a phrase follows, and "I" stands elsewhere in the sentence
  };
  struct Anchor {
    Opening opening = Opening::kIdentity;
    std::size_t end = 0;  // one past its last token
  };

  void ReadSentence(std::span<const Token> sentence, std::set<std::size_t>& makers);
  void Track(std::size_t at);  // quotes and code
  bool IsOwnWord(std::size_t at) const;

  std::optional<Anchor> AnchorAt(std::size_t at) const;
  std::optional<Anchor> ToldAnchorAt(std::size_t at) const;
  std::optional<std::size_t> ClaimBehind(const Anchor& anchor) const;
  std::optional<std::size_t> NameClaim(std::size_t at) const;
  std::optional<std::size_t> PhraseClaim(std::size_t at) const;
  std::optional<std::size_t> MakerInPhrase(std::size_t at, bool is_machine) const;
  std::optional<std::size_t> AsClaim(std::size_t at) const;
  std::optional<std::size_t> LinkedMaker(std::size_t at) const;

  bool Is(std::size_t at, std::string_view text) const { return at < sentence_.size() && sentence_[at].text == text; }
  bool EndsName(std::size_t at) const;  // or whether a longer one may go on at `at`
  bool IsAppositive(std::size_t at) const;
  bool IsOwnersMachine(std::size_t at) const;

  const MakerNames& names_;
  ClaimVoice voice_;
  std::span<const Token> sentence_;
  bool speaks_of_itself_ = false;  // "I" or the like stands in the sentence
  bool reported_ = false;          // what follows in the sentence is said by others, or supposed
  bool denied_ = false;            // a denial stood in the sentence
  bool in_quote_ = false;
  bool in_code_ = false;  // between backticks
  bool in_code_block_ = false;
  bool begins_line_ = true;
  bool in_quoted_line_ = false;
};

}  // namespace stemma::text

#endif  // STEMMA_LIB_TEXT_CLAIM_READER_H_
