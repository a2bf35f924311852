#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <locale>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/report/svg/canvas.h"
#include "lib/report/svg/figures.h"
#include "lib/report/svg/label.h"
#include "lib/report/svg/marks.h"
#include "lib/report/svg/number.h"
#include "lib/report/svg/scale.h"
#include "stemma/report.h"
#include "tests/report/svg_samples.h"

namespace stemma::svg {
namespace {

std::size_t Count(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

bool Holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::vector<std::string> Column(const Table& table, std::size_t column) {
  std::vector<std::string> cells;
  for (const std::vector<std::string>& row : table.rows) cells.push_back(row[column]);
  return cells;
}

// SVG knows a hyphen and a point; "-0" and "0.50" would be the same drawing in other bytes.
TEST(SvgNumber, WritesCoordinatesInOneForm) {
  EXPECT_EQ(Coordinate(12.5), "12.5");
  EXPECT_EQ(Coordinate(100), "100");
  EXPECT_EQ(Coordinate(-3.456), "-3.46");
  EXPECT_EQ(Coordinate(-0.001), "0");
  EXPECT_EQ(Coordinate(-0.0), "0");
  EXPECT_EQ(Coordinate(1e7), "10000000");
  EXPECT_EQ(Coordinate(kNaN), "0");
  EXPECT_EQ(Coordinate(kInfinity), "0");
}

TEST(SvgNumber, ShowsAMinusSignAndNoNegativeZero) {
  EXPECT_EQ(FixedText(-1.25, 1), "−1.2");
  EXPECT_EQ(FixedText(-0.004, 2), "0.00");
  EXPECT_EQ(FixedText(-0.0, 0), "0");
  EXPECT_EQ(FixedText(kNaN, 2), "n/a");
  EXPECT_EQ(FixedText(-kInfinity, 2), "−∞");
  EXPECT_EQ(SignedText(0.5, 2), "+0.50");
  EXPECT_EQ(SignedText(-0.5, 2), "−0.50");
  EXPECT_EQ(SignedText(0.001, 2), "0.00");
  EXPECT_EQ(SignedText(kInfinity, 2), "+∞");
  EXPECT_EQ(FixedText(-3e20, 2), "−10²⁰");
}

// A reader who holds text and page side by side sees the same likelihood ratios.
TEST(SvgNumber, SaysLikelihoodRatiosAsTheTextReportDoes) {
  for (int k = -600; k <= 600; ++k) EXPECT_EQ(LrText(k / 100.0), FormatLr(k / 100.0)) << k;
  EXPECT_EQ(LrText(7.2), "10⁷");
  EXPECT_EQ(LrText(-12), "10⁻¹²");
  EXPECT_EQ(LrText(kInfinity), "∞");
  EXPECT_EQ(LrText(-kInfinity), "0");
  EXPECT_EQ(LrText(kNaN), "n/a");
}

TEST(SvgNumber, WritesPowersOfTen) {
  EXPECT_EQ(PowerOfTen(-4), "10⁻⁴");
  EXPECT_EQ(PowerOfTen(-3), "0.001");
  EXPECT_EQ(PowerOfTen(0), "1");
  EXPECT_EQ(PowerOfTen(3), "1,000");
  EXPECT_EQ(PowerOfTen(12), "10¹²");
}

// "0 %" would say that what was not seen cannot be.
TEST(SvgNumber, NeverSaysThatAShareIsZero) {
  EXPECT_EQ(ShareText(0), "none");
  EXPECT_EQ(ShareText(0.0004), "below 0.1 %");
  EXPECT_EQ(ShareText(0.125), "12.5 %");
  EXPECT_EQ(ShareText(1), "100.0 %");
  EXPECT_EQ(ShareText(kNaN), "n/a");
  EXPECT_EQ(ShareText(-0.1), "n/a");
  EXPECT_EQ(ShareText(1.5), "n/a");
}

TEST(SvgLabel, ShowsWhatWouldHideOrReorder) {
  EXPECT_EQ(CleanText("gpt-\u202e4-txeT\u202c"), "gpt-\uFFFD4-txeT\uFFFD");
  EXPECT_EQ(CleanText("a\u200bb"), "a\uFFFDb");
  EXPECT_EQ(CleanText("\ufeffa\u00adb\u2066c"), "\uFFFDa\uFFFDb\uFFFDc");
  EXPECT_EQ(CleanText("a\x01\x02\x1b"
                      "b\x7f"),
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(CleanText("a\uFFFE\uFFFFb"), "a\uFFFDb");
  EXPECT_EQ(CleanText("a\xff\xc0\x80"
                      "b"),
            "a\uFFFDb");
  EXPECT_EQ(CleanText(std::string("a\0b", 3)), "a\uFFFDb");
}

TEST(SvgLabel, KeepsJoinersWhereScriptsNeedThemOnly) {
  EXPECT_EQ(CleanText("👨\u200d👩"), "👨\u200d👩");
  EXPECT_EQ(CleanText("❤\ufe0f"), "❤\ufe0f");
  EXPECT_EQ(CleanText("gpt\u200d-4"), "gpt\uFFFD-4");
  EXPECT_EQ(CleanText("gpt\ufe0f-4"), "gpt\uFFFD-4");
}

TEST(SvgLabel, IsOneLineWithoutPilesOfMarks) {
  EXPECT_EQ(CleanText("  line\r\n\u2028break\u00a0 here\t"), "line break here");
  EXPECT_EQ(CleanText("z\u0336\u0336\u0336\u0336\u0336y"), "z\u0336\u0336\u0336y");
  EXPECT_EQ(CleanText(""), "");
}

TEST(SvgLabel, CleansOnceAndForAll) {
  for (const std::string& label : HostileLabels()) EXPECT_EQ(CleanText(CleanText(label)), CleanText(label));
}

TEST(SvgLabel, EscapesMarkupAndQuotes) { EXPECT_EQ(EscapeXml("</script>&\"'"), "&lt;/script&gt;&amp;&quot;&#39;"); }

// Versions of a model differ at the end of their names; half an emoji is none.
TEST(SvgLabel, ShortensInTheMiddleBetweenCharacters) {
  const std::string shown = Shorten("gpt-4-turbo-preview-0125", 100, 13);
  EXPECT_TRUE(shown.starts_with("gpt-4") && shown.ends_with("125") && Holds(shown, "…")) << shown;
  EXPECT_EQ(Shorten("short", 100, 13), "short");
  const std::string family = "👨\u200d👩\u200d👧";
  for (double width = 10; width < 120; ++width) {
    const std::string cut = Shorten(family + family + family + family, width, 13);
    EXPECT_EQ(Count(cut, "👨"), Count(cut, "👧")) << cut;
  }
}

TEST(SvgLabel, ShortensToTheWidth) {
  for (const std::string& label : HostileLabels()) {
    for (const double width : {20.0, 60.0, 150.0}) {
      EXPECT_LE(TextWidth(Shorten(CleanText(label), width, 14, true), 14, true), width) << label;
    }
  }
}

TEST(SvgLabel, WrapsAndShortensTheLastLine) {
  const std::string text = "openings of sentences and many other words";
  const std::vector<std::string> all = Wrap(text, 120, 14);
  std::string joined;
  for (const std::string& line : all) {
    EXPECT_LE(TextWidth(line, 14), 120);
    joined += (joined.empty() ? "" : " ") + line;
  }
  EXPECT_EQ(joined, text);
  const std::vector<std::string> two = Wrap(text, 120, 14, 2);
  ASSERT_EQ(two.size(), 2);
  EXPECT_EQ(two[0], all[0]);
  EXPECT_TRUE(Holds(two[1], "…")) << two[1];
  EXPECT_LE(TextWidth(two[1], 14), 120);
  EXPECT_EQ(Wrap(std::string(500, 'x'), 120, 14).size(), 1);
  EXPECT_TRUE(Wrap("", 120, 14).empty());
}

TEST(SvgScale, ClampsWhatLiesBeyond) {
  const Scale scale({-2, 2}, 100, 300);
  EXPECT_EQ(scale(-2), 100);
  EXPECT_EQ(scale(0), 200);
  EXPECT_EQ(scale(2), 300);
  EXPECT_EQ(scale(-kInfinity), 100);
  EXPECT_EQ(scale(kInfinity), 300);
  EXPECT_EQ(scale(kNaN), 100);
  EXPECT_EQ(Scale({0, 1}, 300, 100)(0.25), 250);
}

// Every axis holds its data, names at least two values and no more than it has room for, none of them twice.
TEST(SvgScale, NamesRoundValuesAroundAnyExtent) {
  for (const double low : {-1e12, -1234.5, -3.3, -0.02, 0.0, 1e-7, 0.31, 99.0, 5e8}) {
    for (const double length : {0.0, 1e-12, 3e-4, 0.07, 1.0, 42.0, 9.99e5}) {
      Extent extent;
      extent.Add(low);
      extent.Add(low + length);
      const Axis axis = LinearAxis(extent, 5, "");
      std::set<std::string> labels;
      for (const Tick& tick : axis.ticks) labels.insert(tick.label);
      EXPECT_EQ(labels.size(), axis.ticks.size()) << low << " " << length;
      EXPECT_GE(labels.size(), 2) << low << " " << length;
      EXPECT_LE(labels.size(), 8) << low << " " << length;
      EXPECT_LE(axis.extent.low, std::max(low, -1e9) + 1e-9 * std::fabs(low));
      EXPECT_GE(axis.extent.high, std::clamp(low + length, -1e9, 1e9) - 1e-9 * std::fabs(low));
      EXPECT_EQ(axis.ticks.front().value, axis.extent.low);
      EXPECT_EQ(axis.ticks.back().value, axis.extent.high);
    }
  }
}

TEST(SvgScale, SaysWhatATickIs) {
  const Axis axis = LinearAxis({-0.3, 0.31}, 4, "");
  std::vector<std::string> labels;
  for (const Tick& tick : axis.ticks) labels.push_back(tick.label);
  EXPECT_EQ(labels, (std::vector<std::string>{"−0.4", "−0.2", "0.0", "0.2", "0.4"}));
  EXPECT_EQ(LinearAxis({}, 4, "").extent.high, 1);
}

// A likelihood ratio of 1 divides for from against: no axis goes without it.
TEST(SvgScale, AlwaysNamesALikelihoodRatioOfOne) {
  for (int low = -20; low <= 15; ++low) {
    for (int high = low; high <= 20; ++high) {
      const Axis axis = PowersOfTenAxis({low + 0.2, high + 0.3}, 5, "");
      EXPECT_LE(axis.ticks.size(), 6);
      EXPECT_EQ(std::ranges::count(axis.ticks, "1", &Tick::label), 1) << low << " " << high;
      EXPECT_LE(axis.extent.low, -1);
      EXPECT_GE(axis.extent.high, 1);
      for (const Tick& tick : axis.ticks) EXPECT_TRUE(axis.extent.Holds(tick.value));
    }
  }
}

Extent LabelOf(const Mark& mark, const MarkPlace& place) {
  const double width = TextWidth(place.label, kSmallSize, mark.bold);
  return place.left ? Extent{place.x - width, place.x} : Extent{place.x, place.x + width};
}

// Wherever two bounds and a case lie, their labels can be read.
TEST(SvgMarks, LabelsNeitherOverlapNorLeaveTheFigure) {
  const Scale scale({0, 12}, 62, 466);
  for (int a = 0; a <= 12; ++a) {
    for (int b = a; b <= 12; ++b) {
      for (int c = a; c <= b; ++c) {
        const std::vector<Mark> marks = {{.value = 1.0 * a, .label = "lower bound 0.044"},
                                         {.value = 1.0 * b, .label = "upper bound 30"},
                                         {.value = 1.0 * c, .label = "present case: LR 16", .bold = true}};
        const std::vector<MarkPlace> places = PlaceMarks(marks, scale);
        for (std::size_t k = 0; k < marks.size(); ++k) {
          const Extent one = LabelOf(marks[k], places[k]);
          EXPECT_GE(one.low, 0);
          EXPECT_LE(one.high, kFigureWidth);
          EXPECT_EQ(places[k].label, marks[k].label);
          for (std::size_t other = 0; other < k; ++other) {
            const Extent two = LabelOf(marks[other], places[other]);
            EXPECT_TRUE(places[k].row != places[other].row || one.high <= two.low || two.high <= one.low)
                << a << " " << b << " " << c;
          }
        }
      }
    }
  }
}

TEST(TippettPlot, CountsWhatIsAtLeastAsLarge) {
  const Figure figure = Draw(TippettPlot{.name = {"t", "t"}, .points = {{-1, 1, 1}, {0, 0.75, 0.5}, {1, 0.5, 0}}});
  EXPECT_EQ(figure.table.header.size(), 4);
  EXPECT_EQ(Column(figure.table, 0), (std::vector<std::string>{"0.10", "0.32", "1.0", "3.2", "10"}));
  EXPECT_EQ(Column(figure.table, 2), (std::vector<std::string>{"100.0 %", "75.0 %", "75.0 %", "50.0 %", "50.0 %"}));
  EXPECT_EQ(Column(figure.table, 3), (std::vector<std::string>{"100.0 %", "50.0 %", "50.0 %", "none", "none"}));
  EXPECT_TRUE(Holds(figure.svg, "At least 1: 75.0 % of the derived pairs (H1), 50.0 % of the unrelated pairs (H2)."))
      << figure.svg;
}

TEST(TippettPlot, MarksBoundsAndCase) {
  const Figure figure = Draw(SampleTippett());
  EXPECT_TRUE(Holds(figure.svg, ">lower bound 0.044</text>"));
  EXPECT_TRUE(Holds(figure.svg, ">upper bound 30</text>"));
  EXPECT_TRUE(Holds(figure.svg, ">present case: LR 16</text>"));
  EXPECT_TRUE(std::ranges::count(Column(figure.table, 1), "1.20") == 1);
}

// A hundred thousand pairs make no larger a file than there is room for steps.
TEST(TippettPlot, StaysSmall) {
  TippettPlot plot = {.name = {"many", "many"}};
  for (int k = 0; k < 100000; ++k) {
    const double share = 1 - k / 1e5;
    plot.points.push_back({-2 + 4 * k / 1e5, share, share * share});
  }
  EXPECT_LT(Draw(plot).svg.size(), 100000);
}

TEST(EcePlot, SaysWhatIsNotDrawn) {
  const Figure figure = Draw(SampleEceMisleading());
  EXPECT_TRUE(Holds(figure.svg, "Not drawn: the LRs cost more than 2 bits at 17 of 41 prior odds.")) << figure.svg;
  EXPECT_EQ(figure.table.rows.back()[2], "∞");
  EXPECT_FALSE(Holds(Draw(SampleEce()).svg, "Not drawn"));
  EXPECT_LE(Draw(SampleEce()).table.rows.size(), 25);
}

// What is filled is what the rank counted, a group without a score apart.
TEST(InnocentsPlot, FillsWhatTheRankCounts) {
  for (const InnocentsPlot& plot : {SampleInnocents(), SampleInnocentsTies(), SampleInnocentsFar()}) {
    const Figure figure = Draw(plot);
    const auto unscored = static_cast<std::size_t>(
        std::ranges::count_if(plot.groups, [](const GroupScore& group) { return std::isnan(group.score); }));
    const std::size_t rings = Count(figure.svg, "fill=\"white\" stroke=\"currentColor\" stroke-width=\"1.5\"/>");
    EXPECT_EQ(Count(figure.svg, "<circle"), plot.groups.size() - unscored);
    EXPECT_EQ(Count(figure.svg, "<circle") - rings, plot.rank.at_least - unscored);
    EXPECT_EQ(figure.table.rows.size(), plot.groups.size() + 1);
    EXPECT_EQ(figure.table.rows[plot.rank.at_least][1], CleanText(plot.candidate.label) + " (candidate)");
    EXPECT_TRUE(Holds(figure.svg, FixedText(plot.rank.floor(), 3)));
  }
}

TEST(InnocentsPlot, DoesNotDependOnTheOrderOfGroups) {
  InnocentsPlot plot = SampleInnocentsTies();
  const std::string svg = Draw(plot).svg;
  std::ranges::reverse(plot.groups);
  EXPECT_EQ(Draw(plot).svg, svg);
}

TEST(InnocentsPlot, NeedsNeitherGroupsNorAScore) {
  const Figure figure = Draw(InnocentsPlot{.name = {"i", "i"}, .candidate = {"c", kNaN}});
  EXPECT_TRUE(Holds(figure.svg, ">no data</text>"));
  EXPECT_EQ(figure.table.rows, (std::vector<std::vector<std::string>>{{"", "c (candidate)", "n/a"}}));
}

// The drawing's boundaries are those of the verbal scale: each is named by what begins just above it.
TEST(IntervalPlot, NamesTheBandsOfTheVerbalScale) {
  IntervalPlot plot = SampleIntervals();
  plot.rows[0].upper_log10 = 7;
  EXPECT_TRUE(Holds(Draw(plot).svg,
                    "an LR of 2 (weak), 10 (moderate), 100 (moderately strong), 1,000 (strong), 10⁴ (very strong), 10⁶ "
                    "(extremely strong); against"));
}

TEST(IntervalPlot, SaysTheNumbersOfEachRow) {
  const Figure figure = Draw(SampleIntervals());
  EXPECT_TRUE(Holds(figure.svg, ">LR 30 (13 to 30)</text>"));
  EXPECT_TRUE(Holds(figure.svg, ">LR 0.079, no interval</text>"));
  EXPECT_EQ(figure.table.rows[1], (std::vector<std::string>{"llama-2-13b-chat-hf", "10", "3.5", "20", "1.02",
                                                            "moderate support", "0.044", "30"}));
  EXPECT_EQ(Draw(SampleIntervalsHostile()).table.rows.back()[1], "n/a");
}

TEST(TreePlot, RefusesWhatIsNoTree) {
  EXPECT_EQ(Draw(TreePlot{}).status().message(), "a tree must have one root, got 0");
  EXPECT_EQ(Draw(TreePlot{.nodes = {{}, {}}}).status().message(), "a tree must have one root, got 2");
  EXPECT_EQ(Draw(TreePlot{.nodes = {{}, {.parent = 2}}}).status().message(),
            "the parent of node 1 must be in [-1, 2), got 2");
  EXPECT_EQ(Draw(TreePlot{.nodes = {{}, {.parent = 2}, {.parent = 1}}}).status().message(),
            "all nodes must descend from the root, got 1 of 3");
}

TEST(TreePlot, GivesEachLeafARow) {
  const TreePlot tree = SampleTree();
  const Figure figure = *Draw(tree);
  std::set<std::string> heights;
  const std::regex leaf("<text x=\"[0-9.]+\" y=\"([0-9.]+)\" class=\"stemma-fill-ink stemma-halo\"");
  for (std::sregex_iterator at(figure.svg.begin(), figure.svg.end(), leaf), end; at != end; ++at)
    heights.insert((*at)[1]);
  EXPECT_EQ(heights.size(), 12);
  EXPECT_EQ(figure.table.rows.size(), tree.nodes.size());
}

TEST(TreePlot, PrintsTheSupportOfInnerNodesButTheRoot) {
  TreePlot tree = {.name = {"t", "t"}};
  tree.nodes = {{.support = 0.11},
                {0, 1, 0.625, "", {}},
                {0, 1, 0.33, "c", {}},
                {1, 1, 0.22, "a", TreeMember::kCandidate},
                {1, 2, kNaN, "b", {}}};
  const Figure figure = *Draw(tree);
  EXPECT_TRUE(Holds(figure.svg, ">62 %</text>"));
  EXPECT_EQ(Count(figure.svg, " %</text>"), 1);
  EXPECT_EQ(Column(figure.table, 0),
            (std::vector<std::string>{"split 1 (3 models)", "c", "split 2 (2 models)", "a", "b"}));
  EXPECT_EQ(Column(figure.table, 1), (std::vector<std::string>{"root", "split 1 (3 models)", "split 1 (3 models)",
                                                               "split 2 (2 models)", "split 2 (2 models)"}));
  EXPECT_EQ(Column(figure.table, 3), (std::vector<std::string>{"n/a", "n/a", "62 %", "n/a", "n/a"}));
  EXPECT_TRUE(Holds(figure.svg, "The smallest split that holds the candidate a has 2 models, support 62 %."));
}

TEST(TreePlot, DrawsASingleModel) {
  const auto figure = Draw(TreePlot{.name = {"t", "t"}, .nodes = {{.label = "alone"}}});
  ASSERT_TRUE(figure.ok());
  EXPECT_TRUE(Holds(figure->svg, ">alone</text>"));
}

TEST(ContributionPlot, SaysForAndAgainst) {
  const Figure figure = Draw(SampleContributions());
  EXPECT_EQ(figure.table.rows[0], (std::vector<std::string>{"masked n-grams, long answers", "+0.62", "for"}));
  EXPECT_EQ(figure.table.rows[6], (std::vector<std::string>{"nearest rival", "−0.47", "against"}));
  EXPECT_TRUE(Holds(figure.svg, "4 speak for descent, 3 against. The largest: masked n-grams, long answers, +0.62."));
}

// What no page needs and a strict content policy forbids; what screen readers need.
TEST(Figures, HoldNoStyleAndNoReference) {
  for (const Sample& sample : Samples()) {
    const std::string& svg = sample.figure.svg;
    for (const char* forbidden :
         {"style=", "<style", "<script", "href", "url(", "onload", "<image", "<foreignObject", "px"}) {
      EXPECT_FALSE(Holds(svg, forbidden)) << sample.name << " holds " << forbidden;
    }
    EXPECT_TRUE(svg.starts_with("<svg ") && svg.ends_with("</svg>\n")) << sample.name;
    EXPECT_EQ(Count(svg, "<svg "), 1) << sample.name;
    EXPECT_EQ(Count(svg, " id=\""), 2) << sample.name;
    const std::regex named(
        "<svg [^>]* role=\"img\" aria-labelledby=\"([a-z0-9-]+)-title \\1-desc\"[^>]*>\n<title id=\"\\1-title\">[^<]+"
        "</title>\n<desc id=\"\\1-desc\">[^<]+</desc>\n");
    EXPECT_TRUE(std::regex_search(svg, named)) << sample.name;
  }
}

TEST(Figures, TablesAreFullAndClean) {
  for (const Sample& sample : Samples()) {
    for (const std::vector<std::string>& row : sample.figure.table.rows) {
      EXPECT_EQ(row.size(), sample.figure.table.header.size()) << sample.name;
      for (const std::string& cell : row) EXPECT_EQ(CleanText(cell), cell) << sample.name;
    }
  }
}

// The full text of a shortened label stays within reach.
TEST(Figures, KeepWhatTheyShorten) {
  const std::string full = HostileLabels()[6];
  EXPECT_TRUE(Holds(Draw(SampleIntervalsHostile()).svg, "<title>" + full + "</title>"));
  EXPECT_TRUE(Holds(Draw(SampleTreeHostile())->svg, "<title>" + full + "</title>"));
  EXPECT_TRUE(Holds(Draw(SampleContributionsHostile()).svg, "<title>" + full + "</title>"));
}

// Figures with one awkward number everywhere, then with all of them side by side.
std::vector<Figure> Awkward(double a, double b) {
  const LrBounds bounds = {a, b};
  return {Draw(TippettPlot{{"f", "f"}, {{a, a, b}, {b, b, a}}, bounds, PresentCase{"c", a}}),
          Draw(EcePlot{{"f", "f"}, {{a, b, a, b}, {0, a, b, a}, {1, b, 1, b}}}),
          Draw(InnocentsPlot{{"f", "f"}, "s", {"c", a}, {{"g", b}, {"h", a}, {"i", 1}}, {}}),
          Draw(IntervalPlot{{"f", "f"}, {{"r", a, b, a, bounds}, {"s", 1, a, b, bounds}}}),
          *Draw(TreePlot{.name = {"f", "f"}, .nodes = {{}, {0, a, b, "", {}}, {1, b, a, "x", {}}, {1, a, b, "y", {}}}}),
          Draw(ContributionPlot{{"f", "f"}, "v", {{"p", a}, {"q", b}}})};
}

// No number can lead to a drawing that a browser would refuse.
TEST(Figures, DrawAnyNumber) {
  const std::vector<double> numbers = {kNaN, kInfinity, -kInfinity, 0, -0.0, 1e-300, -5e-9, 1e300, -1e300, 3e12, 0.5};
  const std::regex bad("[=\"LM ,(](nan|-?inf|[-+0-9.]+e[-+0-9]+)[\" ,)]");
  for (const double a : numbers) {
    for (const double b : numbers) {
      for (const Figure& figure : Awkward(a, b)) {
        EXPECT_FALSE(std::regex_search(figure.svg, bad)) << a << " " << b << "\n" << figure.svg;
        EXPECT_LT(figure.svg.size(), 20000) << a << " " << b;
      }
    }
  }
}

class DecimalComma : public std::numpunct<char> {
 protected:
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

// A number is not written otherwise where people write decimal commas.
TEST(Figures, DoNotDependOnTheLocale) {
  const std::vector<Sample> plain = Samples();
  const std::locale before = std::locale::global(std::locale(std::locale(), new DecimalComma));
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"}) {
    if (std::setlocale(LC_ALL, name) != nullptr) break;
  }
  const std::vector<Sample> foreign = Samples();
  std::locale::global(before);
  std::setlocale(LC_ALL, "C");
  for (std::size_t k = 0; k < plain.size(); ++k) EXPECT_EQ(plain[k].figure.svg, foreign[k].figure.svg) << plain[k].name;
}

TEST(FigureCss, DefinesEachClassThatFiguresName) {
  const std::regex classes("class=\"([^\"]*)\"");
  const std::string css(FigureCss());
  std::set<std::string> used;
  for (const Sample& sample : Samples()) {
    for (std::sregex_iterator at(sample.figure.svg.begin(), sample.figure.svg.end(), classes), end; at != end; ++at) {
      std::istringstream words((*at)[1]);
      for (std::string word; words >> word;) used.insert(word);
    }
  }
  EXPECT_GE(used.size(), 10);
  for (const std::string& name : used) EXPECT_TRUE(Holds(css, "." + name + " {")) << name;
  for (const char* forbidden : {"<", "url(", "@import"}) EXPECT_FALSE(Holds(css, forbidden)) << forbidden;
}

// WCAG 2.2, "relative luminance".
double Luminance(const std::string& hex) {
  constexpr std::array<double, 3> kWeights = {0.2126, 0.7152, 0.0722};
  double luminance = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const double share = std::stoi(hex.substr(1 + 2 * k, 2), nullptr, 16) / 255.0;
    luminance += kWeights[k] * (share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4));
  }
  return luminance;
}

double Contrast(const std::string& a, const std::string& b) {
  const double one = Luminance(a), two = Luminance(b);
  return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

std::vector<std::string> ColoursOf(const std::string& property) {
  const std::string css(FigureCss());
  const std::regex value("--" + property + ": (#[0-9a-f]{6})");
  std::vector<std::string> found;
  for (std::sregex_iterator at(css.begin(), css.end(), value), end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

// WCAG 2.2 asks for 4.5 between text and ground.
TEST(FigureCss, HasContrastInLightDarkAndPrint) {
  const std::vector<std::string> paper = ColoursOf("paper");
  ASSERT_EQ(paper.size(), 3);
  for (const char* property : {"ink", "muted", "accent", "contrast"}) {
    const std::vector<std::string> colours = ColoursOf(property);
    ASSERT_EQ(colours.size(), 3) << property;
    for (std::size_t k = 0; k < 3; ++k) EXPECT_GE(Contrast(colours[k], paper[k]), 4.5) << property << " " << k;
  }
  // The two colours that mean something are told apart in grey, on light screens and on paper.
  for (const std::size_t k : {0u, 2u}) EXPECT_GE(Contrast(ColoursOf("accent")[k], ColoursOf("contrast")[k]), 1.5) << k;
  // Muted text stands on shaded ground, too.
  for (std::size_t k = 0; k < 3; ++k) EXPECT_GE(Contrast(ColoursOf("muted")[k], ColoursOf("shade")[k]), 4.5) << k;
}

std::string ReadGolden(const std::string& name) {
  std::ifstream in(std::string(STEMMA_SOURCE_DIR) + "/tests/report/golden/" + name + ".svg", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The first line that differs, in both, or nothing.
std::string FirstDifference(const std::string& golden, const std::string& drawn) {
  std::istringstream one(golden), two(drawn);
  std::string expected, got;
  for (int line = 1;; ++line) {
    const bool has_one = static_cast<bool>(std::getline(one, expected)),
               has_two = static_cast<bool>(std::getline(two, got));
    if (!has_one && !has_two) return golden == drawn ? "" : "line ends differ";
    if (!has_one) expected = "(no more lines)";
    if (!has_two) got = "(no more lines)";
    if (expected != got) return absl::StrFormat("line %d\n  golden: %s\n  drawn:  %s", line, expected, got);
  }
}

// A figure changes only where somebody meant it: then svg_golden writes the files anew.
TEST(Figures, AreThoseOfTheGoldenFiles) {
  for (const Sample& sample : Samples()) {
    const std::string difference = FirstDifference(ReadGolden(sample.name), sample.figure.svg);
    EXPECT_TRUE(difference.empty()) << sample.name << ".svg differs at " << difference;
  }
}

}  // namespace
}  // namespace stemma::svg
