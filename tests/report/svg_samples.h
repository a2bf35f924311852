// The figures that the golden files hold: one of each kind as a report has it, and those that try to break it.
//
// Determinism: made-up numbers by plain arithmetic; nothing is drawn at random.
#ifndef STEMMA_TESTS_REPORT_SVG_SAMPLES_H_
#define STEMMA_TESTS_REPORT_SVG_SAMPLES_H_

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/report/svg/figures.h"

namespace stemma::svg {

struct Sample {
  std::string name;
  Figure figure;
};

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Markup, quotes, an entity, a control character, a bidirectional override, a character without width, ill-formed
// bytes, a name that is very long, CJK, an emoji family and a pile of combining marks.
inline std::vector<std::string> HostileLabels() {
  std::string marks = "z";
  for (int k = 0; k < 40; ++k) marks += "\u0336";
  return {"</svg></title><script>alert(1)</script>",
          "\"quoted\" & 'so' on &amp; ]]>",
          "bell\x07 and null" + std::string(1, '\0') + "end",
          "gpt-\u202e4-txeT\u202c",
          "gpt\u200b-4\ufeff",
          "ill\xff\xc0\x80-formed\xe2\x82",
          "a-very-long-name-of-a-model-that-somebody-uploaded-under-a-name-longer-than-any-figure-is-wide-v2.1-final",
          "通义千问-七二B-对话-增强版-长长的名字-第二版",
          "model 👨\u200d👩\u200d👧\u200d👦 family 🇩🇪",
          "pile " + marks,
          "",
          "line\nbreak\ttab"};
}

inline TippettPlot SampleTippett() {
  TippettPlot plot = {.name = {"tippett-weights", "Likelihood ratios of pairs of known truth: shared weights"}};
  for (int k = 0; k <= 80; ++k) {
    const double llr = -1.7 + 0.041 * k;
    plot.points.push_back({llr, 1 / (1 + std::exp(4 * (llr - 0.95))), 1 / (1 + std::exp(5 * (llr + 0.9)))});
  }
  plot.points.front().h1_at_least = plot.points.front().h2_at_least = 1;
  plot.bounds = {-1.36, 1.48};
  plot.present_case = {"present case", 1.2};
  return plot;
}

// Few pairs, LRs without limit, no bounds.
inline TippettPlot SampleTippettFew() {
  TippettPlot plot = {.name = {"tippett-few", "Five pairs, two of them with infinite likelihood ratios"}};
  plot.points = {{-kInfinity, 1, 1}, {-3.2, 1, 0.5}, {-0.4, 0.667, 0.5}, {2.5, 0.667, 0}, {kInfinity, 0.333, 0}};
  plot.present_case = {HostileLabels()[0], 4.6};
  return plot;
}

inline double NeutralCost(double prior_odds_log10) {
  const double p = 1 / (1 + std::pow(10, -prior_odds_log10));
  return -p * std::log2(p) - (1 - p) * std::log2(1 - p);
}

inline EcePlot SampleEce() {
  EcePlot plot = {.name = {"ece-distillation", "Cost of the likelihood ratios at each prior: distillation"}};
  for (int k = -30; k <= 30; ++k) {
    const double prior = k / 10.0, neutral = NeutralCost(prior);
    plot.points.push_back({prior, 0.62 * neutral + 0.02 * std::fabs(prior), 0.52 * neutral, neutral});
  }
  return plot;
}

// LRs that are worse than none, and at some priors cost infinitely much.
inline EcePlot SampleEceMisleading() {
  EcePlot plot = {.name = {"ece-misleading", "Likelihood ratios that are worse than none"}};
  for (int k = -20; k <= 20; ++k) {
    const double prior = k / 10.0, neutral = NeutralCost(prior);
    plot.points.push_back({prior, k > 15 ? kInfinity : 0.6 + std::exp(prior), 0.9 * neutral, neutral});
  }
  return plot;
}

inline RankP RankOf(const InnocentsPlot& plot) {
  std::vector<double> scores;
  for (const GroupScore& group : plot.groups) scores.push_back(group.score);
  return RankAmong(plot.candidate.score, scores, true);
}

inline InnocentsPlot SampleInnocents() {
  InnocentsPlot plot = {.name = {"innocents-gpt-4", "The candidate among groups of unrelated models"},
                        .score_title = "score (standard deviations of unrelated pairs)",
                        .candidate = {"tulu-2-dpo-70b", 2.31}};
  for (int k = 0; k < 29; ++k) {
    const double t = (k + 0.5) / 29;
    plot.groups.push_back({absl::StrFormat("group-%02d", k), 1.1 * std::log(t / (1 - t)) * 0.55});
  }
  plot.groups[28].score = 2.64;
  plot.groups[28].label = "Mistral AI / mistral-medium";
  plot.rank = RankOf(plot);
  return plot;
}

// As many groups as there may be, many of them tied, the candidate tied with some, one without a score.
inline InnocentsPlot SampleInnocentsTies() {
  InnocentsPlot plot = {.name = {"innocents-ties", "Two hundred groups, with ties"},
                        .score_title = "best score over all references (T)",
                        .candidate = {"candidate", 1.5}};
  for (int k = 0; k < 200; ++k)
    plot.groups.push_back({absl::StrFormat("g%03d", k), k % 3 == 0 ? 0.5 : ((k * 7) % 40) / 20.0});
  plot.groups[0].score = kNaN;
  plot.rank = RankOf(plot);
  plot.rank.named = false;
  return plot;
}

inline InnocentsPlot SampleInnocentsFar() {
  InnocentsPlot plot = {.name = {"innocents-far", "One group, the candidate far outside"},
                        .score_title = "score",
                        .candidate = {HostileLabels()[6], 812.25},
                        .groups = {{HostileLabels()[1], -0.4}}};
  plot.rank = RankOf(plot);
  return plot;
}

inline IntervalPlot SampleIntervals() {
  IntervalPlot plot = {.name = {"lr-weights", "Likelihood ratios of the nearest references: shared weights"}};
  const LrBounds bounds = {-1.36, 1.48};
  plot.rows = {{"llama-2-70b-chat-hf", 1.48, 1.1, 1.48, bounds, true},
               {"llama-2-13b-chat-hf", 1.02, 0.55, 1.31, bounds},
               {"llama-2-7b-chat-hf", 0.71, 0.2, 1.05, bounds},
               {"vicuna-33b-v1.3", 0.1, -0.35, 0.52, bounds},
               {"gpt-4-turbo-2024-04-09", -0.62, -1.2, -0.1, bounds},
               {"mistral-7b-instruct-v0.2", -1.36, -1.36, -0.9, bounds},
               {"claude-2.1", -1.1, kNaN, kNaN, bounds}};
  return plot;
}

// Fifteen rows, hostile labels, intervals beyond every axis, missing numbers, no bounds.
inline IntervalPlot SampleIntervalsHostile() {
  IntervalPlot plot = {.name = {"lr-hostile", "Rows \"as\" <hostile> & long as they come"}};
  for (const std::string& label : HostileLabels()) plot.rows.push_back({label, 0.5, -0.5, 1.5});
  plot.rows.push_back({"beyond the axis", 30, 2, kInfinity, std::nullopt, true});
  plot.rows.push_back({"below the axis", -30, -kInfinity, -2, LrBounds{-2, 2}});
  plot.rows.push_back({"no number", kNaN});
  return plot;
}

inline TreePlot SampleTree() {
  using enum TreeMember;
  TreePlot tree = {.name = {"stemma-nearest", "Family tree of the candidate and its nearest models"},
                   .length_title = "distance"};
  const auto add = [&](int parent, double length, double support, std::string label, TreeMember member) {
    tree.nodes.push_back({parent, length, support, std::move(label), member});
  };
  const auto split = [&](int parent, double length, double support) { add(parent, length, support, "", kOther); };
  split(-1, 0, kNaN);     // 0
  split(0, 0.031, 0.98);  // 1
  split(0, 0.044, 1);     // 2
  split(1, 0.020, 0.74);  // 3
  split(1, 0.012, 0.51);  // 4
  split(3, 0.035, 0.93);  // 5
  split(2, 0.018, 0.66);  // 6
  split(2, 0.004, 0.42);  // 7
  split(6, 0.006, 0.38);  // 8
  split(7, 0.022, 0.88);  // 9
  split(4, 0.017, 0.8);   // 10
  add(5, 0.012, kNaN, "the-candidate-8x7b", kCandidate);
  add(5, 0.015, kNaN, "mixtral-8x7b-instruct-v0.1", kReference);
  add(3, 0.061, kNaN, "mistral-medium", kReference);
  add(4, 0.072, kNaN, "dbrx-instruct", kOther);
  add(10, 0.041, kNaN, "gemini-pro", kReference);
  add(10, 0.047, kNaN, "claude-2.1", kReference);
  add(8, 0.039, kNaN, "gpt-4-turbo-2024-04-09", kReference);
  add(8, 0.043, kNaN, "gpt-4o-2024-05-13", kReference);
  add(6, 0.066, kNaN, "yi-large-preview", kOther);
  add(9, 0.055, kNaN, "llama-2-70b-chat-hf", kReference);
  add(9, 0.051, kNaN, "llama-2-13b-chat-hf", kReference);
  add(7, -0.001, kNaN, "vicuna-33b-v1.3", kOther);
  return tree;
}

// A comb of hostile labels on branches of no length, and one node of many children.
inline TreePlot SampleTreeHostile() {
  TreePlot tree = {.name = {"stemma-hostile", "A comb of hostile labels"}, .length_title = "distance"};
  tree.nodes.push_back({});
  int parent = 0;
  for (const std::string& label : HostileLabels()) {
    tree.nodes.push_back({parent, 0.01, 0.5, label, TreeMember::kReference});
    tree.nodes.push_back({parent, 0.003, 0.5});
    parent = static_cast<int>(tree.nodes.size()) - 1;
  }
  for (int k = 0; k < 4; ++k)
    tree.nodes.push_back({parent, 0, kNaN, absl::StrFormat("twin %d", k), TreeMember::kOther});
  tree.nodes.push_back({parent, kInfinity, kNaN, HostileLabels()[6], TreeMember::kCandidate});
  return tree;
}

inline ContributionPlot SampleContributions() {
  return {.name = {"parts", "What speaks for descent, and what against"},
          .value_title = "change of log10 LR without this part",
          .rows = {{"masked n-grams, long answers", 0.62},
                   {"openings of sentences", 0.31},
                   {"function words", 0.18},
                   {"short answers", 0.004},
                   {"middling answers", -0.001},
                   {"typicality of the reference", -0.22},
                   {"nearest rival", -0.47}}};
}

inline ContributionPlot SampleContributionsHostile() {
  ContributionPlot plot = {.name = {"parts-hostile", "Hostile parts"}, .value_title = "share", .digits = 3};
  double value = 1234.5;
  for (const std::string& label : HostileLabels()) {
    plot.rows.push_back({label, value});
    value *= -0.4;
  }
  plot.rows.push_back({"no number", kNaN});
  plot.rows.push_back({"no limit", -kInfinity});
  return plot;
}

inline std::vector<Sample> Samples() {
  return {{"tippett", Draw(SampleTippett())},
          {"tippett_few", Draw(SampleTippettFew())},
          {"tippett_empty", Draw(TippettPlot{.name = {"tippett-empty", "No pairs"}})},
          {"ece", Draw(SampleEce())},
          {"ece_misleading", Draw(SampleEceMisleading())},
          {"innocents", Draw(SampleInnocents())},
          {"innocents_ties", Draw(SampleInnocentsTies())},
          {"innocents_far", Draw(SampleInnocentsFar())},
          {"intervals", Draw(SampleIntervals())},
          {"intervals_hostile", Draw(SampleIntervalsHostile())},
          {"tree", *Draw(SampleTree())},
          {"tree_hostile", *Draw(SampleTreeHostile())},
          {"contributions", Draw(SampleContributions())},
          {"contributions_hostile", Draw(SampleContributionsHostile())}};
}

}  // namespace stemma::svg

#endif  // STEMMA_TESTS_REPORT_SVG_SAMPLES_H_
