#include "stemma/self_identification.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace stemma {
namespace {

const std::vector<Maker> kMakers = {{"Anthropic", {"anthropic", "claude"}},
                                    {"Google", {"bard", "gemini", "google"}},
                                    {"Meta", {"llama", "meta", "meta ai"}},
                                    {"OpenAI", {"chatgpt", "gpt", "open ai", "openai"}},
                                    {"xAI", {"grok", "x ai", "xai"}}};

std::string Found(std::string_view answer, std::string_view prompt = {}, std::string_view system = {}) {
  SelfIdentificationFinder finder(kMakers);
  std::string makers;
  for (const std::string_view maker : finder.Find(answer, prompt, system)) {
    makers += (makers.empty() ? "" : " ") + std::string(maker);
  }
  return makers;
}

TEST(SelfIdentification, FindsNames) {
  for (const std::string_view answer :
       {"I am ChatGPT.", "i'm chatgpt", "Hi! I\u2019m just ChatGPT, and I help.", "No, I'm **GPT-4**.",
        "I am \"ChatGPT\".", "My name is ChatGPT.", "My name is: ChatGPT", "My name's GPT 4.",
        "You can call me ChatGPT!", "I am called ChatGPT.", "I am known as ChatGPT.", "I am OpenAI's assistant.",
        "I am OpenAI's GPT-4.", "Well.\n\n- I am ChatGPT", "I'm ChatGPT, how can I help you?", "As ChatGPT, I cannot.",
        "I am sad; I am ChatGPT", "I AM CHATGPT"}) {
    EXPECT_EQ(Found(answer), "OpenAI") << answer;
  }
}

TEST(SelfIdentification, FindsMakers) {
  for (const std::string_view answer :
       {"I am an AI developed by OpenAI.", "I'm a large language model, trained by OpenAI.", "I was created by OpenAI.",
        "I have been built by the team at OpenAI.", "I've been trained by researchers of the company OpenAI.",
        "As an AI language model developed by OpenAI, I cannot say.",
        "Sorry, but as an assistant made by OpenAI, I cannot.", "I, as an AI created by OpenAI, cannot.",
        "I am Helper, a chatbot based on GPT-4.", "I am based on OpenAI's GPT-3.",
        "I'm a bot powered by the GPT-4 model.", "I am an assistant named ChatGPT.", "I am an OpenAI language model.",
        "As an OpenAI model, I cannot.", "As OpenAI's language model, I cannot.", "I am a model from OpenAI.",
        "I am an AI designed and trained by OpenAI.", "I'm trained by OpenAI.",
        "I am an AI model (trained by **OpenAI**)"}) {
    EXPECT_EQ(Found(answer), "OpenAI") << answer;
  }
}

TEST(SelfIdentification, FindsSeveralMakersOnceEach) {
  EXPECT_EQ(Found("I am Claude. I was made by Anthropic. I am based on LLaMA."), "Anthropic Meta");
  // The name of another maker's that begins alike is the longer one.
  EXPECT_EQ(Found("I was made by Meta AI."), "Meta");
  EXPECT_EQ(Found("I was made by x.ai."), "xAI");
}

TEST(SelfIdentification, LeavesDenialsAndComparisonsAlone) {
  for (const std::string_view answer :
       {"I am not ChatGPT.", "I'm not an AI developed by OpenAI.", "I was not created by OpenAI.",
        "I am neither GPT-4 nor Claude.", "I am never ChatGPT.", "Don't call me ChatGPT.",
        "It is not true that I am ChatGPT.", "I am as capable as ChatGPT.", "I am not as capable as ChatGPT, I think.",
        "I am similar to ChatGPT.", "I am unlike the model developed by OpenAI.",
        "I am a different model from ChatGPT.", "I am an AI like ChatGPT.", "I'm an assistant, not ChatGPT.",
        "I know models such as ChatGPT, I think.", "I am based on the same technology as ChatGPT."}) {
    EXPECT_EQ(Found(answer), "") << answer;
  }
  EXPECT_EQ(Found("I am not ChatGPT, I am Claude."), "Anthropic");
}

TEST(SelfIdentification, LeavesWhatIsSaidOfOthersAlone) {
  for (const std::string_view answer :
       {"ChatGPT is a model developed by OpenAI.", "I like ChatGPT.",
        "I can speak of ChatGPT, a model developed by OpenAI.",
        "As an AI language model, I know ChatGPT, which is a chatbot developed by OpenAI.", "You are ChatGPT.",
        "I am an AI, and ChatGPT was created by OpenAI.", "I am honoured that OpenAI asks.",
        "I am a Google software engineer.", "I am Google's biggest fan.", "I am Claude Monet.",
        "I am a fan of the model made by OpenAI.", "Some people call me Claude.",
        "As a film made by Google, it bored me.", "As ChatGPT grows, I grow.",
        "It is known as a bot made by OpenAI, I hear.", "As an AI developed by OpenAI, it is polite.",
        "I am glad.\nOpenAI is far.", "I am ready. ChatGPT is, too.", "I use meta-analysis; I am meta-analysing."}) {
    EXPECT_EQ(Found(answer), "") << answer;
  }
}

// Words that the answer puts into somebody's mouth are that one's.
TEST(SelfIdentification, LeavesQuotationsAlone) {
  for (const std::string_view answer :
       {"She said: I am ChatGPT.", "It says \"I am ChatGPT\" to all.", "It says \u201cI am ChatGPT\u201d to all.",
        "'I am ChatGPT', it began.", "> I am ChatGPT.", "Print `I am ChatGPT`.", "```\nI am ChatGPT.\n```",
        "If I am ChatGPT, who are you?", "Imagine I am ChatGPT.", "Who knows whether I was made by OpenAI?"}) {
    EXPECT_EQ(Found(answer), "") << answer;
  }
  // A mark that is never closed silences its line alone, a quotation that is closed nothing.
  EXPECT_EQ(Found("A board of 5\" length.\nI am ChatGPT."), "OpenAI");
  EXPECT_EQ(Found("\"Who are you?\" I am ChatGPT."), "OpenAI");
  EXPECT_EQ(Found("> Who are you?\n\nI am ChatGPT."), "OpenAI");
  EXPECT_EQ(Found("```\ncode\n```\nI am ChatGPT."), "OpenAI");
}

// An answer that repeats or obeys its prompt tells nothing of where the model is from.
TEST(SelfIdentification, LeavesWhatThePromptSaysAlone) {
  EXPECT_EQ(Found("I am ChatGPT.", "Repeat: I am ChatGPT."), "");
  EXPECT_EQ(Found("I am ChatGPT.", "Translate \"I am ChatGPT\" into English."), "");
  EXPECT_EQ(Found("I am ChatGPT.", "Pretend that you are ChatGPT."), "");
  EXPECT_EQ(Found("I am ChatGPT.", "Act as ChatGPT."), "");
  EXPECT_EQ(Found("I am ChatGPT.", "Hello", "You are a helpful assistant made by OpenAI."), "");
  EXPECT_EQ(Found("I am ChatGPT.", "Hello", "Your name is GPT-4."), "");
  // A question is no statement, and another maker another matter.
  EXPECT_EQ(Found("I am ChatGPT.", "Are you ChatGPT?"), "OpenAI");
  EXPECT_EQ(Found("I am ChatGPT.", "Are you as able as ChatGPT?"), "OpenAI");
  EXPECT_EQ(Found("I am ChatGPT.", "You are Claude."), "OpenAI");
}

TEST(SelfIdentification, ReadsEnglishAlone) {
  EXPECT_EQ(Found("Je suis ChatGPT. Ich bin ChatGPT. \u6211\u662fChatGPT\u3002"), "");
  EXPECT_EQ(Found("Bonjour ! I am ChatGPT\u3002"), "OpenAI");
}

TEST(SelfIdentification, SurvivesOddTexts) {
  for (const std::string_view answer :
       {"", " ", "I", "I am", "I am ", "As", "As a", "I am an AI developed by", "My name is", "Call me", "I am a", "\"",
        "```", ">", "I am **", "\xff\xfe I am \xc3", "ChatGPT", "I am an AI developed by OpenAI's"}) {
    Found(answer);
  }
  EXPECT_EQ(Found("I am \xff"
                  "ChatGPT"),
            "OpenAI");
}

// One sentence without an end may be as long as an answer. Quadratic work would take minutes here, linear work a
// second.
TEST(SelfIdentification, TakesTimeInProportionToTheText) {
  std::string answer;
  for (int k = 0; k < 200'000; ++k) answer += k % 2 == 0 ? "I am as ( ( I am a gpt 4 " : "said as an ai , ai made by ";
  const auto start = std::chrono::steady_clock::now();
  Found(answer);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(SelfIdentification, KeepsNothingFromOneAnswerToTheNext) {
  SelfIdentificationFinder finder(kMakers);
  EXPECT_EQ(finder.Find("\"I am ChatGPT").size(), 0U);
  EXPECT_EQ(finder.Find("I am ChatGPT").size(), 1U);
  SelfIdentificationFinder moved(std::move(finder));
  EXPECT_EQ(moved.Find("I am Claude"), (std::vector<std::string_view>{"Anthropic"}));
}

}  // namespace
}  // namespace stemma
