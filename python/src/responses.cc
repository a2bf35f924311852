#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <string>
#include <utility>

#include "lib/base/status_macros.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "stemma/hash.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

// In messages.
constexpr char kTableName[] = "the table";

Responses Read(std::vector<std::string> paths, std::optional<TextTable> table, std::string name, bool name_by_file, bool skip_bad,
               const nb::object& report) {
  Responses responses{std::move(paths), std::move(table), {std::move(name), name_by_file, skip_bad}, nullptr};
  responses.set = Interruptible<std::shared_ptr<const ResponseSet>>(
      report, [responses](const Progress& progress) -> absl::StatusOr<std::shared_ptr<const ResponseSet>> {
        const ReadOptions options = responses.settings.ToOptions(progress);
        STEMMA_ASSIGN_OR_RETURN(ResponseSet set,
                                responses.table ? ResponseSet::ReadRecords(kTableName, responses.table->Records(), options, nullptr)
                                                : ResponseSet::Read(responses.paths, options, nullptr));
        return std::make_shared<const ResponseSet>(std::move(set));
      });
  return responses;
}

nb::dict FromInput(const InputFile& input) {
  nb::dict out;
  out["path"] = input.path;
  out["format"] = std::string(ToString(input.format));
  out["compression"] = std::string(ToString(input.compression));
  out["bytes"] = input.bytes;
  out["digest"] = ToHex(input.digest);
  out["records"] = input.records;
  out["bad_records"] = input.bad_records;
  return out;
}

nb::dict FromModel(const ModelSummary& summary) {
  nb::dict out;
  out["model"] = summary.model;
  out["responses"] = summary.responses;
  out["prompts"] = summary.prompts;
  out["max_samples"] = summary.max_samples;
  out["empty_answers"] = summary.empty_answers;
  out["duplicates_dropped"] = summary.duplicates_dropped;
  out["responses_with_reasoning"] = summary.with_reasoning;
  out["digest"] = ToHex(summary.digest);
  return out;
}

nb::dict FromBadRecord(const BadRecord& record) {
  nb::dict out;
  out["file"] = record.file;
  out["line"] = record.line;
  out["byte"] = record.byte;
  out["reason"] = record.reason;
  return out;
}

nb::dict Describe(const Responses& responses) {
  nb::list models, inputs, bad_records;
  for (const ModelSummary& summary : responses.set->models()) models.append(FromModel(summary));
  for (const InputFile& input : responses.set->inputs()) inputs.append(FromInput(input));
  for (const BadRecord& record : responses.set->bad_records()) bad_records.append(FromBadRecord(record));
  nb::dict out;
  out["responses"] = responses.set->responses();
  out["models"] = models;
  out["inputs"] = inputs;
  out["bad_records"] = bad_records;
  return out;
}

}  // namespace

void BindResponses(nb::module_& module) {
  nb::class_<Responses>(module, "Responses", "Stored responses that were read once.").def("describe", &Describe, nb::sig("def describe(self) -> dict[str, typing.Any]"));
  module.def("read", &Read, nb::arg("paths"), nb::arg("table").none(), nb::arg("name"), nb::arg("name_by_file"),
             nb::arg("skip_bad"), nb::arg("report").none());
}

}  // namespace stemma::python
