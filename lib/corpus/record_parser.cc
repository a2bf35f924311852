#include "lib/corpus/record_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/corpus/json_check.h"
#include "lib/corpus/record_stream.h"
#include "lib/text/white_space.h"

namespace stemma::corpus {
namespace {

namespace dom = simdjson::dom;

static_assert(kRecordPadding >= simdjson::SIMDJSON_PADDING);

constexpr std::string_view kAllowedRecords =
    "allowed are objects {prompt or prompt_id, response}, {instruction, output} or {messages}";

enum Field : std::size_t {
  kModel,
  kPrompt,
  kPromptId,
  kResponse,
  kSample,
  kReasoning,
  kReasoningContent,
  kSystem,
  kLanguage,
  kMessages,
  kInstruction,
  kOutput,
  kGenerator,
  kFieldCount,
};

constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "model",  "prompt",   "prompt_id", "response",    "sample", "reasoning", "reasoning_content",
    "system", "language", "messages",  "instruction", "output", "generator"};

std::string_view TypeName(const dom::element& value) {
  switch (value.type()) {
    case dom::element_type::ARRAY:
      return "an array";
    case dom::element_type::OBJECT:
      return "an object";
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
      return "a number";
    case dom::element_type::STRING:
      return "a string";
    case dom::element_type::BOOL:
      return "a boolean";
    case dom::element_type::NULL_VALUE:
      break;
  }
  return "null";
}

// How a value of the wrong kind is shown: integers by value, the rest by type.
std::string Shown(const dom::element& value) {
  std::int64_t integer = 0;
  if (value.get(integer) == simdjson::SUCCESS) return absl::StrFormat("%d", integer);
  return std::string(TypeName(value));
}

// simdjson 3 lets a lone low surrogate pass and writes it as ill-formed UTF-8. True where `text` may hold one: an
// escape \uDC00..\uDFFF that does not follow \uD800..\uDBFF, or what looks like it behind an escaped backslash.
bool MayHoldLoneLowSurrogate(std::string_view text) {
  const auto is_escape = [&](std::size_t at, char low, char high) {
    const char third = static_cast<char>(text[at + 3] | 0x20);
    return text[at] == '\\' && text[at + 1] == 'u' && (text[at + 2] | 0x20) == 'd' && third >= low && third <= high;
  };
  for (std::size_t at = text.find("\\u"); at != std::string_view::npos; at = text.find("\\u", at + 2)) {
    if (at + 4 > text.size() || !is_escape(at, 'c', 'f')) continue;
    const bool paired = at >= 6 && (is_escape(at - 6, '8', '9') || is_escape(at - 6, 'a', 'b'));
    if (!paired || (at >= 7 && text[at - 7] == '\\')) return true;
  }
  return false;
}

// Numbers that fit no machine type are JSON all the same. In a field that nobody reads they do no harm, and in one that
// is read they still have the wrong type: 0.5 stands in for them.
std::string WithoutHugeNumbers(std::string_view text, const std::vector<JsonNumber>& numbers) {
  constexpr std::size_t kAlwaysFits = 18;  // digits of a 64-bit integer
  constexpr std::string_view kStandIn = "0.5";
  std::string out(text);
  for (const JsonNumber& number : numbers) {
    const std::size_t size = number.end - number.begin;
    const std::string_view digits = text.substr(number.begin, size);
    const bool is_integer = digits.find_first_of(".eE") == std::string_view::npos;
    if ((is_integer && size <= kAlwaysFits) || size < kStandIn.size()) continue;
    out.replace(number.begin, size, std::string(kStandIn) + std::string(size - kStandIn.size(), ' '));
  }
  return out;
}

void AppendBlock(std::string_view text, std::string& out) {
  if (text.empty()) return;
  if (!out.empty()) out += "\n\n";
  out += text;
}

}  // namespace

class RecordParser::Impl {
 public:
  std::optional<RecordProblem> Parse(std::string_view text, ParsedRecord& record) {
    record = ParsedRecord();
    problem_.reset();
    text_ = text;
    dom::object object;
    if (ParseObject(object) && CollectFields(object)) Fill(record);
    return std::exchange(problem_, std::nullopt);
  }

 private:
  struct Message {
    std::string_view role;
    std::string content;
    std::string reasoning;
  };

  // Always false, to be returned.
  bool Fail(std::string reason, std::size_t at = 0) {
    problem_ = RecordProblem{at, std::move(reason)};
    return false;
  }

  bool FailJson() {
    auto problem = FindJsonProblem(text_);
    return Fail(std::move(problem->reason), problem->at);
  }

  bool ParseObject(dom::object& object) {
    if (MayHoldLoneLowSurrogate(text_) && FindJsonProblem(text_)) return FailJson();
    dom::element root;
    auto error = parser_.parse(text_.data(), text_.size(), false).get(root);
    if (error != simdjson::SUCCESS) {
      std::vector<JsonNumber> numbers;
      if (FindJsonProblem(text_, &numbers)) return FailJson();
      error = parser_.parse(WithoutHugeNumbers(text_, numbers)).get(root);
    }
    if (error != simdjson::SUCCESS) return Fail(simdjson::error_message(error));
    if (root.get(object) == simdjson::SUCCESS) return true;
    return Fail(absl::StrFormat("the record is %s; %s", TypeName(root), kAllowedRecords));
  }

  bool CollectFields(const dom::object& object) {
    fields_.fill(std::nullopt);
    for (const auto& [key, value] : object) {
      const auto name = std::find(kFieldNames.begin(), kFieldNames.end(), key);
      if (name == kFieldNames.end()) continue;
      auto& field = fields_[static_cast<std::size_t>(name - kFieldNames.begin())];
      if (field) return Fail(absl::StrFormat("field `%s` stands twice", key));
      field = value;
    }
    return true;
  }

  // Whether the field stands in the record, be it null.
  bool Has(Field field) const { return fields_[field].has_value(); }
  bool IsGiven(Field field) const { return Has(field) && !fields_[field]->is_null(); }

  // An absent or null string reads as empty.
  bool ReadString(const std::optional<dom::element>& value, std::string_view name, std::string_view& out) {
    out = {};
    if (!value || value->is_null() || value->get(out) == simdjson::SUCCESS) return true;
    return Fail(absl::StrFormat("`%s` must be a string, got %s", name, TypeName(*value)));
  }
  bool ReadString(Field field, std::string_view& out) { return ReadString(fields_[field], kFieldNames[field], out); }

  bool ReadPromptId(std::string_view& out) {
    const auto& value = fields_[kPromptId];
    std::uint64_t number = 0;
    std::int64_t negative = 0;
    if (value && value->get(number) == simdjson::SUCCESS) {
      prompt_id_ = absl::StrFormat("%d", number);
    } else if (value && value->get(negative) == simdjson::SUCCESS) {
      prompt_id_ = absl::StrFormat("%d", negative);
    } else if (value && !value->is_null() && !value->is_string()) {
      return Fail(absl::StrFormat("`prompt_id` must be a string or a 64-bit integer, got %s", TypeName(*value)));
    } else {
      return ReadString(kPromptId, out);
    }
    out = prompt_id_;
    return true;
  }

  bool ReadSample(std::optional<std::uint32_t>& out) {
    const auto& value = fields_[kSample];
    if (!value || value->is_null()) return true;
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t sample = 0;
    if (value->get(sample) != simdjson::SUCCESS || sample > kMax) {
      return Fail(absl::StrFormat("`sample` must be an integer in [0, %d], got %s", kMax, Shown(*value)));
    }
    out = static_cast<std::uint32_t>(sample);
    return true;
  }

  bool Fill(ParsedRecord& record) {
    std::string_view generator;
    std::string_view reasoning_content;
    if (!ReadString(kModel, record.model) || !ReadPromptId(record.prompt_id) || !ReadSample(record.sample) ||
        !ReadString(kReasoning, record.reasoning) || !ReadString(kReasoningContent, reasoning_content) ||
        !ReadString(kSystem, record.system) || !ReadString(kLanguage, record.language)) {
      return false;
    }
    if (record.reasoning.empty()) record.reasoning = reasoning_content;
    const bool is_chat = IsGiven(kMessages);
    const bool is_alpaca_eval = Has(kOutput) && Has(kInstruction) && !IsGiven(kResponse);
    if (is_chat) {
      record.format = InputFormat::kChat;
      if (!FillChat(record)) return false;
    } else if (is_alpaca_eval) {
      record.format = InputFormat::kAlpacaEval;
      if (!ReadString(kInstruction, record.prompt) || !ReadString(kOutput, record.response) ||
          !ReadString(kGenerator, generator)) {
        return false;
      }
      if (!generator.empty()) record.model = generator;
    } else if (Has(kResponse)) {
      record.format = InputFormat::kJsonLines;
      if (!ReadString(kPrompt, record.prompt) || !ReadString(kResponse, record.response)) return false;
    } else {
      return Fail(absl::StrFormat("no response in the record; %s", kAllowedRecords));
    }
    if (!text::StripWhiteSpace(record.prompt).empty() || !record.prompt_id.empty()) return true;
    const std::string_view field = is_chat ? "messages" : is_alpaca_eval ? "instruction" : "prompt";
    return Fail(absl::StrFormat("no prompt in the record: no `prompt_id`, and no text in `%s`", field));
  }

  bool FillChat(ParsedRecord& record) {
    if (!ReadMessages()) return false;
    const auto is_assistant = [](const Message& message) { return message.role == "assistant"; };
    const auto last = std::find_if(messages_.rbegin(), messages_.rend(), is_assistant);
    std::size_t prompt_end = messages_.size();
    if (IsGiven(kResponse)) {
      if (!messages_.empty() && is_assistant(messages_.back())) {
        return Fail("both `response` and a last message of the assistant: which one is the response?");
      }
      if (!ReadString(kResponse, record.response)) return false;
    } else if (last != messages_.rend()) {
      prompt_end = static_cast<std::size_t>(messages_.rend() - last) - 1;
      record.response = messages_[prompt_end].content;
      reasoning_ = std::string(record.reasoning);
      AppendBlock(messages_[prompt_end].reasoning, reasoning_);
      record.reasoning = reasoning_;
    } else {
      return Fail("no message with role `assistant` in `messages`");
    }
    FillPrompt(prompt_end, record);
    return true;
  }

  void FillPrompt(std::size_t end, ParsedRecord& record) {
    system_ = std::string(record.system);
    prompt_.clear();
    std::vector<const Message*> turns;
    for (std::size_t k = 0; k < end; ++k) {
      const Message& message = messages_[k];
      if (message.role == "system" || message.role == "developer") {
        AppendBlock(message.content, system_);
      } else {
        turns.push_back(&message);
      }
    }
    record.system = system_;
    if (turns.size() == 1 && turns.front()->role == "user") {
      record.prompt = turns.front()->content;
      return;
    }
    for (const Message* turn : turns) AppendBlock(absl::StrFormat("%s: %s", turn->role, turn->content), prompt_);
    record.prompt = prompt_;
  }

  bool ReadMessages() {
    messages_.clear();
    dom::array array;
    if (fields_[kMessages]->get(array) != simdjson::SUCCESS) {
      return Fail(absl::StrFormat("`messages` must be an array, got %s", TypeName(*fields_[kMessages])));
    }
    for (const dom::element value : array) {
      const std::string name = absl::StrFormat("messages[%d]", messages_.size());
      if (!ReadMessage(value, name)) return false;
    }
    return true;
  }

  bool ReadMessage(const dom::element& value, const std::string& name) {
    dom::object object;
    if (value.get(object) != simdjson::SUCCESS) {
      return Fail(absl::StrFormat("`%s` must be an object, got %s", name, TypeName(value)));
    }
    Message message;
    std::string_view reasoning;
    std::string_view reasoning_content;
    if (!ReadString(Find(object, "role"), name + ".role", message.role) ||
        !ReadString(Find(object, "reasoning"), name + ".reasoning", reasoning) ||
        !ReadString(Find(object, "reasoning_content"), name + ".reasoning_content", reasoning_content)) {
      return false;
    }
    if (message.role.empty()) return Fail(absl::StrFormat("`%s` has no `role`", name));
    message.reasoning = reasoning.empty() ? reasoning_content : reasoning;
    if (!ReadContent(Find(object, "content"), name + ".content", message)) return false;
    messages_.push_back(std::move(message));
    return true;
  }

  static std::optional<dom::element> Find(const dom::object& object, std::string_view name) {
    dom::element value;
    if (object.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
  }

  bool ReadContent(const std::optional<dom::element>& value, const std::string& name, Message& message) {
    std::string_view content;
    dom::array parts;
    if (!value || value->is_null()) return true;
    if (value->get(content) == simdjson::SUCCESS) {
      message.content = content;
      return true;
    }
    if (value->get(parts) != simdjson::SUCCESS) {
      return Fail(absl::StrFormat("`%s` must be a string or an array of text parts, got %s", name, TypeName(*value)));
    }
    std::size_t index = 0;
    for (const dom::element part : parts) {
      if (!ReadPart(part, absl::StrFormat("%s[%d]", name, index++), message)) return false;
    }
    return true;
  }

  // {type: text, text}; a {type: thinking, thinking} beside it goes to the reasoning.
  bool ReadPart(const dom::element& value, const std::string& name, Message& message) {
    dom::object object;
    if (value.get(object) != simdjson::SUCCESS) {
      return Fail(absl::StrFormat("`%s` must be an object, got %s", name, TypeName(value)));
    }
    std::string_view type;
    std::string_view text;
    if (!ReadString(Find(object, "type"), name + ".type", type)) return false;
    if (type == "thinking") {
      if (!ReadString(Find(object, "thinking"), name + ".thinking", text)) return false;
      AppendBlock(text, message.reasoning);
      return true;
    }
    if (type != "text" && type != "input_text" && type != "output_text") {
      return Fail(absl::StrFormat("`%s` must have type `text`, got `%s`", name, type));
    }
    if (!Find(object, "text")) return Fail(absl::StrFormat("`%s` has no `text`", name));
    if (!ReadString(Find(object, "text"), name + ".text", text)) return false;
    if (!message.content.empty()) message.content += '\n';
    message.content += text;
    return true;
  }

  dom::parser parser_;
  std::string_view text_;
  std::optional<RecordProblem> problem_;
  std::array<std::optional<dom::element>, kFieldCount> fields_;
  std::vector<Message> messages_;
  // What views of the record may point into.
  std::string prompt_;
  std::string prompt_id_;
  std::string system_;
  std::string reasoning_;
};

RecordParser::RecordParser() : impl_(std::make_unique<Impl>()) {}
RecordParser::~RecordParser() = default;

std::optional<RecordProblem> RecordParser::Parse(std::string_view text, ParsedRecord& record) {
  return impl_->Parse(text, record);
}

}  // namespace stemma::corpus
