#include "lib/report/same_words.h"

#include <cmath>

#include "absl/strings/str_format.h"

namespace stemma::report {
namespace {

std::string HowDealt(const SameResult& result) {
  return result.method == PermutationMethod::kExact
             ? absl::StrFormat("all %d ways of dealing the answers", result.dealings)
             : absl::StrFormat("%d random ways of dealing the answers", result.dealings - 1);
}

std::string Undecided(const SameResult& result) {
  switch (result.reason) {
    case SameReason::kAllCopies:
      return "at every prompt all answers are the same text. One model that decodes greedily would give that, and so would "
             "a copied file: nothing here tells them apart.";
    case SameReason::kAlphaUnreachable:
      return absl::StrFormat("no answers to so few prompts could give p <= %g (the smallest p possible is %.3g); ask more "
                             "prompts.",
                             result.options.alpha, result.smallest_p);
    case SameReason::kOneSampleOfA:
      return absl::StrFormat("no difference was found (p = %.3g), which does not make them the same. To test that, give a "
                             "rerun of A: --also-a FILE, or several samples a prompt.",
                             result.p_value);
    case SameReason::kFewPrompts:
      return absl::StrFormat("no difference was found (p = %.3g), and A has several samples at fewer than %d prompts, too "
                             "few to test for sameness.",
                             result.p_value, kMinEquivalencePrompts);
    default:
      return absl::StrFormat("no difference was found (p = %.3g), and neither could it be shown that B is as like A as A "
                             "is like itself, within the margin of %g.",
                             result.p_value, result.options.margin);
  }
}

}  // namespace

std::string SameSentence(const SameResult& result) {
  switch (result.verdict) {
    case SameVerdict::kDifferent:
      return absl::StrFormat("the answers of A and B differ in more than chance does (p = %.3g, by %s).%s", result.p_value,
                             HowDealt(result),
                             result.within_margin ? " The difference is smaller than the margin all the same." : "");
    case SameVerdict::kSameWithinMargin:
      return absl::StrFormat("B is as like A as A is like itself, within the margin of %g, and no difference was found "
                             "(p = %.3g, by %s).",
                             result.options.margin, result.p_value, HowDealt(result));
    case SameVerdict::kInconclusive:
      return Undecided(result);
  }
  return "";
}

std::string SameSentence(const SameStreamResult& result) {
  const double e_value = std::pow(10, result.e_value_log10);
  if (result.verdict == SameVerdict::kDifferent) {
    return absl::StrFormat("after %d prompts the answers of A and B differ in more than chance does (e = %.3g, 1 / alpha "
                           "is %.3g).",
                           result.n_prompts, e_value, 1 / result.alpha);
  }
  return absl::StrFormat("after all %d prompts no difference was found (e = %.3g, 1 / alpha is %.3g). More prompts may be "
                         "added at any time; betting never ends in sameness.",
                         result.n_prompts, e_value, 1 / result.alpha);
}

std::string SameCopiesSentence(const SameCopies& copies, std::size_t prompts) {
  if (copies.prompts == 0) return "";
  std::string own;
  if (copies.compared_own > 0) {
    own = absl::StrFormat(" A's own samples repeat each other at %d of %d.", copies.own_prompts, copies.compared_own);
  }
  return absl::StrFormat("at %d of %d prompts an answer of B is, text for text, one of A's; at %d of them it has 50 tokens "
                         "or more.%s Greedy decoding gives that, and so does a copied file. Where all answers to a prompt "
                         "are the same, it tells the test nothing.",
                         copies.prompts, prompts, copies.long_prompts, own);
}

std::vector<Remark> SameLimitations() {
  return {
      {"these_prompts",
       "This is about these two sets of answers. Prompts are the units: nothing here speaks of other prompts, nor of models "
       "in general."},
      {"same_setting",
       "The test is of the model and its setting together. Another temperature, system prompt, precision, host or date can "
       "be found different while the weights are the same; who serves what, it cannot say."},
      {"exchangeable",
       "It takes each prompt's answers as drawn one by one, anew: both sides must have been asked the same text, and "
       "neither picked among answers."},
      {"no_difference_found", "No difference found is not sameness: see what these prompts could have found."},
  };
}

}  // namespace stemma::report
