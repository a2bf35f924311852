#include "lib/text/reasoning.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "lib/text/white_space.h"

namespace stemma::text {
namespace {

struct Tag {
  std::string_view open;
  std::string_view close;
  bool unclosed = true;  // counts though it is never closed
  bool unopened = true;  // its closing tag counts alone
  bool anywhere = true;  // else only as a block that begins the text and leaves an answer
};

constexpr Tag Firm(std::string_view open, std::string_view close) { return {open, close}; }
constexpr Tag Asked(std::string_view open, std::string_view close) { return {open, close, false, false, false}; }

constexpr auto kTags = std::to_array<Tag>({
    // DeepSeek-R1, Qwen3 and QwQ, GLM-4.5, MiniMax-M1, Hunyuan, Nemotron, Phi-4-reasoning, OLMo 3, Granite 3.3, ...
    Firm("<think>", "</think>"),
    Firm("<thinking>", "</thinking>"),            // Reflection-70B; Claude under "think step by step" system prompts
    Firm("<thought>", "</thought>"),              // EXAONE Deep, Marco-o1
    Firm("<reasoning>", "</reasoning>"),          // fine-tunes by the GRPO recipes on GSM8K
    Firm("<seed:think>", "</seed:think>"),        // Seed-OSS
    Firm("<longcat_think>", "</longcat_think>"),  // LongCat-Flash-Thinking
    Firm("[THINK]", "[/THINK]"),                  // Magistral, Ministral 3 Reasoning
    Firm("\u25C1think\u25B7", "\u25C1/think\u25B7"),     // Kimi k1.5, Kimi-VL-Thinking
    Firm("<|begin_of_thought|>", "<|end_of_thought|>"),  // Sky-T1, OpenThinker, Bespoke-Stratos
    Firm("<|START_THINKING|>", "<|END_THINKING|>"),      // Command A Reasoning, Command R7B
    Firm("<|inner_prefix|>", "<|inner_suffix|>"),        // Apertus
    Firm("<|channel>thought", "<channel|>"),             // Gemma 4
    Firm("[unused16]", "[unused17]"),                    // openPangu
    // Apriel: its template holds the opening line, which other models also write as plain text.
    {"Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]", false, true, true},
    // Granite 3.2: plain words, so both must be there.
    Asked("Here is my thought process:", "Here is my response:"),
    Asked("Here's my thought process:", "Here's my response:"),
    // No model's own; common because system prompts ask for them.
    Asked("<analysis>", "</analysis>"),
    Asked("<thoughts>", "</thoughts>"),
    Asked("<reason>", "</reason>"),
    Asked("<reflection>", "</reflection>"),
    Asked("<scratchpad>", "</scratchpad>"),
    Asked("<inner_monologue>", "</inner_monologue>"),
});

struct Wrapper {
  std::string_view open;
  std::string_view close;
};

// What the same models put around the answer.
constexpr auto kWrappers = std::to_array<Wrapper>({
    {"<answer>", "</answer>"},                         // Hunyuan-A13B, DeepSeek-R1-Zero's prompt, GRPO recipes
    {"<output>", "</output>"},                         // Reflection-70B, Marco-o1
    {"<response>", "</response>"},                     // Granite 3.3
    {"<|begin_of_solution|>", "<|end_of_solution|>"},  // Sky-T1, OpenThinker
    {"<|START_RESPONSE|>", "<|END_RESPONSE|>"},        // Command A Reasoning
    {"", "[END FINAL RESPONSE]"},                      // Apriel
});

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool StartsWithTag(std::string_view text, std::string_view tag) {
  return text.size() >= tag.size() &&
         std::equal(tag.begin(), tag.end(), text.begin(), [](char a, char b) { return ToLower(a) == ToLower(b); });
}

bool EndsWithTag(std::string_view text, std::string_view tag) {
  return text.size() >= tag.size() && StartsWithTag(text.substr(text.size() - tag.size()), tag);
}

bool IsBlank(std::string_view text) { return StripWhiteSpace(text).empty(); }

// The first place at or after `from` that is not white space.
std::size_t SkipWhiteSpace(std::string_view text, std::size_t from) {
  while (const std::size_t size = LeadingWhiteSpaceSize(text.substr(from))) from += size;
  return from;
}

// A tag's occurrence and what stands around it.
struct Mark {
  const Tag* tag = nullptr;
  bool closing = false;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool fenced = false;      // in a fenced block of code
  bool in_code = false;     // in backticks
  bool line_start = false;  // nothing but an indentation of up to three spaces before it on its line
  bool line_end = false;    // nothing but white space after it on its line
};

// The second bytes of all tags, in lower case: they rule out nearly every candidate.
constexpr std::array<bool, 256> kSecondBytes = [] {
  std::array<bool, 256> bytes{};
  for (const Tag& tag : kTags) {
    bytes[static_cast<unsigned char>(ToLower(tag.open[1]))] = true;
    bytes[static_cast<unsigned char>(ToLower(tag.close[1]))] = true;
  }
  return bytes;
}();

// Finds tags without looking at what surrounds them. A copy goes on from where the original stands.
class TagFinder {
 public:
  explicit TagFinder(std::string_view text) : text_(text) {}

  // The first tag that begins at or after `from`; successive calls must not go back.
  bool Find(std::size_t from, Mark& mark) {
    for (std::size_t at = NextCandidate(from); at != std::string_view::npos; at = NextCandidate(at + 1)) {
      const std::string_view rest = text_.substr(at);
      if (rest.size() < 2 || !kSecondBytes[static_cast<unsigned char>(ToLower(rest[1]))]) continue;
      for (const Tag& tag : kTags) {
        const bool opening = StartsWithTag(rest, tag.open);
        if (!opening && !StartsWithTag(rest, tag.close)) continue;
        mark.tag = &tag;
        mark.closing = !opening;
        mark.begin = at;
        mark.end = at + (opening ? tag.open : tag.close).size();
        return true;
      }
    }
    return false;
  }

 private:
  // The bytes that tags begin with.
  static constexpr std::string_view kFirstBytes = "<[H\xE2";

  std::size_t NextCandidate(std::size_t from) {
    std::size_t first = std::string_view::npos;
    for (std::size_t k = 0; k < kFirstBytes.size(); ++k) {
      if (!searched_ || next_[k] < from) next_[k] = text_.find(kFirstBytes[k], from);
      first = std::min(first, next_[k]);
    }
    searched_ = true;
    return first;
  }

  std::string_view text_;
  std::array<std::size_t, kFirstBytes.size()> next_{};  // npos stays: nothing is searched to the end twice
  bool searched_ = false;
};

// A fence of ``` or ~~~; tabs and any indentation are accepted, since code stands in lists too.
class FenceTracker {
 public:
  bool inside() const { return size_ > 0; }

  // `rest` begins with a line; no more of it is looked at than must be.
  void ReadLine(std::string_view rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    if (rest.empty() || (rest[0] != '`' && rest[0] != '~')) return;
    const char mark = rest[0];
    const std::size_t size = std::min(rest.find_first_not_of(mark), rest.size());
    rest.remove_prefix(size);
    if (size < kMinFence) return;
    if (!inside()) {
      const std::size_t next = rest.find_first_of("`\n");
      if (mark == '`' && next != std::string_view::npos && rest[next] == '`') return;  // code within a line
      mark_ = mark;
      size_ = size;
    } else if (mark == mark_ && size >= size_) {
      const std::size_t next = rest.find_first_not_of(" \t\r");
      if (next == std::string_view::npos || rest[next] == '\n') size_ = 0;
    }
  }

 private:
  static constexpr std::size_t kMinFence = 3;

  char mark_ = 0;
  std::size_t size_ = 0;
};

// Finds tags from a place on that counts as the start of a line outside code.
class MarkScanner {
 public:
  MarkScanner(std::string_view text, std::size_t from, TagFinder finder)
      : text_(text), finder_(finder), at_(from), line_begin_(from), counted_(from) {
    fence_.ReadLine(text_.substr(from));
  }

  const TagFinder& finder() const { return finder_; }

  bool Next(Mark& mark) {
    if (!finder_.Find(at_, mark)) return false;
    AdvanceTo(mark.begin);
    mark.fenced = fence_.inside();
    mark.in_code = backticks_ % 2 == 1;
    const std::string_view indent = text_.substr(line_begin_, std::min(mark.begin - line_begin_, kMaxIndent + 1));
    mark.line_start = indent.size() <= kMaxIndent && indent.find_first_not_of(' ') == std::string_view::npos;
    const std::size_t next = text_.find_first_not_of(" \t\r", mark.end);
    mark.line_end = next == std::string_view::npos || text_[next] == '\n';
    at_ = mark.end;
    return true;
  }

 private:
  // From four spaces on, Markdown reads code.
  static constexpr std::size_t kMaxIndent = 3;

  void AdvanceTo(std::size_t place) {
    const std::string_view before = text_.substr(0, place);
    for (std::size_t end; (end = before.find('\n', counted_)) != std::string_view::npos;) {
      counted_ = line_begin_ = end + 1;
      backticks_ = 0;
      fence_.ReadLine(text_.substr(line_begin_));
    }
    const std::string_view uncounted = before.substr(counted_);
    backticks_ += std::count(uncounted.begin(), uncounted.end(), '`');
    counted_ = place;
  }

  std::string_view text_;
  TagFinder finder_;
  FenceTracker fence_;
  std::size_t at_;          // where the next search begins
  std::size_t line_begin_;  // of the line that `counted_` is on
  std::size_t counted_;     // backticks of the line are counted up to here
  std::ptrdiff_t backticks_ = 0;
};

// Joins parts by blank lines.
void AppendPart(std::string_view part, std::string& out) {
  part = StripWhiteSpace(part);
  if (part.empty()) return;
  if (!out.empty()) out += "\n\n";
  out += part;
}

class TagSplitter {
 public:
  explicit TagSplitter(std::string_view text) : text_(text), first_text_(SkipWhiteSpace(text, 0)) {
    unclosed_from_.fill(std::string_view::npos);
  }

  std::optional<ReasoningSplit> Split() {
    MarkScanner scanner(text_, 0, TagFinder(text_));
    Mark mark;
    while (scanner.Next(mark)) {
      if (mark.closing ? !TakeUnopened(mark) : !TakeBlock(mark, scanner.finder())) continue;
      if (done_ == text_.size()) break;
      scanner = MarkScanner(text_, done_, scanner.finder());  // code that began in reasoning ends with it
    }
    if (!found_) return std::nullopt;
    AppendPart(text_.substr(done_), split_.answer);
    return std::move(split_);
  }

 private:
  // Whether no part of the answer stands before `place`.
  bool BeginsText(std::size_t place) const { return split_.answer.empty() && place <= first_text_; }

  bool Take(std::string_view answer, std::string_view reasoning, std::size_t end) {
    AppendPart(answer, split_.answer);
    AppendPart(reasoning, split_.reasoning);
    done_ = end;
    first_text_ = SkipWhiteSpace(text_, done_);
    return found_ = true;
  }

  static std::size_t Index(const Mark& mark) { return static_cast<std::size_t>(mark.tag - kTags.data()); }

  // A closing tag outside any block. After a block it is debris: only the tag goes.
  bool TakeUnopened(const Mark& mark) {
    if (!mark.tag->unopened || mark.fenced || mark.in_code || !StandsApart(mark)) return false;
    const std::string_view before = text_.substr(done_, mark.begin - done_);
    return found_ ? Take(before, {}, mark.end) : Take({}, before, mark.end);
  }

  // Unlike a tag that a sentence mentions.
  bool StandsApart(const Mark& mark) const {
    const char before = mark.begin > 0 ? text_[mark.begin - 1] : '\n';
    if (kQuotes.find(before) != std::string_view::npos) return false;
    if (mark.line_start || mark.line_end) return true;
    const char after = text_[mark.end];  // not at the end of the line
    const bool letter_or_digit = (ToLower(after) >= 'a' && ToLower(after) <= 'z') || (after >= '0' && after <= '9');
    const bool markup = after == '*' || after == '#' || after == '$' || after == '\\' || after == '<';
    return before != '*' && (letter_or_digit || markup);
  }

  bool TakeBlock(const Mark& open, const TagFinder& finder) {
    if (open.fenced || open.in_code) return false;
    const bool begins = BeginsText(open.begin);
    const bool inline_opening = !open.line_start && !begins;
    if (inline_opening && !open.line_end) return false;
    if (!open.tag->anywhere && !begins) return false;
    std::size_t& refused_until = refused_until_[Index(open)];
    if (inline_opening && open.begin < refused_until) return false;
    Mark close;
    if (FindClose(open, finder, close)) {
      if (inline_opening && !close.line_start && !close.line_end) {
        refused_until = close.end;
        return false;
      }
      if (!open.tag->anywhere && IsBlank(text_.substr(close.end))) return false;
      return Take(text_.substr(done_, open.begin - done_), text_.substr(open.end, close.begin - open.end), close.end);
    }
    if (!open.tag->unclosed || inline_opening || !(begins || open.line_end)) return false;
    return Take(text_.substr(done_, open.begin - done_), text_.substr(open.end), text_.size());
  }

  // The closing tag that balances `open`; else the last one; else the first one in a fence.
  bool FindClose(const Mark& open, const TagFinder& finder, Mark& close) {
    std::size_t& unclosed_from = unclosed_from_[Index(open)];
    if (open.begin >= unclosed_from) return false;
    MarkScanner scanner(text_, open.end, finder);
    Mark mark;
    Mark fenced;
    std::size_t depth = 1;
    std::size_t content = SkipWhiteSpace(text_, open.end);  // of the block
    close.tag = nullptr;
    while (scanner.Next(mark)) {
      if (mark.tag != open.tag || mark.in_code) continue;
      if (!mark.closing) {
        const bool repeated = mark.begin == content;
        if (repeated) content = SkipWhiteSpace(text_, mark.end);
        if (mark.line_start && !mark.fenced && !repeated) ++depth;
      } else if (mark.fenced) {
        if (fenced.tag == nullptr) fenced = mark;
      } else {
        close = mark;
        if (--depth == 0) return true;
      }
    }
    if (close.tag == nullptr) close = fenced;
    if (close.tag == nullptr) unclosed_from = open.begin;
    return close.tag != nullptr;
  }

  static constexpr std::string_view kQuotes = "`\"'(";

  std::string_view text_;
  ReasoningSplit split_;
  std::size_t done_ = 0;    // everything before is in `split_`
  std::size_t first_text_;  // the first place from `done_` on that is not white space
  bool found_ = false;
  // By tag, so that no text is searched once an opening tag.
  std::array<std::size_t, kTags.size()> unclosed_from_{};  // from here on no closing tag follows
  std::array<std::size_t, kTags.size()> refused_until_{};  // before here the closing tag stands within a sentence
};

void RemoveWrapper(std::string& answer) {
  for (const Wrapper& wrapper : kWrappers) {
    if (!StartsWithTag(answer, wrapper.open)) continue;
    std::string_view inner = std::string_view(answer).substr(wrapper.open.size());
    if (EndsWithTag(inner, wrapper.close)) {
      inner.remove_suffix(wrapper.close.size());
    } else if (wrapper.open.empty() ||
               std::search(inner.begin(), inner.end(), wrapper.close.begin(), wrapper.close.end(),
                           [](char a, char b) { return ToLower(a) == ToLower(b); }) != inner.end()) {
      continue;  // text follows the wrapped part: which of them is the answer is not ours to say
    }
    answer = std::string(StripWhiteSpace(inner));
    return;
  }
}

constexpr std::string_view kChannel = "<|channel|>";
constexpr std::string_view kMessage = "<|message|>";
constexpr std::string_view kStart = "<|start|>";

// The end of a harmony message's content that begins at `from`.
std::size_t ContentEnd(std::string_view text, std::size_t from) {
  std::size_t end = text.size();
  for (const std::string_view mark :
       {std::string_view("<|end|>"), std::string_view("<|return|>"), std::string_view("<|call|>"), kStart, kChannel}) {
    end = std::min(end, text.find(mark, from));
  }
  return end;
}

// gpt-oss, "harmony" format: messages on channels, of which only `final` is for the reader of the answer.
std::optional<ReasoningSplit> SplitChannels(std::string_view text) {
  constexpr std::string_view kFinal = "<|start|>assistant<|channel|>final<|message|>";
  std::size_t at = text.find(kChannel);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view begin = StripWhiteSpace(text);
  // Where the template held the opening of the first channel, only the last switch shows.
  const bool unopened = !begin.starts_with(kChannel) && !begin.starts_with(kStart);
  const std::size_t switched = text.find(kFinal);
  if (unopened && (switched == std::string_view::npos || (switched > 0 && text[switched - 1] == '`'))) {
    return std::nullopt;
  }
  ReasoningSplit split;
  if (unopened) AppendPart(text.substr(0, ContentEnd(text, 0)), split.reasoning);
  while (at != std::string_view::npos) {
    const std::size_t name = at + kChannel.size();
    const std::size_t message = text.find(kMessage, name);
    if (message == std::string_view::npos) break;
    const std::size_t content = message + kMessage.size();
    const std::size_t end = ContentEnd(text, content);
    const bool is_final = text.substr(name).starts_with("final");
    AppendPart(text.substr(content, end - content), is_final ? split.answer : split.reasoning);
    at = text.find(kChannel, end);
  }
  return split;
}

// The same after a tokenizer dropped its special tokens: "analysis...assistantfinal...".
std::optional<ReasoningSplit> SplitFlattenedChannels(std::string_view text) {
  constexpr std::string_view kAnalysis = "analysis";
  constexpr std::string_view kSwitch = "assistantfinal";
  text = StripWhiteSpace(text);
  if (!text.starts_with(kAnalysis)) return std::nullopt;
  const std::size_t at = text.find(kSwitch);
  if (at == std::string_view::npos) return std::nullopt;
  ReasoningSplit split;
  AppendPart(text.substr(kAnalysis.size(), at - kAnalysis.size()), split.reasoning);
  AppendPart(text.substr(at + kSwitch.size()), split.answer);
  return split;
}

}  // namespace

std::optional<ReasoningSplit> SplitReasoning(std::string_view text) {
  auto split = SplitChannels(text);
  if (!split) split = SplitFlattenedChannels(text);
  if (!split) split = TagSplitter(text).Split();
  if (split) RemoveWrapper(split->answer);
  return split;
}

}  // namespace stemma::text
