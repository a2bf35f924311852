#include "lib/report/html.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "lib/report/compose.h"
#include "lib/report/svg/label.h"
#include "stemma/report.h"

namespace stemma::report {
namespace {

std::string Escape(std::string_view text) { return svg::EscapeXml(svg::CleanText(text)); }

class HtmlRenderer {
 public:
  std::string Render(const Document& document) && {
    absl::StrAppend(&out_, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-",
                    std::string(PageStyleSha256()), "'; base-uri 'none'; form-action 'none'\">\n",
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>", Escape(document.title),
                    "</title>\n<style>", PageStyle(), "</style>\n</head>\n<body>\n<header>\n<h1>", Escape(document.title), "</h1>\n");
    AppendContents(document);
    absl::StrAppend(&out_, "</header>\n<main>\n");
    for (const Section& section : document.sections) {
      if (IsShown(section)) Append(section);
    }
    absl::StrAppend(&out_, "</main>\n</body>\n</html>\n");
    return std::move(out_);
  }

 private:
  // In print: tables that are set in several columns, and those that stand beside their figure.
  static constexpr std::size_t kMaxSlimColumns = 3;
  static constexpr std::size_t kMaxSmallColumns = 5;
  static constexpr std::size_t kMaxSmallRows = 24;
  static constexpr std::size_t kMaxSmallCell = 24;

  static bool IsSmall(const svg::Table& table) {
    const auto is_long = [](const std::string& cell) { return cell.size() > kMaxSmallCell; };
    return table.header.size() <= kMaxSmallColumns && table.rows.size() <= kMaxSmallRows &&
           std::ranges::none_of(table.rows, [&](const auto& row) { return std::ranges::any_of(row, is_long); });
  }

  static const char* ClassOf(const Column& column) {
    if (column.numeric) return " class=\"number\"";
    return column.on_one_line ? " class=\"whole\"" : "";
  }

  static bool IsShown(const Section& section) { return std::ranges::any_of(section.items, IsOnPage); }

  void AppendContents(const Document& document) {
    absl::StrAppend(&out_, "<nav aria-label=\"Sections\"><ul>\n");
    for (const Section& section : document.sections) {
      if (IsShown(section)) absl::StrAppend(&out_, "<li><a href=\"#", section.id, "\">", Escape(section.title), "</a></li>\n");
    }
    absl::StrAppend(&out_, "</ul></nav>\n");
  }

  void Append(const Section& section) {
    absl::StrAppend(&out_, "<section id=\"", section.id, "\" aria-labelledby=\"", section.id, "-title\"",
                    section.framed ? " class=\"framed\"" : "", ">\n<h2 id=\"", section.id, "-title\">", Escape(section.title),
                    "</h2>\n");
    for (const Item& item : section.items) {
      if (IsOnPage(item)) std::visit([&](const auto& block) { Append(block); }, item.block);
    }
    absl::StrAppend(&out_, "</section>\n");
  }

  void Append(const Paragraph& paragraph) {
    const char* kind = paragraph.tone == Tone::kLead ? " class=\"lead\"" : paragraph.tone == Tone::kNote ? " class=\"note\"" : "";
    absl::StrAppend(&out_, "<p", kind, ">", Escape(paragraph.text), "</p>\n");
  }

  void Append(const Bullets& bullets) {
    if (!bullets.lead.empty()) absl::StrAppend(&out_, "<p>", Escape(bullets.lead), "</p>\n");
    if (bullets.items.empty()) return;
    absl::StrAppend(&out_, "<ul>\n");
    for (const std::string& item : bullets.items) absl::StrAppend(&out_, "<li>", Escape(item), "</li>\n");
    absl::StrAppend(&out_, "</ul>\n");
  }

  void Append(const Definitions& definitions) {
    absl::StrAppend(&out_, "<dl>\n");
    for (const Definitions::Entry& entry : definitions.entries) {
      absl::StrAppend(&out_, "<dt>", Escape(entry.term), "</dt><dd>", Escape(entry.text), "</dd>\n");
    }
    absl::StrAppend(&out_, "</dl>\n");
  }

  // A part that scrolls by itself must be reachable by keyboard, and then needs a name.
  void Append(const Table& table) {
    const char* kind = table.columns.size() <= kMaxSlimColumns ? "scroll slim" : "scroll";
    absl::StrAppend(&out_, "<div class=\"", kind, "\" role=\"group\" tabindex=\"0\" aria-label=\"", Escape(table.caption),
                    "\">\n<table>\n<caption>", Escape(table.caption), "</caption>\n<thead><tr>");
    for (const Column& column : table.columns) {
      absl::StrAppend(&out_, "<th scope=\"col\"", ClassOf(column), ">", Escape(column.title), "</th>");
    }
    absl::StrAppend(&out_, "</tr></thead>\n<tbody>\n");
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const bool emphasised = std::ranges::find(table.emphasised, r) != table.emphasised.end();
      absl::StrAppend(&out_, emphasised ? "<tr class=\"emphasised\">" : "<tr>");
      for (std::size_t c = 0; c < table.rows[r].size(); ++c) {
        absl::StrAppend(&out_, "<td", ClassOf(table.columns[c]), ">", Escape(table.rows[r][c]), "</td>");
      }
      absl::StrAppend(&out_, "</tr>\n");
    }
    absl::StrAppend(&out_, "</tbody>\n</table>\n</div>\n");
  }

  void Append(const Figure& figure) {
    const svg::Table& numbers = figure.drawing.table;
    const bool is_small = IsSmall(numbers);
    absl::StrAppend(&out_, is_small ? "<figure class=\"beside\">\n" : "<figure>\n", figure.drawing.svg, "<figcaption>", Escape(figure.how_to_read), "</figcaption>\n");
    Table table{figure.title + ", in numbers", {}, numbers.rows};
    for (const std::string& title : numbers.header) table.columns.push_back({title});
    absl::StrAppend(&out_, "<details><summary>The same in numbers</summary>\n");
    Append(table);
    absl::StrAppend(&out_, "</details>\n</figure>\n");
  }

  void Append(const Blank& blank) {
    absl::StrAppend(&out_, "<p>", Escape(blank.label), ": <span class=\"blank\">", Escape(blank.text), "</span></p>\n");
  }

  std::string out_;
};

}  // namespace

std::string ToHtml(const Document& document) { return HtmlRenderer().Render(document); }

}  // namespace stemma::report

namespace stemma {

std::string AuditToHtml(const Panel& panel, const AuditReport& report, const PageContext& page) {
  return report::ToHtml(report::Compose(panel, report, page));
}

}  // namespace stemma
