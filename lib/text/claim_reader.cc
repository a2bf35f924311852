#include "lib/text/claim_reader.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "lib/base/hash.h"

namespace stemma::text {
namespace {

// Tokens of a phrase about oneself, up to who made it; longer ones were found to speak of other things.
constexpr std::size_t kMaxPhrase = 16;
// Tokens from "by" to the name: "by a team of researchers at the company OpenAI".
constexpr std::size_t kMaxTeam = 10;
// Tokens from a name to what is the maker's: "OpenAI's large language model".
constexpr std::size_t kMaxOwned = 5;

class WordSet {
 public:
  WordSet(std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) hashes_.insert(base::Hash64(word));
  }
  bool Holds(const Token& token) const { return hashes_.contains(token.hash); }

 private:
  absl::flat_hash_set<std::uint64_t> hashes_;
};

struct Words {
  // They stand between "I am" and what it says without a change of sense: "I'm actually just an AI".
  WordSet fillers = {"also", "actually", "currently", "indeed", "just", "merely",
                     "only", "really",   "simply",    "still",  ":"};
  WordSet articles = {"a", "an", "the"};
  // What emphasises, quotes or brackets a name.
  WordSet marks = {"<B>", "*", "_", "\"", "'", "`", "(", "["};
  // What a model calls itself.
  WordSet machines = {"agent",   "ai",           "algorithm", "assistant", "bot",     "chatbot",
                      "gpt",     "intelligence", "llm",       "llms",      "machine", "model",
                      "program", "robot",        "software",  "system",    "tool"};
  // Between "a language model" and "developed by".
  WordSet adverbs = {"being", "first", "initially", "originally", "primarily", "specifically"};
  WordSet made = {"built", "created", "designed", "developed", "engineered", "made", "programmed", "trained"};
  WordSet called = {"called", "named"};
  // Those who stand between "by" and the name, and how they are tied to it.
  WordSet teams = {"a",         "ai",       "an",          "as",           "at",
                   "called",    "company",  "corporation", "creators",     "developers",
                   "engineers", "experts",  "firm",        "folks",        "from",
                   "giant",     "group",    "known",       "lab",          "labs",
                   "my",        "named",    "of",          "organisation", "organization",
                   "people",    "research", "researchers", "scientists",   "startup",
                   "team",      "teams",    "tech",        "technology",   "the",
                   ","};
  // What ends a phrase about oneself: another subject, another clause, a relation to something else, a denial.
  WordSet breaks = {"i",    "i'm", "me",    "my",    "you",   "we",   "he",    "she",    "they", "it",      "which",
                    "that", "who", "whose", "where", "while", "but",  "and",   "or",     "so",   "because", "is",
                    "are",  "was", "about", "of",    "on",    "with", "like",  "unlike", "to",   "as",      "than",
                    "for",  "in",  "from",  "at",    "over",  "not",  "never", "no",     "nor",  "neither"};
  // They may stand behind a name. Any other word may make it part of a longer one: "I am Claude Monet".
  WordSet after_name = {"a",       "an",      "and",      "as",        "at",  "based",   "built", "but",
                        "by",      "created", "designed", "developed", "for", "from",    "here",  "how",
                        "i",       "in",      "made",     "not",       "or",  "powered", "the",   "trained",
                        "version", "what",    "with",     "which",     "who", "your"};
  // In front of "call me" they ask the reader to; others tell what others do: "some people call me".
  WordSet askers = {"always", "can", "could", "just", "may", "please", "simply", "you"};
  // A model that is "different from ChatGPT" is not from there.
  WordSet differences = {"different", "distinct", "separate"};
  // In front of "as" they open a clause; behind other words it is part of "such as", "known as", "as good as".
  WordSet openers = {"and", "because", "but", "hello", "hi", "so", "that"};
  WordSet first_person = {"i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "myself"};
  // From them on, the sentence tells what others say, or what is not so.
  WordSet reports = {"said",   "says",      "saying",  "replied",   "replies", "answered", "wrote",
                     "writes", "whispered", "shouted", "claimed",   "claims",  "if",       "whether",
                     "unless", "imagine",   "suppose", "supposing", "pretend", "pretends", "pretending"};
  WordSet denials = {"not",   "never",   "neither", "nor",   "no",     "cannot", "can't",
                     "don't", "doesn't", "didn't",  "isn't", "wasn't", "won't",  "wouldn't"};
  WordSet line_ends = {"<N>", "<P>"};
  WordSet sentence_ends = {"<N>",  "<P>",  "<L->", "<L*>", "<L+>", "<L1.>", "<L1)>",  "<H1>",   "<H2>",  "<H3>",
                           "<H4>", "<H5>", "<H6>", "!",    "?",    ";",     "\u3002", "\uff01", "\uff1f"};
};

const Words& TheWords() {
  static const Words words;
  return words;
}

std::size_t Skip(std::span<const Token> tokens, std::size_t at, const WordSet& words) {
  while (at < tokens.size() && words.Holds(tokens[at])) ++at;
  return at;
}

bool IsPlainWord(const Token& token) { return token.kind == TokenKind::kWord || token.kind == TokenKind::kNumber; }

bool IsFirstPerson(const Token& token) { return TheWords().first_person.Holds(token); }

// Whether a clause may begin at `at`: at the start, behind a symbol, or behind one of the words.
bool MayOpenClause(std::span<const Token> tokens, std::size_t at, const WordSet& behind) {
  return at == 0 || !IsPlainWord(tokens[at - 1]) || behind.Holds(tokens[at - 1]);
}

// One past the sentence that begins at `begin`; what ends it belongs to it. The dot in "x.ai" ends none.
std::size_t SentenceEnd(std::span<const Token> tokens, std::size_t begin) {
  for (std::size_t at = begin; at + 1 < tokens.size(); ++at) {
    const bool full_stop = tokens[at].text == "." && !AreGlued(tokens[at], tokens[at + 1]);
    if (full_stop || TheWords().sentence_ends.Holds(tokens[at])) return at + 1;
  }
  return tokens.size();
}

}  // namespace

std::set<std::size_t> ClaimReader::Read(std::span<const Token> tokens) {
  std::set<std::size_t> makers;
  for (std::size_t begin = 0; begin < tokens.size();) {
    const std::size_t end = SentenceEnd(tokens, begin);
    ReadSentence(tokens.subspan(begin, end - begin), makers);
    begin = end;
  }
  return makers;
}

void ClaimReader::ReadSentence(std::span<const Token> sentence, std::set<std::size_t>& makers) {
  sentence_ = sentence;
  speaks_of_itself_ = std::ranges::any_of(sentence, IsFirstPerson);
  reported_ = denied_ = false;
  for (std::size_t at = 0; at < sentence.size(); ++at) {
    Track(at);
    auto anchor = AnchorAt(at);
    if (!anchor && voice_ == ClaimVoice::kTold) anchor = ToldAnchorAt(at);
    if (anchor && IsOwnWord(at)) {
      if (const auto maker = ClaimBehind(*anchor)) makers.insert(*maker);
    }
    reported_ = reported_ || TheWords().reports.Holds(sentence[at]);
    denied_ = denied_ || TheWords().denials.Holds(sentence[at]);
  }
}

// A quotation that is never closed ends with its line: one mark too many must not silence the rest of an answer.
void ClaimReader::Track(std::size_t at) {
  const Token& token = sentence_[at];
  if (TheWords().line_ends.Holds(token)) {
    in_quote_ = in_code_ = in_quoted_line_ = false;
    begins_line_ = true;
    return;
  }
  if (begins_line_) in_quoted_line_ = token.text == ">";
  begins_line_ = false;
  if (token.text == "\"") in_quote_ = !in_quote_;
  if (token.text == "`") in_code_ = !in_code_;
  if (token.text == "<CODE>") in_code_block_ = !in_code_block_;
}

// Whether the writer says what stands at `at` itself, and means it.
bool ClaimReader::IsOwnWord(std::size_t at) const {
  if (voice_ == ClaimVoice::kTold) return true;
  if (in_quote_ || in_code_ || in_code_block_ || in_quoted_line_ || reported_) return false;
  if (at == 0) return true;
  const Token& before = sentence_[at - 1];
  // 'I am ...: a single quote that opens, where an apostrophe would stand within a word.
  if (before.text == "'" && AreGlued(before, sentence_[at])) return false;
  // "Don't call me ...", "it is not so that I am ..."; but "No I am ...".
  if (before.text == "that") return !denied_;
  return before.text == "no" || !TheWords().denials.Holds(before);
}

std::optional<ClaimReader::Anchor> ClaimReader::AnchorAt(std::size_t at) const {
  if (Is(at, "i'm")) return Anchor{Opening::kIdentity, at + 1};
  if (Is(at, "i've") && Is(at + 1, "been")) return Anchor{Opening::kPast, at + 2};
  if (Is(at, "i")) {
    if (Is(at + 1, "am")) return Anchor{Opening::kIdentity, at + 2};
    if (Is(at + 1, "was")) return Anchor{Opening::kPast, at + 2};
    if (Is(at + 1, "have") && Is(at + 2, "been")) return Anchor{Opening::kPast, at + 3};
  }
  if (Is(at, "my") && Is(at + 1, "name") && Is(at + 2, "is")) return Anchor{Opening::kName, at + 3};
  if (Is(at, "my") && Is(at + 1, "name's")) return Anchor{Opening::kName, at + 2};
  if (Is(at, "call") && Is(at + 1, "me") && MayOpenClause(sentence_, at, TheWords().askers)) {
    return Anchor{Opening::kName, at + 2};
  }
  if (Is(at, "as") && MayOpenClause(sentence_, at, TheWords().openers)) return Anchor{Opening::kAs, at + 1};
  return std::nullopt;
}

std::optional<ClaimReader::Anchor> ClaimReader::ToldAnchorAt(std::size_t at) const {
  if (Is(at, "you're")) return Anchor{Opening::kIdentity, at + 1};
  if (Is(at, "you") && Is(at + 1, "are")) return Anchor{Opening::kIdentity, at + 2};
  if (Is(at, "you") && Is(at + 1, "were")) return Anchor{Opening::kPast, at + 2};
  if (Is(at, "your") && Is(at + 1, "name") && Is(at + 2, "is")) return Anchor{Opening::kName, at + 3};
  if (Is(at, "act") && Is(at + 1, "as")) return Anchor{Opening::kName, at + 2};
  return std::nullopt;
}

std::optional<std::size_t> ClaimReader::ClaimBehind(const Anchor& anchor) const {
  const std::size_t at = Skip(sentence_, anchor.end, TheWords().fillers);
  switch (anchor.opening) {
    case Opening::kName:
      return NameClaim(at);
    case Opening::kPast:
      return LinkedMaker(at);
    case Opening::kAs:
      return AsClaim(at);
    case Opening::kIdentity:
      break;
  }
  const auto maker = NameClaim(at);
  return maker ? maker : PhraseClaim(at);
}

// "ChatGPT", "called ChatGPT", "OpenAI's assistant".
std::optional<std::size_t> ClaimReader::NameClaim(std::size_t at) const {
  at = Skip(sentence_, at, TheWords().called);
  if (Is(at, "known") && Is(at + 1, "as")) at += 2;
  const auto name = names_.At(sentence_, Skip(sentence_, at, TheWords().marks));
  if (!name) return std::nullopt;
  const bool claimed = name->possessive ? IsOwnersMachine(name->end) : EndsName(name->end);
  return claimed ? std::optional(name->maker) : std::nullopt;
}

// "a large language model trained by OpenAI", "Vicuna, a chatbot based on LLaMA", "an OpenAI model", "made by OpenAI".
std::optional<std::size_t> ClaimReader::PhraseClaim(std::size_t at) const {
  const Words& words = TheWords();
  if (at >= sentence_.size()) return std::nullopt;
  if (words.articles.Holds(sentence_[at])) {
    const auto owner = names_.At(sentence_, at + 1);
    if (owner && IsOwnersMachine(owner->end)) return owner->maker;
    return MakerInPhrase(at + 1, false);
  }
  if (const auto name = names_.At(sentence_, Skip(sentence_, at, words.marks))) return MakerInPhrase(name->end, true);
  if (const auto maker = LinkedMaker(at)) return maker;
  if (IsAppositive(at + 1)) return MakerInPhrase(at + 3, false);  // a name that nobody knows: "Helper, a chatbot"
  if (words.machines.Holds(sentence_[at])) return MakerInPhrase(at, false);
  return std::nullopt;  // "I am capable", "I am unlike the model ..."
}

// `is_machine`: whether the word in front of `at` stands for a model. Only a model is made by whom the phrase names.
std::optional<std::size_t> ClaimReader::MakerInPhrase(std::size_t at, bool is_machine) const {
  const Words& words = TheWords();
  bool differs = false;  // from what may be named next
  for (const std::size_t limit = std::min(at + kMaxPhrase, sentence_.size()); at < limit; ++at) {
    const Token& token = sentence_[at];
    if (is_machine) {
      if (const auto maker = LinkedMaker(at)) return maker;
      const auto origin = token.text == "from" && !differs ? names_.At(sentence_, at + 1) : std::nullopt;
      if (origin) return origin->maker;
    }
    if (words.breaks.Holds(token) || token.text == ":" || names_.At(sentence_, at)) return std::nullopt;
    differs = differs || words.differences.Holds(token);
    if (IsPlainWord(token) && !words.adverbs.Holds(token)) is_machine = words.machines.Holds(token);
  }
  return std::nullopt;
}

// "ChatGPT, I", "an AI developed by OpenAI".
std::optional<std::size_t> ClaimReader::AsClaim(std::size_t at) const {
  if (!speaks_of_itself_ && voice_ == ClaimVoice::kOwn) return std::nullopt;
  if (at < sentence_.size() && TheWords().articles.Holds(sentence_[at])) return PhraseClaim(at);
  const auto name = names_.At(sentence_, Skip(sentence_, at, TheWords().marks));
  if (!name) return std::nullopt;
  if (name->possessive) return IsOwnersMachine(name->end) ? std::optional(name->maker) : std::nullopt;
  const std::size_t comma = Skip(sentence_, name->end, TheWords().marks);
  const bool i_follow = Is(comma, ",") && comma + 1 < sentence_.size() && IsFirstPerson(sentence_[comma + 1]);
  return i_follow ? std::optional(name->maker) : std::nullopt;
}

// "developed by researchers at OpenAI", "developed and trained by OpenAI", "based on GPT-4", "named Claude".
std::optional<std::size_t> ClaimReader::LinkedMaker(std::size_t at) const {
  const Words& words = TheWords();
  if (at >= sentence_.size()) return std::nullopt;
  if (words.called.Holds(sentence_[at])) {
    ++at;
  } else if (Is(at, "based") && Is(at + 1, "on")) {
    at += 2;
  } else if (Is(at, "powered") && Is(at + 1, "by")) {
    at += 2;
  } else if (words.made.Holds(sentence_[at])) {
    ++at;
    if (Is(at, "and") && at + 1 < sentence_.size() && IsPlainWord(sentence_[at + 1])) at += 2;
    if (!Is(at, "by")) return std::nullopt;
    ++at;
  } else {
    return std::nullopt;
  }
  const std::size_t limit = std::min(at + kMaxTeam, sentence_.size());
  for (; at < limit; ++at) {
    if (const auto name = names_.At(sentence_, at)) return name->maker;
    if (!words.teams.Holds(sentence_[at]) && !words.marks.Holds(sentence_[at])) return std::nullopt;
  }
  return std::nullopt;
}

bool ClaimReader::EndsName(std::size_t at) const {
  return at >= sentence_.size() || !IsPlainWord(sentence_[at]) || TheWords().after_name.Holds(sentence_[at]) ||
         TheWords().machines.Holds(sentence_[at]);
}

// ", a chatbot".
bool ClaimReader::IsAppositive(std::size_t at) const {
  return Is(at, ",") && at + 1 < sentence_.size() && TheWords().articles.Holds(sentence_[at + 1]);
}

// "(OpenAI's) large language model", "(an OpenAI) assistant"; not "(a Google) software engineer".
bool ClaimReader::IsOwnersMachine(std::size_t at) const {
  const std::size_t limit = std::min(at + kMaxOwned, sentence_.size());
  for (; at < limit; ++at) {
    if (names_.At(sentence_, at)) return true;
    if (TheWords().machines.Holds(sentence_[at]) && EndsName(at + 1)) return true;
    if (!IsPlainWord(sentence_[at]) && sentence_[at].text != "-") return false;
    if (TheWords().breaks.Holds(sentence_[at])) return false;
  }
  return false;
}

}  // namespace stemma::text
