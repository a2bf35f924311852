#include "lib/report/canonical.h"

#include <array>
#include <cstddef>
#include <optional>

#include "lib/base/hash.h"
#include "lib/report/json_classes.h"
#include "lib/report/json_embeddings.h"
#include "lib/report/json_inputs.h"
#include "lib/report/json_statistics.h"
#include "lib/report/limitations.h"

namespace stemma::report {
namespace {

Json FromRemarks(const std::vector<Remark>& remarks) {
  Json json = Json::array();
  for (const Remark& remark : remarks) json.push_back({{"id", remark.id}, {"text", remark.text}});
  return json;
}

Json FromCopies(const Panel& panel, const std::vector<CopyFinding>& copies) {
  Json json = Json::array();
  for (const CopyFinding& copy : copies) {
    json.push_back({{"reference", panel.models()[copy.model].metadata.model},
                    {"n_prompts", copy.prompts},
                    {"left_out", copy.left_out}});
  }
  return json;
}

// Nodes before their parents, by index; a candidate has no model of the panel.
Json FromFamilyTree(const Panel& panel, const std::optional<FamilyTree>& tree) {
  if (!tree) return nullptr;
  static constexpr std::array<const char*, 4> kKinds = {"candidate", "nearest", "relative", "join"};
  Json nodes = Json::array();
  for (const FamilyNode& node : tree->nodes) {
    nodes.push_back({{"kind", kKinds[static_cast<std::size_t>(node.kind)]},
                     {"model", node.model ? Json(panel.models()[*node.model].metadata.model) : Json(nullptr)},
                     {"parent", node.parent ? Json(*node.parent) : Json(nullptr)},
                     {"branch_length", Significant(node.branch_length)},
                     {"support", Significant(node.support)}});
  }
  return {{"method", tree->method}, {"n_prompts", tree->prompts}, {"blocks", tree->blocks},       {"draws", tree->draws},
          {"seed", tree->seed},     {"clade", tree->clade},       {"summary", tree->clade_in_words}, {"nodes", nodes}};
}

Json FromStatements(const Statements& statements) {
  return {{"authorisation", statements.authorisation},
          {"collection", statements.collection},
          {"endpoint_identity", statements.endpoint_identity},
          {"reviewer", statements.reviewer}};
}

}  // namespace

Json Canonical(const Panel& panel, const AuditReport& report, const Statements& statements) {
  const ClassFinding& headline = report.headline_finding();
  Json classes = Json::array();
  for (const ClassFinding& finding : report.classes) classes.push_back(FromClass(panel, finding));
  return {{"schema_version", kSchemaVersion},
          {"candidate", FromCandidate(panel, report)},
          {"panel", FromPanel(panel)},
          {"parameters", FromParameters(report.options)},
          {"constants", Constants()},
          {"headline", {{"class", NameOf(report.headline)}, {"verdict", NameOf(headline.verdict.verdict)}}},
          {"direction", "not determined"},
          {"copies", FromCopies(panel, report.copies)},
          {"classes", classes},
          {"family_tree", FromFamilyTree(panel, report.family_tree)},
          {"unpaired", FromUnpaired(panel, report.unpaired)},
          {"embeddings", FromEmbeddings(panel, report.embeddings)},
          {"warnings", FromRemarks(report.warnings)},
          {"limitations", FromRemarks(Limitations())},
          {"statements", FromStatements(statements)}};
}

std::string CanonicalBytes(const Json& canonical) {
  Json without = canonical;
  without.erase("statements");
  return without.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Hash128 CanonicalDigest(const Json& canonical) { return base::HashBytes128(CanonicalBytes(canonical)); }

std::string Dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace stemma::report
