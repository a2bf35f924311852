#include "lib/report/json_provenance.h"

namespace stemma::report {
namespace {

Json FromFile(const FileProvenance& file) {
  return {{"path", file.path},
          {"format", file.format},
          {"compression", file.compression},
          {"bytes", file.bytes},
          {"digest", ToHex(file.digest)},
          {"records", file.records},
          {"bad_records", file.bad_records}};
}

Json FromBadRecord(const BadRecord& record) {
  return {{"file", record.file}, {"line", record.line}, {"byte", record.byte}, {"reason", record.reason}};
}

}  // namespace

Json FromProvenance(const Provenance* provenance) {
  if (provenance == nullptr) return nullptr;
  Json inputs = Json::array();
  for (const FileProvenance& file : provenance->inputs) inputs.push_back(FromFile(file));
  Json bad_records = Json::array();
  for (const BadRecord& record : provenance->bad_records) bad_records.push_back(FromBadRecord(record));
  return {{"version", provenance->version},
          {"commit", provenance->commit},
          {"build", {{"compiler", provenance->compiler}, {"type", provenance->build_type}}},
          {"command", provenance->command},
          {"machine",
           {{"system", provenance->system}, {"architecture", provenance->architecture}, {"threads", provenance->threads}}},
          {"time", provenance->time},
          {"panel", FromFile(provenance->panel)},
          {"embedding_panel", provenance->embedding_panel ? FromFile(*provenance->embedding_panel) : Json(nullptr)},
          {"inputs", inputs},
          {"bad_records", bad_records}};
}

}  // namespace stemma::report
