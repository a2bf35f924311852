// A report before it is rendered: the same sections, in the same order, become text, Markdown or HTML.
#ifndef STEMMA_LIB_REPORT_DOCUMENT_H_
#define STEMMA_LIB_REPORT_DOCUMENT_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lib/report/svg/figure.h"

namespace stemma::report {

enum class Tone : std::uint8_t {
  kPlain,
  kLead,  // the sentence to read if one reads no other
  kNote,  // how to read what stands beside it
};

struct Paragraph {
  std::string text;
  Tone tone = Tone::kPlain;
};

struct Bullets {
  std::string lead = {};
  std::vector<std::string> items;
};

// Terms and what is said of them.
struct Definitions {
  struct Entry {
    std::string term;
    std::string text;
  };
  std::vector<Entry> entries;
};

struct Column {
  std::string title;
  bool numeric = false;
  bool on_one_line = false;  // numeric ones always are
};

struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> emphasised = {};  // rows
};

struct Figure {
  std::string title;
  svg::Figure drawing;
  std::string how_to_read;
};

// What a person must state by hand; `text` is what they did.
struct Blank {
  std::string label;
  std::string text;
};

enum class Place : std::uint8_t {
  kEverywhere,
  kTextOnly,  // some forty lines
  kPageOnly,  // where there is room
};

struct Item {
  std::variant<Paragraph, Bullets, Definitions, Table, Figure, Blank> block;
  Place place = Place::kEverywhere;
};

inline bool IsInText(const Item& item) { return item.place != Place::kPageOnly; }
inline bool IsOnPage(const Item& item) { return item.place != Place::kTextOnly; }

struct Section {
  std::string id;  // stays the same from version to version
  std::string title;
  std::vector<Item> items;
  bool framed = false;  // what nobody should overlook
};

struct Document {
  std::string title;
  std::vector<Section> sections;
};

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_DOCUMENT_H_
