#include "stemma/report_diff.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "lib/report/canonical.h"
#include "lib/report/json_inputs.h"
#include "lib/report/stored_content.h"

namespace stemma {
namespace {

using report::At;
using report::Json;

constexpr std::size_t kMaxShown = 200;  // bytes of a value

struct NamedDigest {
  std::string_view what;
  std::string_view pointer;
};
// A signature's digest follows from the responses and the vocabulary, a panel's from all that it holds: so they come last.
constexpr std::array<NamedDigest, 7> kDigests = {{{"input digest", "/candidate/digest"},
                                                  {"vocabulary digest", "/panel/vocabulary/digest"},
                                                  {"signature digest", "/candidate/signature_digest"},
                                                  {"calibration digest", "/panel/calibration/digest"},
                                                  {"panel digest", "/panel/digest"},
                                                  {"embeddings' digest", "/embeddings/signature_digest"},
                                                  {"panel embeddings' digest", "/embeddings/panel_digest"}}};

std::string Shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= kMaxShown) return text;
  text.resize(kMaxShown);
  return text + "...";
}

ReportDifference Between(std::string_view what, std::string_view pointer, std::string before, std::string after) {
  return {std::string(what), std::string(pointer), std::move(before), std::move(after)};
}

std::optional<ReportDifference> FirstDigest(const Json& before, const Json& after) {
  for (const NamedDigest& digest : kDigests) {
    const Json& a = At(before, digest.pointer);
    const Json& b = At(after, digest.pointer);
    if (a != b) return Between(digest.what, digest.pointer, Shown(a), Shown(b));
  }
  return std::nullopt;
}

std::optional<ReportDifference> FirstValue(const Json& before, const Json& after, const std::string& pointer);

std::optional<ReportDifference> FirstMember(const Json& before, const Json& after, const std::string& pointer) {
  const auto at = [&](const std::string& key) {
    return absl::StrCat(pointer, "/", absl::StrReplaceAll(key, {{"~", "~0"}, {"/", "~1"}}));
  };
  for (const auto& [key, value] : before.items()) {
    const auto other = after.find(key);
    if (other == after.end()) return Between("value", at(key), Shown(value), "absent");
    if (auto found = FirstValue(value, *other, at(key))) return found;
  }
  for (const auto& [key, value] : after.items()) {
    if (!before.contains(key)) return Between("value", at(key), "absent", Shown(value));
  }
  return std::nullopt;
}

std::optional<ReportDifference> FirstElement(const Json& before, const Json& after, const std::string& pointer) {
  const std::size_t both = std::min(before.size(), after.size());
  for (std::size_t k = 0; k < both; ++k) {
    if (auto found = FirstValue(before[k], after[k], absl::StrCat(pointer, "/", k))) return found;
  }
  if (before.size() == after.size()) return std::nullopt;
  return Between("value", absl::StrCat(pointer, "/", both), before.size() > both ? Shown(before[both]) : "absent",
                 after.size() > both ? Shown(after[both]) : "absent");
}

std::optional<ReportDifference> FirstValue(const Json& before, const Json& after, const std::string& pointer) {
  if (before.is_object() && after.is_object()) return FirstMember(before, after, pointer);
  if (before.is_array() && after.is_array()) return FirstElement(before, after, pointer);
  if (before == after) return std::nullopt;
  return Between("value", pointer, Shown(before), Shown(after));
}

}  // namespace

std::optional<ReportDifference> FirstDifference(const StoredReport& before, const StoredReport& after) {
  Json a = before.content().canonical;
  Json b = after.content().canonical;
  a.erase("statements");
  b.erase("statements");
  if (report::CanonicalBytes(a) == report::CanonicalBytes(b)) return std::nullopt;
  if (auto found = FirstDigest(a, b)) return found;
  if (auto found = FirstValue(a, b, "")) return found;
  return Between("writing", "", "the same values", "in another order, or as other numerals");
}

std::optional<ReportDifference> FirstInputDifference(const StoredReport& report, const Panel& panel,
                                                     const Signature& candidate, const AuditEmbeddings* embeddings) {
  const std::string digest = ToHex(FactsOf(panel, candidate, nullptr).digest);
  Json now = {{"candidate", {{"digest", digest}, {"signature_digest", ToHex(candidate.digest())}}},
              {"panel", report::FromPanel(panel)}};
  if (embeddings != nullptr) {
    now["embeddings"] = {{"signature_digest", ToHex(embeddings->candidate.digest())},
                         {"panel_digest", ToHex(embeddings->panel.digest())}};
  }
  return FirstDigest(report.content().canonical, now);
}

}  // namespace stemma
