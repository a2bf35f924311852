#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "lib/base/status_macros.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "stemma/answer_samples.h"
#include "stemma/embedder.h"
#include "stemma/same_model.h"
#include "stemma/same_report.h"
#include "stemma/same_stream.h"

namespace stemma::python {
namespace {

namespace nb = nanobind;

// JSON and text.
using Renderings = std::array<std::string, 2>;

// One run of a model: a file of responses or a signature, responses that were read, or a signature.
using Run = std::variant<std::string, Responses, SignedModel>;
using Side = std::vector<Run>;

class RunReader {
 public:
  RunReader(const Vocabulary& vocabulary, const std::optional<Embedder>& embedder, bool skip_bad, const Progress& progress)
      : vocabulary_(vocabulary), settings_{.name = {}, .name_by_file = false, .skip_bad = skip_bad}, progress_(progress) {
    if (!embedder) return;
    const auto texts = std::make_shared<TextEmbedder>(*embedder);
    embedder_ = {.id = embedder->id(), .dims = embedder->dims(), .embed = [texts](std::string_view answer, std::span<float> out) {
                   texts->Embed(answer, out);
                 }};
  }

  absl::StatusOr<AnswerSamples> Read(const Side& side) const {
    STEMMA_ASSIGN_OR_RETURN(AnswerSamples samples, Read(side.front()));
    for (const Run& more : std::span(side).subspan(1)) {
      STEMMA_ASSIGN_OR_RETURN(AnswerSamples run, Read(more));
      AddRun(std::move(run), samples);
    }
    return samples;
  }

 private:
  absl::StatusOr<AnswerSamples> Read(const Run& run) const {
    return std::visit([this](const auto& one) { return Read(one); }, run);
  }

  absl::StatusOr<AnswerSamples> Read(const std::string& path) const {
    return ReadAnswerSamples(path, vocabulary_, settings_.ToOptions(progress_), embedder_);
  }

  absl::StatusOr<AnswerSamples> Read(const Responses& responses) const {
    const ReadOptions options = responses.settings.ToOptions(progress_);
    if (responses.table) {
      return ReadAnswerSamples("the table", responses.table->Records(), vocabulary_, options, embedder_);
    }
    if (responses.paths.size() == 1) return ReadAnswerSamples(responses.paths.front(), vocabulary_, options, embedder_);
    return absl::InvalidArgumentError(absl::StrFormat(
        "a run is one file, got responses of %d; give further runs as also_a or also_b", responses.paths.size()));
  }

  absl::StatusOr<AnswerSamples> Read(const SignedModel& model) const {
    return AnswerSamplesOf(*model.signature, vocabulary_, "the signature of " + model.signature->metadata().model);
  }

  const Vocabulary& vocabulary_;
  ReadSettings settings_;
  Progress progress_;
  AnswerEmbedder embedder_;
};

Renderings Told(const AnswerSamples& a, const AnswerSamples& b, const auto& result) {
  return {SameToJson(a, b, result), SameToText(a, b, result)};
}

absl::StatusOr<Renderings> Compare(const AnswerSamples& a, const AnswerSamples& b, bool stream, const SameOptions& options) {
  const std::vector<SharedPrompt> prompts = SharedPrompts(a, b);
  if (stream) {
    STEMMA_ASSIGN_OR_RETURN(const SameStreamResult result, StreamSamples(prompts, options));
    return Told(a, b, result);
  }
  STEMMA_ASSIGN_OR_RETURN(const SameResult result, CompareSamples(prompts, options));
  return Told(a, b, result);
}

Renderings RunSame(Side a, Side b, const Vocabulary& vocabulary, std::optional<Embedder> embedder, bool skip_bad, double alpha,
                   double margin, bool stream, std::uint64_t draws, std::uint64_t seed, int threads, const nb::object& report) {
  SameOptions options{.alpha = alpha, .margin = margin, .draws = draws, .seed = seed, .threads = threads};
  return Interruptible<Renderings>(
      report, [a = std::move(a), b = std::move(b), vocabulary, embedder = std::move(embedder), skip_bad, stream,
               options = std::move(options)](const Progress& progress) -> absl::StatusOr<Renderings> {
        const RunReader reader(vocabulary, embedder, skip_bad, progress);
        STEMMA_ASSIGN_OR_RETURN(const AnswerSamples of_a, reader.Read(a));
        STEMMA_ASSIGN_OR_RETURN(const AnswerSamples of_b, reader.Read(b));
        SameOptions with_progress = options;
        with_progress.progress = progress;
        return Compare(of_a, of_b, stream, with_progress);
      });
}

}  // namespace

void BindSame(nb::module_& module) {
  module.def("same", &RunSame, nb::arg("a"), nb::arg("b"), nb::arg("vocabulary"), nb::arg("embedder").none(), nb::arg("skip_bad"),
             nb::arg("alpha"), nb::arg("margin"), nb::arg("stream"), nb::arg("draws"), nb::arg("seed"), nb::arg("threads"),
             nb::arg("report").none());
}

}  // namespace stemma::python
