#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/mapped_file.h"
#include "lib/base/status_macros.h"
#include "stemma/calibrate_panel.h"
#include "stemma/embedding_panel.h"
#include "stemma/panel.h"
#include "stemma/panel_check.h"
#include "stemma/report.h"
#include "stemma/score_strangers.h"
#include "tools/stemma/command.h"

namespace stemma::cli {
namespace {

absl::StatusOr<Panel> OpenPanel(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const std::string found, GivenOrShipped(path, "panel.stemma"));
  return Panel::Open(found);
}

struct BuildFlags {
  std::vector<std::string> signatures;
  std::vector<std::string> metadata;
  std::string vocabulary;
  std::string output;
  PanelOptions options;
};

absl::Status Build(const BuildFlags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const std::string vocabulary_path, GivenOrShipped(flags.vocabulary, "vocabulary.stemma"));
  STEMMA_ASSIGN_OR_RETURN(const Vocabulary vocabulary, Vocabulary::Read(vocabulary_path));
  STEMMA_ASSIGN_OR_RETURN(const MetadataTable metadata, MetadataTable::Read(flags.metadata));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<Signature> signatures, ReadSignatures(flags.signatures, metadata));
  PanelOptions options = flags.options;
  options.threads = globals.threads;
  options.progress = ProgressOnTerminal(globals);
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Build(signatures, vocabulary, options));
  STEMMA_RETURN_IF_ERROR(panel.Write(flags.output));
  absl::FPrintF(stderr, "%s: %d models in %d groups, %d prompts, %d bytes (%d a model), digest %s\n", flags.output,
                panel.models().size(), panel.groups().size(), panel.prompts().size(), panel.size_bytes(),
                panel.size_bytes() / panel.models().size(), ToHex(panel.digest()));
  return absl::OkStatus();
}

std::string DescribeCalibration(const Panel& panel) {
  if (panel.calibration() == nullptr) return "no: audits give ranks, but no likelihood ratios and no verdict";
  std::string out;
  for (const EvidenceClass evidence_class : kEvidenceClasses) {
    const ClassQuality& quality = panel.calibration()->quality[static_cast<std::size_t>(evidence_class)];
    const std::string interval = std::isnan(quality.cllr_lower)
                                     ? "(no interval)"
                                     : absl::StrFormat("[%.3f, %.3f]", quality.cllr_lower, quality.cllr_upper);
    absl::StrAppendFormat(&out,
                          "%s%s: Cllr %.3f %s, frozen %.3f; %d derived and %d unrelated pairs of %d groups, on references of "
                          "%d organisations",
                          out.empty() ? "" : "\n               ", NameOf(evidence_class), quality.cllr, interval,
                          quality.cllr_frozen, quality.pairs_h1, quality.pairs_h2, quality.groups, quality.organisations);
  }
  return out;
}

absl::Status Info(const std::string& path) {
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, OpenPanel(path));
  std::string out;
  const auto line = [&](std::string_view label, std::string_view value) {
    if (!value.empty()) absl::StrAppendFormat(&out, "%-14s %s\n", label, Printable(value));
  };
  line("title", panel.title());
  line("source", panel.source());
  line("licence", panel.licence());
  line("models", absl::StrFormat("%d in %d groups", panel.models().size(), panel.groups().size()));
  line("prompts", absl::StrFormat("%d", panel.prompts().size()));
  line("bytes", absl::StrFormat("%d (%d a model)", panel.size_bytes(), panel.size_bytes() / panel.models().size()));
  line("vocabulary", ToHex(panel.vocabulary().digest()));
  line("digest", ToHex(panel.digest()));
  absl::StrAppendFormat(&out, "%-14s %s\n", "calibrated", DescribeCalibration(panel));
  absl::StrAppendFormat(&out, "\n%-40s %-24s %-24s %-8s %s\n", "model", "organisation", "family", "release", "prompts");
  for (const PanelModel& model : panel.models()) {
    absl::StrAppendFormat(&out, "%-40s %-24s %-24s %-8s %d\n", Printable(model.metadata.model),
                          Printable(model.metadata.organisation), Printable(model.metadata.family),
                          model.metadata.release, model.prompts);
  }
  return WriteOutput("-", out);
}

struct EmbedFlags {
  std::string panel;
  std::vector<std::string> signatures;
  std::string output;
  EmbeddingPanelOptions options;
};

absl::Status Embed(const EmbedFlags& flags) {
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(flags.panel));
  std::vector<EmbeddingSignature> signatures;
  for (const std::string& path : flags.signatures) {
    STEMMA_ASSIGN_OR_RETURN(EmbeddingSignature signature, EmbeddingSignature::Read(path));
    signatures.push_back(std::move(signature));
  }
  STEMMA_ASSIGN_OR_RETURN(const EmbeddingPanel embeddings, EmbeddingPanel::Build(panel, signatures, flags.options));
  STEMMA_RETURN_IF_ERROR(embeddings.Write(flags.output));
  absl::FPrintF(stderr, "%s: %d models, %d prompts, %d numbers of %d bits by %s, digest %s\n", flags.output,
                embeddings.models().size(), embeddings.prompts().size(), embeddings.dims(), embeddings.bits(),
                Printable(embeddings.space().embedder.name), ToHex(embeddings.digest()));
  return absl::OkStatus();
}

struct CheckFlags {
  std::string panel;
  std::vector<std::string> references;
};

absl::Status Check(const CheckFlags& flags) {
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, OpenPanel(flags.panel));
  STEMMA_ASSIGN_OR_RETURN(const std::vector<PanelGap> gaps, CheckPanel(panel, flags.references));
  std::string out;
  if (gaps.empty()) {
    out = "Every reference has models of the same base, the same teacher or data, and the same time beside it.\n";
  } else {
    out = "What the panel cannot tell apart, for it lacks a model that would show it:\n\n";
    absl::StrAppendFormat(&out, "%-40s %-16s %s\n", "reference", "lacks", "so it cannot rule out");
    for (const PanelGap& gap : gaps) {
      absl::StrAppendFormat(&out, "%-40s %-16s %s\n", gap.reference, gap.kind, gap.explanation);
    }
  }
  return WriteOutput("-", out);
}

struct CoverageFlags {
  ReadFlags read;
  std::string panel;
};

absl::Status Coverage(const CoverageFlags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, OpenPanel(flags.panel));
  STEMMA_ASSIGN_OR_RETURN(const SignOptions options, flags.read.ToOptions(globals));
  STEMMA_ASSIGN_OR_RETURN(const SignedInputs inputs, ReadOrSign(flags.read.inputs, panel.vocabulary(), options));
  ReportSkipped(inputs.responses);
  std::string out = absl::StrFormat("panel of %d prompts\n%-40s %10s %10s %10s\n", panel.prompts().size(), "model", "prompts",
                                    "shared", "missing");
  for (const Signature& signature : inputs.signatures) {
    const auto shared = std::ranges::count_if(
        signature.rows(), [&](const PromptRow& row) { return panel.FindPrompt(row.prompt).has_value(); });
    absl::StrAppendFormat(&out, "%-40s %10d %10d %10d\n", Printable(signature.metadata().model), signature.rows().size(), shared,
                          panel.prompts().size() - static_cast<std::size_t>(shared));
  }
  out += "shared: prompts of the model that the panel has; missing: prompts of the panel that the model has not answered.\n"
         "An audit needs 10 shared prompts for shared weights and 50 for distillation; more are better.\n";
  return WriteOutput("-", out);
}

struct CalibrateFlags {
  ReadFlags read;
  std::string panel;
  std::string scores_of;
  std::string output;
  StrangerOptions options;
};

absl::StatusOr<bool> AreSignatures(const std::vector<std::string>& paths) {
  std::size_t signatures = 0;
  for (const std::string& path : paths) {
    STEMMA_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
    signatures += Signature::IsSignature(file.bytes());
  }
  if (signatures > 0 && signatures < paths.size()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%d of the %d inputs are signatures; give either signatures or responses of all models", signatures, paths.size()));
  }
  return signatures > 0;
}

// Who helped to choose the words must be left out of choosing them: that takes the responses.
absl::StatusOr<SignWithout> Source(const CalibrateFlags& flags, const Panel& panel, const Globals& globals, bool signatures) {
  STEMMA_ASSIGN_OR_RETURN(SignOptions options, flags.read.ToOptions(globals));
  if (!signatures) return RefitVocabulary(flags.read.inputs, panel.vocabulary().brands(), std::move(options));
  STEMMA_ASSIGN_OR_RETURN(std::vector<Signature> read, ReadSignatures(flags.read.inputs, options.metadata));
  return KeepVocabulary(panel.vocabulary(), std::move(read));
}

// The panel with the scores of another one's strangers: of the same models, whose responses were the same.
absl::StatusOr<Panel> WithScoresOf(const std::string& path, const Panel& panel) {
  STEMMA_ASSIGN_OR_RETURN(const Panel other, Panel::Open(path));
  const auto same = [](const PanelModel& a, const PanelModel& b) {
    return a.metadata.model == b.metadata.model && a.digest == b.digest;
  };
  if (!std::ranges::equal(panel.models(), other.models(), same)) {
    return absl::FailedPreconditionError(absl::StrFormat("%s holds other models, or other responses of theirs", path));
  }
  if (other.strangers() == nullptr) return absl::FailedPreconditionError(absl::StrFormat("%s is not calibrated", path));
  return panel.WithStrangers(*other.strangers());
}

// From the scores of strangers that the panel has, or another one.
absl::Status Recalibrate(const CalibrateFlags& flags, Panel panel, const Globals& globals) {
  if (!flags.scores_of.empty()) {
    STEMMA_ASSIGN_OR_RETURN(panel, WithScoresOf(flags.scores_of, panel));
  }
  STEMMA_ASSIGN_OR_RETURN(const Panel calibrated, RecalibratePanel(panel, globals.threads));
  STEMMA_RETURN_IF_ERROR(calibrated.Write(flags.output));
  absl::FPrintF(stderr, "%s: calibrated anew; %d bytes, digest %s\n", flags.output, calibrated.size_bytes(),
                ToHex(calibrated.digest()));
  return absl::OkStatus();
}

absl::Status Calibrate(const CalibrateFlags& flags, const Globals& globals) {
  STEMMA_ASSIGN_OR_RETURN(const Panel panel, Panel::Open(flags.panel));
  if (flags.read.inputs.empty()) return Recalibrate(flags, panel, globals);
  STEMMA_ASSIGN_OR_RETURN(const bool signatures, AreSignatures(flags.read.inputs));
  STEMMA_ASSIGN_OR_RETURN(const SignWithout source, Source(flags, panel, globals, signatures));
  StrangerOptions options = flags.options;
  options.vocabulary_refitted = !signatures;
  options.score.threads = globals.threads;
  options.progress = ProgressOnTerminal(globals);
  STEMMA_ASSIGN_OR_RETURN(const Panel calibrated, CalibratePanel(panel, source, options));
  STEMMA_RETURN_IF_ERROR(calibrated.Write(flags.output));
  absl::FPrintF(stderr, "%s: %d models scored as strangers, their group left out of %s; %d bytes, digest %s\n", flags.output,
                panel.models().size(), signatures ? "everything but the vocabulary" : "vocabulary and everything else",
                calibrated.size_bytes(), ToHex(calibrated.digest()));
  return absl::OkStatus();
}

void AddBuild(CLI::App& panel, Program& program) {
  auto flags = std::make_shared<BuildFlags>();
  CLI::App* command = panel.add_subcommand("build", "Build a panel from signatures");
  command->add_option("SIGNATURE", flags->signatures, "Signature files, one a model")->required()->type_name("FILE");
  command->add_option("--metadata", flags->metadata, "Tables about the models (see stemma sign --help)")->type_name("TSV");
  command->add_option("--vocabulary", flags->vocabulary, "Vocabulary in place of the shipped one")->type_name("FILE");
  command->add_option("--title", flags->options.title, "What the panel is called")->type_name("TEXT");
  command->add_option("--source", flags->options.source, "Where the responses are from")->type_name("TEXT");
  command->add_option("--licence", flags->options.licence, "Of what is derived from the responses")->type_name("TEXT");
  command
      ->add_option("--index-bytes", flags->options.index_bytes_per_response,
                   "Bytes that the index may take for each response; 0 keeps every n-gram")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->type_name("N");
  command->add_option("-o,--output", flags->output, "Panel file to write")->required()->type_name("FILE");
  command->footer("Example:\n  stemma panel build signatures/*.stemma --metadata models.tsv -o my-panel.stemma\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Build(*flags, program.globals); }; });
}

void AddCalibrate(CLI::App& panel, Program& program) {
  auto flags = std::make_shared<CalibrateFlags>();
  CLI::App* command = panel.add_subcommand("calibrate", "Score a panel's own models as strangers, so that scores become evidence");
  command->add_option("PANEL", flags->panel, "Panel file")->required()->type_name("FILE");
  flags->read.AddTo(*command, "Responses of all the panel's models (or their signatures: then the vocabulary stays as it is)");
  CLI::Option* const inputs = command->get_option("INPUT")->required(false);
  command
      ->add_option("--scores-of", flags->scores_of,
                   "Take the scores of strangers from this panel of the same models and responses")
      ->excludes(inputs)
      ->type_name("FILE");
  command
      ->add_option("--index-bytes", flags->options.index_bytes_per_response,
                   "As the panel was built with: bytes that the index may take for each response")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->type_name("N");
  command->add_option("-o,--output", flags->output, "Panel file to write")->required()->type_name("FILE");
  command->footer(
      "Example:\n  stemma panel calibrate my-panel.stemma responses/*.json --name-by-file -o calibrated.stemma\n"
      "Each group of models in turn leaves the panel, everything is fitted anew to the rest, and the group is scored by\n"
      "what comes out: the shipped panel takes about a quarter of an hour. What the figures are: stemma evaluate.\n"
      "Without responses, only what follows from scores that the panel has is computed anew: seconds.\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Calibrate(*flags, program.globals); }; });
}

void AddEmbed(CLI::App& panel, Program& program) {
  auto flags = std::make_shared<EmbedFlags>();
  CLI::App* command = panel.add_subcommand("embed", "Write the embeddings that audits compare beside a panel's scores");
  command->add_option("PANEL", flags->panel, "Panel file")->required()->type_name("FILE");
  command->add_option("SIGNATURE", flags->signatures, "Embedding signatures of the panel's models, one each")
      ->required()
      ->type_name("FILE");
  command->add_option("--dims", flags->options.dims, "Dimensions to keep, the first ones")->capture_default_str()->type_name("N");
  command->add_option("--bits", flags->options.bits, "Bits of a number")->capture_default_str()->type_name("N");
  command->add_option("-o,--output", flags->output, "File to write")->required()->type_name("FILE");
  command->footer(
      "Example:\n"
      "  stemma sign-embeddings responses/*.json --name-by-file -o embedded/\n"
      "  stemma panel embed my-panel.stemma embedded/*.stemma -o embeddings.stemma\n"
      "An audit looks for embeddings.stemma in the panel's folder. Groups are those of the panel; a panel that is calibrated\n"
      "anew keeps its embeddings, one of other models or responses needs others.\n");
  command->callback([&program, flags] { program.run = [flags] { return Embed(*flags); }; });
}

void AddCoverage(CLI::App& panel, Program& program) {
  auto flags = std::make_shared<CoverageFlags>();
  CLI::App* command = panel.add_subcommand("coverage", "How many prompts responses share with a panel");
  flags->read.AddTo(*command, "Signatures or responses");
  command->add_option("--panel", flags->panel, "Panel in place of the shipped one")->type_name("FILE");
  command->footer("Example:\n  stemma panel coverage candidate.jsonl\n");
  command->callback([&program, flags] { program.run = [&program, flags] { return Coverage(*flags, program.globals); }; });
}

}  // namespace

void AddPanel(Program& program) {
  CLI::App* panel = program.app.add_subcommand("panel", "Build a panel of reference models, or look at one");
  panel->require_subcommand(1);
  AddBuild(*panel, program);
  AddCalibrate(*panel, program);
  AddEmbed(*panel, program);
  AddCoverage(*panel, program);

  auto info_path = std::make_shared<std::string>();
  CLI::App* info = panel->add_subcommand("info", "Show a panel and its models");
  info->add_option("FILE", *info_path, "Panel file; the shipped one where none is given")->type_name("FILE");
  info->footer("Examples:\n  stemma panel info\n  stemma panel info my-panel.stemma\n");
  info->callback([&program, info_path] { program.run = [info_path] { return Info(*info_path); }; });

  auto check_flags = std::make_shared<CheckFlags>();
  CLI::App* check = panel->add_subcommand("check", "Name the alternative explanations that a panel lacks models for");
  check->add_option("FILE", check_flags->panel, "Panel file; the shipped one where none is given")->type_name("FILE");
  check->add_option("--reference", check_flags->references, "Only for this reference (may be given several times)")
      ->type_name("MODEL");
  check->footer("Example:\n  stemma panel check my-panel.stemma --reference gpt4\n");
  check->callback([&program, check_flags] { program.run = [check_flags] { return Check(*check_flags); }; });
}

}  // namespace stemma::cli
