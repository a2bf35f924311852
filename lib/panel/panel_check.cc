#include "stemma/panel_check.h"

#include <cstdlib>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/panel/metadata_of.h"
#include "stemma/lineage.h"

namespace stemma {
namespace {

constexpr int kMonthsOfTheSameTime = 12;
constexpr std::size_t kMinModelsOfTheSameTime = 3;

// Months since year 0; July where only the year is known. The date's form was checked when it was read.
std::optional<int> Month(const std::string& date) {
  if (date.size() < 4) return std::nullopt;
  const int month = date.size() >= 7 ? std::atoi(date.substr(5, 2).c_str()) : 7;
  return std::atoi(date.substr(0, 4).c_str()) * 12 + month;
}

class Checker {
 public:
  explicit Checker(const Panel& panel) : panel_(panel), lineage_(panel::MetadataOf(panel)) {}

  void Check(std::size_t reference, std::vector<PanelGap>& gaps) const {
    const ModelMetadata& metadata = panel_.models()[reference].metadata;
    const auto lacks = [&](const char* kind, std::string explanation) {
      gaps.push_back({metadata.model, kind, std::move(explanation)});
    };
    if (metadata.organisation.empty() && metadata.lineage.empty() && metadata.release.empty()) {
      lacks("metadata", "anything: nothing is documented about it");
      return;
    }
    if (!lineage_.Bases(reference).empty() && Count(reference, Kinship::kSharedBase) == 0) {
      lacks("same base", "that the candidate was only made from the same base weights");
    }
    if (Count(reference, Kinship::kSibling) == 0) {
      lacks("same teacher", "that the candidate only shares a teacher or third-party data with it");
    }
    if (CountOfTheSameTime(reference) < kMinModelsOfTheSameTime) {
      lacks("same time", "that models of that time resemble it in any case");
    }
  }

 private:
  bool IsWitness(std::size_t model, std::size_t reference) const {
    return !panel_.models()[model].metadata.degenerate && panel_.group(model) != panel_.group(reference);
  }

  std::size_t Count(std::size_t reference, Kinship kinship) const {
    std::size_t count = 0;
    for (std::size_t m = 0; m < panel_.models().size(); ++m) {
      count += IsWitness(m, reference) && lineage_.Between(reference, m) == kinship;
    }
    return count;
  }

  std::size_t CountOfTheSameTime(std::size_t reference) const {
    const auto month = Month(panel_.models()[reference].metadata.release);
    std::size_t count = 0;
    for (std::size_t m = 0; m < panel_.models().size(); ++m) {
      const auto other = Month(panel_.models()[m].metadata.release);
      count += month && other && IsWitness(m, reference) && !lineage_.Related(reference, m) &&
               std::abs(*other - *month) <= kMonthsOfTheSameTime;
    }
    return count;
  }

  const Panel& panel_;
  Lineage lineage_;
};

}  // namespace

absl::StatusOr<std::vector<PanelGap>> CheckPanel(const Panel& panel, std::span<const std::string> references) {
  const Checker checker(panel);
  std::vector<PanelGap> gaps;
  for (const std::string& name : references) {
    const auto model = panel.FindModel(name);
    if (!model) return absl::NotFoundError(absl::StrFormat(
          "the panel has no model \"%s\"; `stemma panel info` lists the %d that it has", name, panel.models().size()));
    checker.Check(*model, gaps);
  }
  if (!references.empty()) return gaps;
  for (std::size_t m = 0; m < panel.models().size(); ++m) {
    const ModelMetadata& metadata = panel.models()[m].metadata;
    if (metadata.reference && !metadata.degenerate) checker.Check(m, gaps);
  }
  return gaps;
}

}  // namespace stemma
