#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/report/compose.h"
#include "lib/report/words.h"
#include "stemma/report.h"

namespace stemma::report {
namespace {

constexpr std::size_t kReferencesShown = 10;
constexpr std::string_view kLead = "Embeddings (no gain, so outside LR and verdict): ";
constexpr std::string_view kWhyApart =
    "Embeddings enter no likelihood ratio and no verdict: on models kept for such choices they added nothing to n-grams and style "
    "that could be told from luck, and made the calibration of shared weights worse.";

// What n-grams say to the nearest by embeddings.
std::string BesideNgrams(const Panel& panel, const EmbeddingFinding& finding) {
  if (!finding.nearest_by_ngrams) return "";
  if (finding.AgreesWithNgrams()) return ", as by n-grams";
  const std::string other = NameOf(panel, *finding.nearest_by_ngrams);
  if (finding.to_nearest_by_ngrams == Kinship::kUnrelated) return ", which may speak against " + other + ", nearest by n-grams";
  return absl::StrFormat(", not %s as by n-grams (%s)", other, stemma::NameOf(finding.to_nearest_by_ngrams));
}

std::string DescribeNearest(const Panel& panel, const EmbeddingFinding& finding, const std::string& rank) {
  const EmbeddingReference& nearest = finding.references.front();
  return absl::StrFormat("%s, score %.2f, %s", NameOf(panel, nearest.model), nearest.score, rank) + BesideNgrams(panel, finding);
}

std::string WhyNothing(const AuditReport& report) {
  return report.embeddings ? "nothing to compare: too few prompts or groups are shared"
                           : "not measured; give responses or `sign --embeddings`";
}

bool HasReferences(const AuditReport& report) { return report.embeddings && !report.embeddings->references.empty(); }

Table TableOf(const Panel& panel, const EmbeddingFinding& finding) {
  Table table{absl::StrFormat("Nearest by embeddings (%d of %d references; --json has them all)",
                              std::min(kReferencesShown, finding.references.size()), finding.references.size()),
              {{"reference"}, {"score", true}, {"mean cosine", true}, {"prompts", true}, {"score by n-grams", true}},
              {}};
  for (const EmbeddingReference& reference : finding.references) {
    if (table.rows.size() == kReferencesShown) break;
    if (reference.model == finding.nearest_by_ngrams) table.emphasised.push_back(table.rows.size());
    table.rows.push_back({NameOf(panel, reference.model), absl::StrFormat("%.2f", reference.score),
                          absl::StrFormat("%.3f", reference.cosine), absl::StrCat(reference.n_prompts),
                          std::isnan(reference.ngrams) ? "none" : absl::StrFormat("%.2f", reference.ngrams)});
  }
  return table;
}

}  // namespace

std::string EmbeddingsInALine(const Panel& panel, const AuditReport& report) {
  const std::string lead(kLead);
  if (!HasReferences(report)) return lead + WhyNothing(report);
  const RankP& search = report.embeddings->search;
  return lead + DescribeNearest(panel, *report.embeddings, absl::StrFormat("p %.3f (floor %.3f)", search.p, search.floor()));
}

std::optional<std::string> WhereEmbeddingsDisagree(const Panel& panel, const AuditReport& report) {
  if (!HasReferences(report) || !report.embeddings->nearest_by_ngrams || report.embeddings->AgreesWithNgrams()) return std::nullopt;
  return "by embeddings, which enter no verdict, the nearest is " + NameOf(panel, report.embeddings->references.front().model) +
         BesideNgrams(panel, *report.embeddings);
}

Section EmbeddingsSection(const Panel& panel, const AuditReport& report) {
  Section section{"embeddings", "Beside the verdict: embeddings of the answers", {}};
  if (!HasReferences(report)) {
    section.items.push_back({Paragraph{"Embeddings: " + WhyNothing(report) + "."}, Place::kPageOnly});
  } else {
    const EmbeddingFinding& finding = *report.embeddings;
    section.items.push_back({Paragraph{absl::StrFormat("Nearest by %s: %s.", Printable(finding.space.embedder.name),
                                                       DescribeNearest(panel, finding, Describe(finding.search)))},
                             Place::kPageOnly});
    section.items.push_back({TableOf(panel, finding), Place::kPageOnly});
  }
  section.items.push_back({Paragraph{std::string(kWhyApart), Tone::kNote}, Place::kPageOnly});
  return section;
}

}  // namespace stemma::report
