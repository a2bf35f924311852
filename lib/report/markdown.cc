#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "lib/report/compose.h"
#include "lib/report/document.h"
#include "stemma/report.h"

namespace stemma {
namespace {

// What Markdown, or HTML within it, would take for markup. Names of models may hold any of it.
std::string Escape(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]<>#|~&@";
  std::string out;
  for (const char c : text) {
    if (kSpecial.find(c) != kSpecial.npos) out += '\\';
    out += c;
  }
  return out;
}

class MarkdownRenderer {
 public:
  std::string Render(const report::Document& document) && {
    absl::StrAppend(&out_, "## stemma: ", Escape(document.title), "\n");
    for (const report::Section& section : document.sections) {
      if (std::ranges::none_of(section.items, report::IsInText)) continue;
      absl::StrAppend(&out_, "\n### ", section.title, "\n");
      for (const report::Item& item : section.items) {
        if (report::IsInText(item)) std::visit([&](const auto& block) { Append(block); }, item.block);
      }
    }
    return std::move(out_);
  }

 private:
  void Append(const report::Paragraph& paragraph) {
    const char* mark = paragraph.tone == report::Tone::kLead ? "**" : "";
    absl::StrAppend(&out_, "\n", mark, Escape(paragraph.text), mark, "\n");
  }

  void Append(const report::Bullets& bullets) {
    if (!bullets.lead.empty()) absl::StrAppend(&out_, "\n", Escape(bullets.lead), "\n");
    absl::StrAppend(&out_, "\n");
    for (const std::string& item : bullets.items) absl::StrAppend(&out_, "- ", Escape(item), "\n");
  }

  void Append(const report::Definitions& definitions) {
    absl::StrAppend(&out_, "\n");
    for (const auto& entry : definitions.entries) absl::StrAppend(&out_, "- **", Escape(entry.term), "**: ", Escape(entry.text), "\n");
  }

  void Append(const report::Table& table) {
    absl::StrAppend(&out_, "\n", Escape(table.caption), "\n\n|");
    for (const report::Column& column : table.columns) absl::StrAppend(&out_, " ", Escape(column.title), " |");
    absl::StrAppend(&out_, "\n|");
    for (const report::Column& column : table.columns) absl::StrAppend(&out_, column.numeric ? "---:|" : "---|");
    absl::StrAppend(&out_, "\n");
    for (const auto& row : table.rows) {
      absl::StrAppend(&out_, "|");
      for (const std::string& cell : row) absl::StrAppend(&out_, " ", Escape(cell), " |");
      absl::StrAppend(&out_, "\n");
    }
  }

  void Append(const report::Figure&) {}
  void Append(const report::Blank&) {}

  std::string out_;
};

}  // namespace

std::string AuditToMarkdown(const Panel& panel, const AuditReport& report) {
  return MarkdownRenderer().Render(report::Compose(panel, report, {}));
}

}  // namespace stemma
