#include <cmath>
#include <string>
#include <string_view>

#include "absl/strings/str_format.h"
#include "lib/report/same_words.h"
#include "lib/report/wrap.h"
#include "stemma/report.h"
#include "stemma/same_power.h"
#include "stemma/same_report.h"

namespace stemma {
namespace {

void AppendWrapped(std::string_view text, std::string& out) {
  constexpr std::size_t kIndent = 2;
  report::AppendWrapped("", text, kIndent, out);
}

// "0.123", "-0.0012", or "none" for what was not estimated.
std::string Number(double value) { return std::isnan(value) ? "none" : absl::StrFormat("%.4f", value); }

std::string WithInterval(const Estimate& estimate) {
  return absl::StrFormat("%s [%s, %s]", Number(estimate.value), Number(estimate.lower), Number(estimate.upper));
}

std::string Side(std::string_view name, const AnswerSamples& side, std::size_t compared) {
  return absl::StrFormat("%s  %s: %d answers to %d prompts in %d run%s; %d answers compared", name, Printable(side.model),
                         side.responses, side.prompts.size(), side.digests.size(), side.digests.size() == 1 ? "" : "s",
                         compared);
}

std::string Head(SameVerdict verdict, const std::string& sentence, const AnswerSamples& a, const AnswerSamples& b,
                 std::size_t samples_a, std::size_t samples_b, std::string_view copies) {
  std::string out;
  AppendWrapped(absl::StrFormat("%s: %s", NameOf(verdict), sentence), out);
  out += Side("A", a, samples_a) + "\n" + Side("B", b, samples_b) + "\n";
  if (!copies.empty()) AppendWrapped(absl::StrFormat("copies: %s", copies), out);
  out += "\nLIMITS\n";
  for (const Remark& remark : report::SameLimitations()) AppendWrapped("- " + remark.text, out);
  return out;
}

std::string AtPromptCounts(std::span<const double> values) {
  std::string out;
  for (const double value : values) {
    absl::StrAppendFormat(&out, "%8s", std::isnan(value) ? "-" : absl::StrFormat("%.3f", value));
  }
  return out;
}

void AppendStatistics(const SameResult& result, std::string& out) {
  absl::StrAppendFormat(&out, "\nTEST over %d prompts, %d of them with answers that differ; largest of these: %.2f\n",
                        result.n_prompts, result.n_informative, result.statistic);
  for (const SameStatistic& statistic : result.statistics) {
    absl::StrAppendFormat(&out, "  %-9s  %-14s  %7.2f deviations; effect %s\n", NameOf(statistic.kernel),
                          NameOf(statistic.design), statistic.standardised, WithInterval(statistic.effect));
  }
}

void AppendEquivalence(const SameResult& result, std::string& out) {
  if (result.equivalence.empty()) return;
  absl::StrAppendFormat(&out, "\nSAMENESS, unlikeness within %g both ways: %s\n", result.options.margin,
                        result.within_margin ? "shown" : "not shown");
  for (const SameUnlikeness& side : result.equivalence) {
    absl::StrAppendFormat(
        &out, "  %-9s  to %s: unlikeness %s, p = %.3g; likeness to itself %.3f, to the other %.3f, elsewhere %.3f\n",
        NameOf(side.kernel), side.to_a ? "A" : "B", WithInterval(side.unlikeness), side.p_value, side.own, side.other,
        side.elsewhere);
  }
}

void AppendPower(const SameResult& result, std::string& out) {
  std::string head = absl::StrFormat("\n%-52s", "POWER, by number of prompts");
  for (const std::size_t prompts : kPowerPrompts) absl::StrAppendFormat(&head, "%8d", prompts);
  out += head + "\n";
  for (const SameStatistic& statistic : result.statistics) {
    absl::StrAppendFormat(&out, "  effect found 4 times in 5, %-9s  %-13s%s\n", NameOf(statistic.kernel),
                          NameOf(statistic.design), AtPromptCounts(statistic.detectable));
  }
  for (const SamePower& power : MeasuredSamePower()) {
    const std::string pairs = absl::StrFormat("%d pair%s", power.pairs, power.pairs == 1 ? "" : "s");
    absl::StrAppendFormat(&out, "  share found elsewhere, %-16s %-9s %s\n", power.relation, pairs,
                          AtPromptCounts(power.found));
  }
}

}  // namespace

std::string SameToText(const AnswerSamples& a, const AnswerSamples& b, const SameResult& result) {
  std::string out = Head(result.verdict, report::SameSentence(result), a, b, result.samples_a, result.samples_b,
                         report::SameCopiesSentence(result.copies, result.n_prompts));
  AppendStatistics(result, out);
  AppendEquivalence(result, out);
  AppendPower(result, out);
  return out;
}

std::string SameToText(const AnswerSamples& a, const AnswerSamples& b, const SameStreamResult& result) {
  std::string out = Head(result.verdict, report::SameSentence(result), a, b, result.samples_a, result.samples_b,
                         report::SameCopiesSentence(result.copies, result.n_prompts));
  absl::StrAppendFormat(&out,
                        "\nBETTING on %d of %d shared prompts, in the order of B's file: e = %.3g, at most %.3g on the way, "
                        "p = %.3g\n",
                        result.n_prompts, result.n_shared, std::pow(10, result.e_value_log10),
                        std::pow(10, result.max_e_value_log10), result.p_value);
  AppendWrapped("looks are free as long as B's file only grows at its end and a prompt's answers are all there when the "
                "next begins.",
                out);
  return out;
}

}  // namespace stemma
