#include "lib/report/level.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/report/estimate_json.h"

namespace stemma::report {
namespace {

using Json = nlohmann::ordered_json;

// Columns of a table; the JSON holds the others.
constexpr std::size_t kAlphasShown = 3;

std::string_view Title(LevelScore score) {
  switch (score) {
    case LevelScore::kWeights:
      return "shared weights";
    case LevelScore::kDistillation:
      return "distillation";
    case LevelScore::kLengthControl:
      return "length control";
  }
  return "";
}

std::string_view Title(LevelQuestion question) {
  return question == LevelQuestion::kNamed ? "reference named beforehand" : "found by search";
}

std::string_view Title(LevelStratum stratum) {
  switch (stratum) {
    case LevelStratum::kAll:
      return "all candidates";
    case LevelStratum::kShortAnswers:
      return "shortest third of answers";
    case LevelStratum::kMiddlingAnswers:
      return "middle third of answers";
    case LevelStratum::kLongAnswers:
      return "longest third of answers";
    case LevelStratum::kEarlyRelease:
      return "earliest third of releases";
    case LevelStratum::kMiddlingRelease:
      return "middle third of releases";
    case LevelStratum::kLateRelease:
      return "latest third of releases";
  }
  return "";
}

// "4.1 [ 2.0,  7.0]  4.8": seen, its band, and expected; 28 columns at most.
std::string ShareAndBand(const LevelCell& cell) {
  if (cell.verdict == LevelVerdict::kUntested) return "untested";
  return absl::StrFormat("%4.1f [%4.1f,%5.1f] %4.1f %s", 100 * cell.share.value, 100 * cell.share.lower,
                         100 * cell.share.upper, 100 * cell.expected,
                         cell.verdict == LevelVerdict::kInside ? "" : NameOf(cell.verdict));
}

void TrimRight(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

// A row of the table: the cells of all candidates that differ in alpha alone.
void AppendRows(std::span<const LevelCell> cells, std::size_t alphas, std::string& out) {
  for (std::size_t first = 0; first + alphas <= cells.size(); first += alphas) {
    const LevelCell& row = cells[first];
    std::string line = absl::StrFormat("      %5d prompts", row.prompts);
    for (std::size_t k = 0; k < std::min(alphas, kAlphasShown); ++k) {
      absl::StrAppendFormat(&line, "  %-28s", ShareAndBand(cells[first + k]));
    }
    TrimRight(line);
    out += line + "\n";
  }
}

std::vector<LevelCell> Select(const LevelTest& level, LevelScore score, LevelDesign design, LevelQuestion question) {
  std::vector<LevelCell> cells;
  std::ranges::copy_if(level.cells, std::back_inserter(cells), [&](const LevelCell& cell) {
    return cell.score == score && cell.design == design && cell.question == question &&
           cell.stratum == LevelStratum::kAll;
  });
  return cells;
}

void AppendTable(const LevelTest& level, LevelDesign design, std::string& out) {
  for (const LevelScore score : {LevelScore::kWeights, LevelScore::kDistillation}) {
    for (const LevelQuestion question : {LevelQuestion::kNamed, LevelQuestion::kScreening}) {
      const std::vector<LevelCell> cells = Select(level, score, design, question);
      if (cells.empty()) continue;
      absl::StrAppendFormat(&out, "    %s, %s\n", Title(score), Title(question));
      AppendRows(cells, level.alphas.size(), out);
    }
  }
}

bool HasDesign(const LevelTest& level, LevelDesign design) {
  return std::ranges::any_of(level.cells, [&](const LevelCell& cell) { return cell.design == design; });
}

// Thirds of the candidates: those above what is expected one by one, the others counted.
void AppendThirds(const LevelTest& level, std::string& out) {
  std::size_t cells = 0, below = 0, untested = 0;
  std::vector<const LevelCell*> above;
  for (const LevelCell& cell : level.cells) {
    if (cell.stratum == LevelStratum::kAll || cell.score == LevelScore::kLengthControl) continue;
    ++cells;
    below += cell.verdict == LevelVerdict::kBelow;
    untested += cell.verdict == LevelVerdict::kUntested;
    if (cell.verdict == LevelVerdict::kAbove) above.push_back(&cell);
  }
  if (cells == 0) return;
  absl::StrAppendFormat(&out,
                        "  thirds by length and by date: %d shares, %d above (by chance one in forty), "
                        "%d below, %d untested\n",
                        cells, above.size(), below, untested);
  for (const LevelCell* cell : above) {
    absl::StrAppendFormat(&out, "    %s, %s, %s, %s,\n      %d prompts, p <= %g: %s\n", Title(cell->stratum),
                          Title(cell->score), Title(cell->question),
                          cell->design == LevelDesign::kHalves ? "halves" : "whole panel", cell->prompts, cell->alpha,
                          ShareAndBand(*cell));
  }
}

// What a rise has led to: from far below, it breaks no promise.
std::string_view Reached(LevelVerdict verdict) {
  switch (verdict) {
    case LevelVerdict::kInside:
      return "to the expected";
    case LevelVerdict::kAbove:
      return "above the expected";
    case LevelVerdict::kBelow:
      return "still below";
    case LevelVerdict::kUntested:
      return "untested there";
  }
  return "";
}

void AppendRises(const LevelTest& level, std::string& out) {
  if (level.rises.empty()) return;
  const auto rising = std::ranges::count_if(level.rises, &LevelRise::rises);
  absl::StrAppendFormat(
      &out, "  more prompts raise the share: %s\n",
      rising == 0 ? "nowhere" : absl::StrFormat("in %d of %d comparisons", rising, level.rises.size()));
  for (const LevelRise& rise : level.rises) {
    if (!rise.rises) continue;
    absl::StrAppendFormat(&out, "    %s, %s, p <= %g: by %.1f [%.1f, %.1f], %d to %d prompts; %s\n",
                          Title(rise.score), Title(rise.question), rise.alpha, 100 * rise.rise.value,
                          100 * rise.rise.lower, 100 * rise.rise.upper, rise.fewest_prompts, rise.highest_prompts,
                          Reached(rise.at_highest));
  }
}

Json FromCell(const LevelCell& cell) {
  return {{"score", NameOf(cell.score)},       {"design", NameOf(cell.design)},
          {"question", NameOf(cell.question)}, {"stratum", NameOf(cell.stratum)},
          {"prompts", cell.prompts},           {"alpha", cell.alpha},
          {"share", FromEstimate(cell.share)}, {"expected", cell.expected},
          {"verdict", NameOf(cell.verdict)},   {"trials", cell.trials},
          {"unreachable", cell.unreachable}};
}

Json FromRise(const LevelRise& rise) {
  return {{"score", NameOf(rise.score)},
          {"question", NameOf(rise.question)},
          {"alpha", rise.alpha},
          {"fewest_prompts", rise.fewest_prompts},
          {"highest_prompts", rise.highest_prompts},
          {"rise", FromEstimate(rise.rise)},
          {"rises", rise.rises},
          {"at_highest", NameOf(rise.at_highest)}};
}

}  // namespace

void AppendLevel(const LevelTest& level, std::string& out) {
  absl::StrAppendFormat(&out,
                        "\nLEVEL: how often an unrelated candidate gets a p that small, in %%, [its 95 %% band], and "
                        "how often it should\n");
  absl::StrAppendFormat(&out, "  %d times %d groups were dealt as references and %d as candidates; %d models%s\n",
                        level.splits, level.reference_groups, level.candidate_groups, level.models,
                        level.with_style ? "" : "; no style in distillation's scores");
  std::string heads = "                   ";
  for (std::size_t k = 0; k < std::min(level.alphas.size(), kAlphasShown); ++k) {
    absl::StrAppendFormat(&heads, "  %-28s", absl::StrFormat("p <= %g", level.alphas[k]));
  }
  TrimRight(heads);
  out += heads + "\n";
  AppendTable(level, LevelDesign::kHalves, out);
  if (HasDesign(level, LevelDesign::kStrangers)) {
    out += "  the whole panel, each model as a stranger to all that is fitted\n";
    AppendTable(level, LevelDesign::kStrangers, out);
  }
  AppendThirds(level, out);
  AppendRises(level, out);
  absl::StrAppendFormat(
      &out, "  a score that only says \"short answers\" is %s\n",
      level.control_caught ? "caught among the short ones" : "NOT caught: this test would catch nothing");
}

Json FromLevel(const LevelTest& level) {
  Json cells = Json::array(), rises = Json::array();
  for (const LevelCell& cell : level.cells) cells.push_back(FromCell(cell));
  for (const LevelRise& rise : level.rises) rises.push_back(FromRise(rise));
  return {{"splits", level.splits},
          {"seed", level.seed},
          {"reference_groups", level.reference_groups},
          {"candidate_groups", level.candidate_groups},
          {"models", level.models},
          {"alphas", level.alphas},
          {"prompt_counts", level.prompt_counts},
          {"with_style", level.with_style},
          {"control_caught", level.control_caught},
          {"cells", cells},
          {"rises", rises}};
}

}  // namespace stemma::report
