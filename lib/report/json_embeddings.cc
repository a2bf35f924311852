#include "lib/report/json_embeddings.h"

#include <string>

namespace stemma::report {
namespace {

Json FromNearest(const Panel& panel, const EmbeddingFinding& finding) {
  if (finding.references.empty()) return nullptr;
  const EmbeddingReference& nearest = finding.references.front();
  Json json = {{"reference", panel.models()[nearest.model].metadata.model},
               {"score", Significant(nearest.score)},
               {"p_value", FromRank(finding.search, finding.search.p)},
               {"nearest_by_ngrams", nullptr},
               {"agrees", nullptr},
               {"documented_relation", nullptr}};
  if (!finding.nearest_by_ngrams) return json;
  json["nearest_by_ngrams"] = panel.models()[*finding.nearest_by_ngrams].metadata.model;
  json["agrees"] = finding.AgreesWithNgrams();
  json["documented_relation"] = NameOf(finding.to_nearest_by_ngrams);
  return json;
}

}  // namespace

Json FromEmbeddings(const Panel& panel, const std::optional<EmbeddingFinding>& finding) {
  if (!finding) return nullptr;
  Json references = Json::array();
  for (const EmbeddingReference& reference : finding->references) {
    references.push_back({{"reference", panel.models()[reference.model].metadata.model},
                          {"cosine", Significant(reference.cosine)},
                          {"score", Significant(reference.score)},
                          {"n_prompts", reference.n_prompts},
                          {"score_ngrams", Significant(reference.ngrams)}});
  }
  return {{"enters", "no likelihood ratio and no verdict"},
          {"embedder", {{"name", finding->space.embedder.name}, {"digest", ToHex(finding->space.embedder.digest)}}},
          {"panel_digest", ToHex(finding->panel_digest)},
          {"signature_digest", ToHex(finding->signature_digest)},
          {"dimensions", finding->dims},
          {"vectors", finding->vectors},
          {"prompts", finding->prompts},
          {"shared_prompts", finding->shared_prompts},
          {"nearest", FromNearest(panel, *finding)},
          {"references", references}};
}

}  // namespace stemma::report
