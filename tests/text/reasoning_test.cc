#include "lib/text/reasoning.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace stemma::text {
namespace {

// Without reasoning, the answer is the text as it stands.
ReasoningSplit Split(std::string_view text) {
  auto split = SplitReasoning(text);
  return split ? *split : ReasoningSplit{std::string(text), "(none)"};
}

ReasoningSplit Expected(std::string answer, std::string reasoning) { return {std::move(answer), std::move(reasoning)}; }

ReasoningSplit Untouched(std::string_view text) { return {std::string(text), "(none)"}; }

}  // namespace

// Readable failures.
void PrintTo(const ReasoningSplit& split, std::ostream* out) {
  *out << "{answer: \"" << split.answer << "\", reasoning: \"" << split.reasoning << "\"}";
}

namespace {

TEST(Reasoning, SplitsEveryFamily) {
  for (const auto& [open, close] : {std::pair<std::string, std::string>{"<think>", "</think>"},
                                    {"<thinking>", "</thinking>"},
                                    {"<thought>", "</thought>"},
                                    {"<reasoning>", "</reasoning>"},
                                    {"<seed:think>", "</seed:think>"},
                                    {"<longcat_think>", "</longcat_think>"},
                                    {"[THINK]", "[/THINK]"},
                                    {"◁think▷", "◁/think▷"},
                                    {"<|begin_of_thought|>", "<|end_of_thought|>"},
                                    {"<|START_THINKING|>", "<|END_THINKING|>"},
                                    {"<|inner_prefix|>", "<|inner_suffix|>"},
                                    {"<|channel>thought", "<channel|>"},
                                    {"[unused16]", "[unused17]"},
                                    {"Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"},
                                    {"Here is my thought process:", "Here is my response:"},
                                    {"Here's my thought process:", "Here's my response:"},
                                    {"<analysis>", "</analysis>"},
                                    {"<thoughts>", "</thoughts>"},
                                    {"<reason>", "</reason>"},
                                    {"<reflection>", "</reflection>"},
                                    {"<scratchpad>", "</scratchpad>"},
                                    {"<inner_monologue>", "</inner_monologue>"}}) {
    EXPECT_EQ(Split(open + "\nadd\n" + close + "\n\nfour"), Expected("four", "add"));
    EXPECT_EQ(Split("\n " + open + "add" + close + "four"), Expected("four", "add"));
  }
}

TEST(Reasoning, LeavesTextWithoutTagsAlone) {
  for (const std::string_view text :
       {"", "four", "a < b and [c] in Here", "<p>x</p>", "<thin", "</", "<", "[", "\xE2"}) {
    EXPECT_EQ(Split(text), Untouched(text));
  }
}

TEST(Reasoning, IgnoresCase) {
  EXPECT_EQ(Split("<Think>a</THINK>b"), Expected("b", "a"));
  EXPECT_EQ(Split("<|start_thinking|>a<|End_Thinking|>b"), Expected("b", "a"));
}

TEST(Reasoning, DropsTheEmptyBlockOfModelsToldNotToThink) {
  EXPECT_EQ(Split("<think>\n\n</think>\n\nfour"), Expected("four", ""));
  EXPECT_EQ(Split("</think>\n\nfour"), Expected("four", ""));
}

TEST(Reasoning, TakesEverythingAfterATagThatIsNeverClosed) {
  EXPECT_EQ(Split("<think>\nadd two and"), Expected("", "add two and"));
  EXPECT_EQ(Split("First part.\n<think>\nwait"), Expected("First part.", "wait"));
  EXPECT_EQ(Split("<think>"), Expected("", ""));
}

TEST(Reasoning, KeepsAnAnswerWhoseLineBeginsWithAnUnclosedTag) {
  const std::string_view text = "Tags:\n<think> opens the reasoning.";
  EXPECT_EQ(Split(text), Untouched(text));
}

TEST(Reasoning, TakesEverythingBeforeAClosingTagThatWasNeverOpened) {
  EXPECT_EQ(Split("add\n</think>\n\nfour"), Expected("four", "add"));
  EXPECT_EQ(Split("add.</think>\nfour"), Expected("four", "add."));
  EXPECT_EQ(Split("add\n</think> four"), Expected("four", "add"));
  EXPECT_EQ(Split("add.</think>Four"), Expected("Four", "add."));
  EXPECT_EQ(Split("add.</think>**Four**"), Expected("**Four**", "add."));
  EXPECT_EQ(Split("add</think>"), Expected("", "add"));
}

TEST(Reasoning, KeepsAnAnswerThatMentionsAClosingTag) {
  for (const std::string_view text : {"It ends with </think> and then the answer follows.", "It ends with `</think>`.",
                                      "The tag \"</think>\" ends it.", "Close it (with </think>).",
                                      "`</think>`\nis the tag", "Use **</think>** here", "</p></thinker> x"}) {
    EXPECT_EQ(Split(text), Untouched(text));
  }
}

TEST(Reasoning, KeepsTagsInCode) {
  for (const std::string_view text :
       {"Like so:\n```xml\n<think>\nx\n</think>\n```\nDone.", "~~~\n<think>\nx\n</think>\n~~~",
        "````\n```\n<think>a</think>\n```\n````", "1. item\n   ```\n   <think>\n   </think>\n   ```\n",
        "```\n</think>\n```", "`<think>` and `</think>` are tags", "A tag:\n\n    <think>\n    x\n"}) {
    EXPECT_EQ(Split(text), Untouched(text));
  }
}

TEST(Reasoning, FindsTagsAfterCode) {
  EXPECT_EQ(Split("```\n<think>\n```\n<think>a</think>b"), Expected("```\n<think>\n```\n\nb", "a"));
  EXPECT_EQ(Split("Use ```x``` here\n<think>\na\n</think>\nb"), Expected("Use ```x``` here\n\nb", "a"));
}

TEST(Reasoning, KeepsAPairWithinASentence) {
  const std::string_view text = "Put it between <think> and </think> tags.";
  EXPECT_EQ(Split(text), Untouched(text));
}

TEST(Reasoning, AcceptsAnOpeningAtTheEndOfALine) {
  EXPECT_EQ(Split("Sure! <think>\nadd\n</think>\nfour"), Expected("Sure!\n\nfour", "add"));
}

TEST(Reasoning, TakesBlocksInTheMiddle) {
  EXPECT_EQ(Split("one\n<think>a</think>\ntwo\n<think>b</think>\nthree"), Expected("one\n\ntwo\n\nthree", "a\n\nb"));
  EXPECT_EQ(Split("<think>a</think><think>b</think>four"), Expected("four", "a\n\nb"));
  EXPECT_EQ(Split("<think>a</think>\n[THINK]b[/THINK]\nfour"), Expected("four", "a\n\nb"));
}

TEST(Reasoning, BalancesNestedTags) {
  EXPECT_EQ(Split("<think>\na\n<think>\nb\n</think>\nc\n</think>\nfour"),
            Expected("four", "a\n<think>\nb\n</think>\nc"));
}

TEST(Reasoning, CountsARepeatedOpeningOnce) {
  EXPECT_EQ(Split("<think>\n<think>\nadd\n</think>\nfour"), Expected("four", "<think>\nadd"));
}

TEST(Reasoning, EndsAtTheLastClosingWhereTagsDoNotBalance) {
  EXPECT_EQ(Split("<think>\na\n<think>\nb\n</think>\nfour"), Expected("four", "a\n<think>\nb"));
}

TEST(Reasoning, DropsClosingTagsAfterABlock) {
  EXPECT_EQ(Split("<think>a</think>\none\n</think>\ntwo"), Expected("one\n\ntwo", "a"));
}

TEST(Reasoning, LooksForTheClosingTagOutsideCodeFirst) {
  EXPECT_EQ(Split("<think>\n```\n</think>\n```\na</think>\nfour"), Expected("four", "```\n</think>\n```\na"));
  // The model was cut off inside its code.
  EXPECT_EQ(Split("<think>\n```python\nx = 1\n</think>\nfour\n```\ny\n```"),
            Expected("four\n```\ny\n```", "```python\nx = 1"));
  EXPECT_EQ(Split("<think>the `</think>` tag\n</think>four"), Expected("four", "the `</think>` tag"));
}

TEST(Reasoning, CodeThatBeganInReasoningEndsWithIt) {
  EXPECT_EQ(Split("<think>\n```\nx</think>\nfour\n<think>b</think>\nfive"), Expected("four\n\nfive", "```\nx\n\nb"));
}

TEST(Reasoning, AskedForTagsNeedAnAnswerAfterThem) {
  for (const std::string_view text :
       {"<analysis>x</analysis>", "<analysis>\nx", "x</analysis>\ny", "See:\n<analysis>x</analysis>\ny",
        "Here is my thought process: I add.", "So. Here is my response: four"}) {
    EXPECT_EQ(Split(text), Untouched(text));
  }
  EXPECT_EQ(Split("<think>a</think>\n<reflection>b</reflection>\nfour"), Expected("four", "a\n\nb"));
}

TEST(Reasoning, AprielNeedsItsClosingLine) {
  EXPECT_EQ(Split("add\n[BEGIN FINAL RESPONSE]\nfour\n[END FINAL RESPONSE]"), Expected("four", "add"));
  EXPECT_EQ(Split("Here are my reasoning steps:\n1. add"), Untouched("Here are my reasoning steps:\n1. add"));
}

TEST(Reasoning, TakesWrappersOffTheAnswer) {
  EXPECT_EQ(Split("<think>a</think>\n<answer>\nfour\n</answer>"), Expected("four", "a"));
  EXPECT_EQ(Split("<Thought>a</Thought><Output>four</Output>"), Expected("four", "a"));
  EXPECT_EQ(Split("<|begin_of_thought|>a<|end_of_thought|>\n<|begin_of_solution|>four<|end_of_solution|>"),
            Expected("four", "a"));
  EXPECT_EQ(Split("<think>a</think><response>four"), Expected("four", "a"));
  EXPECT_EQ(Split("<think>a</think><answer>four</answer> or five"), Expected("<answer>four</answer> or five", "a"));
  EXPECT_EQ(Split("<answer>four</answer>"), Untouched("<answer>four</answer>"));
}

TEST(Reasoning, ReadsHarmonyChannels) {
  EXPECT_EQ(
      Split("<|channel|>analysis<|message|>add<|end|><|start|>assistant<|channel|>final<|message|>four<|return|>"),
      Expected("four", "add"));
  EXPECT_EQ(Split("<|start|>assistant<|channel|>analysis<|message|>add<|end|>"
                  "<|start|>assistant<|channel|>commentary to=functions.sum <|constrain|>json<|message|>{}<|call|>"
                  "<|start|>assistant<|channel|>final<|message|>four"),
            Expected("four", "add\n\n{}"));
  EXPECT_EQ(Split("<|channel|>analysis<|message|>cut off"), Expected("", "cut off"));
  EXPECT_EQ(Split("add<|end|><|start|>assistant<|channel|>final<|message|>four"), Expected("four", "add"));
  EXPECT_EQ(Split("analysisI add.assistantfinalFour"), Expected("Four", "I add."));
  for (const std::string_view text : {"analysis of the assistant", "It writes <|channel|>final<|message|> first.",
                                      "Say `<|start|>assistant<|channel|>final<|message|>` then."}) {
    EXPECT_EQ(Split(text), Untouched(text));
  }
}

// 2 MB that would take hours if any step were quadratic.
TEST(Reasoning, StaysLinearOnHostileText) {
  const auto repeat = [](std::string_view unit) {
    std::string text = "x";
    while (text.size() < 2'000'000) text += unit;
    return text;
  };
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string_view unit :
       {"\n<think> x", "<think>", "\n<think>", "x <think>\n", "</think>", "\n</think>\n", " </think> ",
        "<think></think>", "\n<think>\n<thinking>\n", "```\n", "```\n<think>\n", "`<think>", "<|channel|>",
        "<|channel|>final<|message|>", "[", "H"}) {
    SplitReasoning(repeat(unit));
    SplitReasoning(repeat(unit) + "a </think> b");
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(seconds.count(), 60);
}

}  // namespace
}  // namespace stemma::text
