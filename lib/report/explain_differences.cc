#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/report/stored_content.h"
#include "stemma/report_diff.h"

namespace stemma {
namespace {

using report::At;
using report::Json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Of one class, the largest first.
constexpr std::size_t kLrsShown = 5;

// A text as it is, anything else as JSON.
std::string Said(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "none" : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double NumberAt(const Json& json, std::string_view pointer) {
  const Json& value = At(json, pointer);
  return value.is_number() ? value.get<double>() : kNaN;
}

// Elements of an array by what stands at a pointer in each.
std::map<std::string, const Json*> ByName(const Json& array, std::string_view pointer) {
  std::map<std::string, const Json*> by_name;
  for (const Json& element : array) by_name.try_emplace(Said(At(element, pointer)), &element);
  return by_name;
}

// A likelihood ratio as the report states it, on either side of a comparison.
class StoredLr {
 public:
  explicit StoredLr(const Json& reference) : lr_(&At(reference, "/likelihood_ratio/bounded")) {}

  double value() const { return NumberAt(*lr_, "/log10/value"); }
  // Without limits nothing lies between them.
  bool Holds(double llr_log10) const {
    return NumberAt(*lr_, "/log10/lower") <= llr_log10 && llr_log10 <= NumberAt(*lr_, "/log10/upper");
  }
  std::string Said() const {
    if (lr_->is_null()) return "none";
    return absl::StrFormat("%s [%s, %s]", stemma::Said(At(*lr_, "/value")), stemma::Said(At(*lr_, "/lower")),
                           stemma::Said(At(*lr_, "/upper")));
  }

 private:
  const Json* lr_;
};

std::map<std::string, const Json*> ReferencesOf(const Json& finding) {
  std::map<std::string, const Json*> references;
  for (const Json& family : At(finding, "/families")) {
    for (const Json& reference : At(family, "/references")) {
      references.try_emplace(Said(At(reference, "/reference")), &reference);
    }
  }
  return references;
}

class Explainer {
 public:
  Explainer(const Json& before, const Json& after) : before_(before), after_(after) {}

  std::vector<Remark> Explain() {
    CompareInputs();
    CompareParameters();
    Compare("headline", "headline", "/headline/verdict");
    const auto classes = ByName(At(after_, "/classes"), "/class");
    for (const Json& finding : At(before_, "/classes")) {
      const std::string name = Said(At(finding, "/class"));
      if (const auto other = classes.find(name); other != classes.end()) CompareClass(name, finding, *other->second);
    }
    CompareCopies();
    CompareEmbeddings();
    CompareWarnings();
    if (At(before_, "/statements") != At(after_, "/statements")) Add("statements", "a person's statements differ");
    return std::move(changes_);
  }

 private:
  void Add(std::string_view id, std::string text) { changes_.push_back({std::string(id), std::move(text)}); }

  void AddIfOther(std::string_view id, std::string_view what, const Json& before, const Json& after) {
    if (before != after) Add(id, absl::StrFormat("%s: %s, then %s", what, Said(before), Said(after)));
  }

  void Compare(std::string_view id, std::string_view what, std::string_view pointer) {
    AddIfOther(id, what, At(before_, pointer), At(after_, pointer));
  }

  void CompareInputs() {
    Compare("candidate", "another candidate", "/candidate/model");
    Compare("responses", "other responses (digest)", "/candidate/digest");
    Compare("responses", "responses", "/candidate/responses");
    Compare("responses", "prompts", "/candidate/prompts");
    Compare("responses", "prompts shared with the panel", "/candidate/shared_prompts");
    if (At(before_, "/candidate/metadata") != At(after_, "/candidate/metadata")) {
      Add("metadata", "what is documented of the candidate differs");
    }
    Compare("vocabulary", "another vocabulary", "/panel/vocabulary/digest");
    Compare("calibration", "another calibration", "/panel/calibration/digest");
    Compare("panel", "another panel", "/panel/digest");
    Compare("panel", "models in the panel", "/panel/models");
    Compare("panel", "groups in the panel", "/panel/groups");
  }

  void CompareParameters() {
    const Json& parameters = At(before_, "/parameters");
    for (const auto& [name, parameter] : parameters.items()) {
      Compare("parameters", name, absl::StrCat("/parameters/", name, "/value"));
    }
    for (const auto& [name, constant] : At(before_, "/constants").items()) {
      Compare("constants", name, absl::StrCat("/constants/", name));
    }
  }

  void CompareClass(const std::string& name, const Json& before, const Json& after) {
    AddIfOther("verdict", name + ": verdict", At(before, "/verdict"), At(after, "/verdict"));
    AddIfOther("rule", name + ": rule that decided", At(before, "/rule"), At(after, "/rule"));
    AddIfOther("subject", name + ": judged reference", At(before, "/subject"), At(after, "/subject"));
    CompareTexts("reasons", name + ": ", At(before, "/reasons"), At(after, "/reasons"));
    CompareLrs(name, ReferencesOf(before), ReferencesOf(after));
    AddIfOther("p_value", name + ": p of the judged reference", At(before, "/verdict_inputs/p_value"),
               At(after, "/verdict_inputs/p_value"));
  }

  // What has an id and a text: gone, new, and said in other words.
  void CompareTexts(std::string_view id, const std::string& lead, const Json& before, const Json& after) {
    const std::set<std::string> old = TextsOf(before), fresh = TextsOf(after);
    for (const std::string& text : old) {
      if (!fresh.contains(text)) Add(id, absl::StrFormat("%sgone: %s", lead, text));
    }
    for (const std::string& text : fresh) {
      if (!old.contains(text)) Add(id, absl::StrFormat("%snew: %s", lead, text));
    }
  }

  static std::set<std::string> TextsOf(const Json& array) {
    std::set<std::string> texts;
    for (const Json& element : array) {
      texts.insert(absl::StrFormat("%s [%s]", Said(At(element, "/text")), Said(At(element, "/id"))));
    }
    return texts;
  }

  struct LrChange {
    std::string reference;
    double size = 0;
    std::string text;
  };

  void CompareLrs(const std::string& name, const std::map<std::string, const Json*>& before,
                  const std::map<std::string, const Json*>& after) {
    std::vector<LrChange> beyond;
    std::size_t within = 0;
    for (const auto& [reference, a] : before) {
      const auto b = after.find(reference);
      if (b == after.end()) {
        Add("references", absl::StrFormat("%s: %s is a reference no more", name, reference));
        continue;
      }
      const StoredLr old(*a), fresh(*b->second);
      if (old.value() == fresh.value() || (std::isnan(old.value()) && std::isnan(fresh.value()))) continue;
      if (old.Holds(fresh.value()) && fresh.Holds(old.value())) {
        ++within;
        continue;
      }
      beyond.push_back({reference, std::abs(old.value() - fresh.value()),
                        absl::StrFormat("%s: LR of %s: %s, then %s", name, reference, old.Said(), fresh.Said())});
    }
    for (const auto& [reference, b] : after) {
      if (!before.contains(reference)) Add("references", absl::StrFormat("%s: %s is a new reference", name, reference));
    }
    AddLrs(name, std::move(beyond), within);
  }

  void AddLrs(const std::string& name, std::vector<LrChange> beyond, std::size_t within) {
    // One that came or went is the largest change.
    const auto size = [](const LrChange& change) {
      return std::isnan(change.size) ? std::numeric_limits<double>::infinity() : change.size;
    };
    std::ranges::sort(beyond, [&](const LrChange& a, const LrChange& b) {
      return size(a) != size(b) ? size(a) > size(b) : a.reference < b.reference;
    });
    for (std::size_t k = 0; k < std::min(kLrsShown, beyond.size()); ++k) Add("likelihood_ratio", beyond[k].text);
    if (beyond.size() > kLrsShown) {
      Add("likelihood_ratio",
          absl::StrFormat("%s: and %d LRs more beyond their intervals", name, beyond.size() - kLrsShown));
    }
    if (within > 0) Add("likelihood_ratio", absl::StrFormat("%s: %d LRs moved within their intervals", name, within));
  }

  void CompareCopies() {
    const auto old = ByName(At(before_, "/copies"), "/reference"), fresh = ByName(At(after_, "/copies"), "/reference");
    const auto prompts = [](const Json& copy) { return At(copy, "/n_prompts"); };
    for (const auto& [reference, copy] : old) {
      const auto now = fresh.find(reference);
      AddIfOther("copies", "prompts with copies of " + reference, prompts(*copy),
                 now == fresh.end() ? Json() : prompts(*now->second));
    }
    for (const auto& [reference, copy] : fresh) {
      if (!old.contains(reference)) AddIfOther("copies", "prompts with copies of " + reference, Json(), prompts(*copy));
    }
  }

  void CompareEmbeddings() {
    const auto measured = [](const Json& canonical) { return !At(canonical, "/embeddings").is_null(); };
    if (measured(before_) != measured(after_)) {
      Add("embeddings", measured(after_) ? "embeddings: not measured, then measured" : "embeddings: measured, then not");
      return;
    }
    Compare("embeddings", "another embedder", "/embeddings/embedder/digest");
    Compare("embeddings", "other embeddings of the panel", "/embeddings/panel_digest");
    Compare("embeddings", "nearest by embeddings", "/embeddings/nearest/reference");
    Compare("embeddings", "p of the nearest by embeddings", "/embeddings/nearest/p_value/value");
  }

  void CompareWarnings() { CompareTexts("warnings", "warning ", At(before_, "/warnings"), At(after_, "/warnings")); }

  const Json& before_;
  const Json& after_;
  std::vector<Remark> changes_;
};

}  // namespace

std::vector<Remark> ExplainDifferences(const StoredReport& before, const StoredReport& after) {
  std::vector<Remark> changes = Explainer(before.content().canonical, after.content().canonical).Explain();
  const std::optional<ReportDifference> first = FirstDifference(before, after);
  if (!first) return changes;
  const std::string text = first->pointer.empty()
                               ? absl::StrCat("the same values are written in another way: ", first->after)
                               : absl::StrFormat("the first value that differs is %s: %s, then %s", first->pointer,
                                                 first->before, first->after);
  changes.push_back({"first_difference", text});
  return changes;
}

}  // namespace stemma
