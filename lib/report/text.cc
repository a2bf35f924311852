#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "lib/report/compose.h"
#include "lib/report/document.h"
#include "lib/report/two_figures.h"
#include "lib/report/wrap.h"
#include "stemma/report.h"

namespace stemma {
namespace {

constexpr std::size_t kLeastLastColumn = 24;
constexpr std::size_t kGap = 2;

using report::kTextColumns;
using report::WidthOf;

class TextRenderer {
 public:
  explicit TextRenderer(const TextOptions& options) : options_(options) {}

  std::string Render(const report::Document& document) && {
    AppendWrapped("", document.title);
    for (const report::Section& section : document.sections) {
      if (std::ranges::none_of(section.items, report::IsInText)) continue;
      out_ += Bold(absl::AsciiStrToUpper(section.title)) + "\n";
      for (const report::Item& item : section.items) {
        if (report::IsInText(item)) std::visit([&](const auto& block) { Append(block); }, item.block);
      }
    }
    return std::move(out_);
  }

 private:
  std::string Bold(std::string_view text) const {
    return options_.colour ? absl::StrFormat("\x1b[1m%s\x1b[0m", text) : std::string(text);
  }

  // What goes on below does so under the text, not under its lead.
  void AppendWrapped(std::string_view lead, std::string_view text) { report::AppendWrapped(lead, text, WidthOf(lead), out_); }

  void Append(const report::Paragraph& paragraph) {
    if (paragraph.tone == report::Tone::kLead && options_.colour) {
      std::string plain = std::exchange(out_, std::string());
      AppendWrapped("  ", paragraph.text);
      out_ = plain + Bold(std::string_view(out_).substr(0, out_.size() - 1)) + "\n";
    } else {
      AppendWrapped("  ", paragraph.text);
    }
  }

  void Append(const report::Bullets& bullets) {
    if (!bullets.lead.empty()) AppendWrapped("  ", bullets.lead);
    for (const std::string& item : bullets.items) AppendWrapped(bullets.lead.empty() ? "  - " : "    - ", item);
  }

  void Append(const report::Definitions& definitions) {
    for (const auto& entry : definitions.entries) AppendWrapped("  ", entry.term + ": " + entry.text);
  }

  void Append(const report::Figure&) {}
  void Append(const report::Blank& blank) { AppendWrapped("  ", blank.label + ": " + (blank.text.empty() ? "________" : blank.text)); }

  // The last column takes what is left of the line, and goes on below itself.
  void Append(const report::Table& table) {
    const std::vector<std::size_t> widths = WidthsOf(table);
    AppendTitles(table, widths);
    for (const auto& row : table.rows) AppendRow(table.columns, row, widths);
  }

  // The caption stands in place of their titles.
  static std::size_t WordsInFront(const report::Table& table) {
    const auto numeric = std::ranges::find(table.columns, true, &report::Column::numeric);
    return numeric == table.columns.end() ? 0 : static_cast<std::size_t>(numeric - table.columns.begin());
  }

  static std::size_t RoomOf(const std::vector<std::size_t>& widths, std::size_t columns) {
    return std::accumulate(widths.begin(), widths.begin() + static_cast<std::ptrdiff_t>(columns), kGap * (columns - 1));
  }

  static std::vector<std::size_t> WidthsOf(const report::Table& table) {
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      widths.push_back(WidthOf(table.columns[c].title));
      for (const auto& row : table.rows) widths[c] = std::max(widths[c], WidthOf(row[c]));
    }
    if (const std::size_t words = WordsInFront(table); words > 0) {
      widths[words - 1] += std::max(WidthOf(table.caption), RoomOf(widths, words)) - RoomOf(widths, words);
    }
    return widths;
  }

  void AppendTitles(const report::Table& table, std::vector<std::size_t> widths) {
    std::vector<report::Column> columns = table.columns;
    if (const std::size_t words = WordsInFront(table); words > 0) {
      const std::size_t room = RoomOf(widths, words);
      columns.erase(columns.begin() + 1, columns.begin() + static_cast<std::ptrdiff_t>(words));
      widths.erase(widths.begin() + 1, widths.begin() + static_cast<std::ptrdiff_t>(words));
      columns.front().title = table.caption;
      widths.front() = room;
    } else {
      AppendWrapped("  ", table.caption);
    }
    std::vector<std::string> titles;
    for (const report::Column& column : columns) titles.push_back(column.title);
    AppendRow(columns, titles, widths);
  }

  void AppendRow(const std::vector<report::Column>& columns, const std::vector<std::string>& row, const std::vector<std::size_t>& widths) {
    std::string line = "   ";
    for (std::size_t c = 0; c + 1 < row.size(); ++c) {
      const std::string padding(widths[c] - WidthOf(row[c]), ' ');
      line += std::string(kGap - 1, ' ') + (columns[c].numeric ? padding + row[c] : row[c] + padding) + " ";
    }
    const std::size_t left = kTextColumns - std::min(kTextColumns, WidthOf(line) + kGap);
    if (row.back().empty()) {
      out_ += std::string(absl::StripTrailingAsciiWhitespace(line)) + "\n";
    } else if (left >= std::min(kLeastLastColumn, WidthOf(row.back()))) {
      AppendWrapped(line + " ", row.back());
    } else {
      out_ += std::string(absl::StripTrailingAsciiWhitespace(line)) + "\n";
      AppendWrapped(std::string(8, ' '), row.back());
    }
  }

  const TextOptions& options_;
  std::string out_;
};

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(&out, "\\x%02x", byte);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string FormatLr(double llr_log10) {
  if (std::isnan(llr_log10)) return "n/a";
  if (report::IsToldByOrder(llr_log10)) return absl::StrFormat("10^%.0f", llr_log10);
  return report::TwoFigures(llr_log10);
}

std::string AuditToText(const Panel& panel, const AuditReport& report, const TextOptions& options) {
  return TextRenderer(options).Render(report::Compose(panel, report, {}));
}

}  // namespace stemma
