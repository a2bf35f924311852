// Audits a candidate: audit PANEL CANDIDATE prints the verdict on each question and the reference that it is about.
#include "stemma/audit.h"

#include <iostream>

namespace {

absl::Status Run(const char* panel_path, const char* candidate_path) {
  const auto panel = stemma::Panel::Open(panel_path);
  if (!panel.ok()) return panel.status();
  const auto candidate = stemma::Signature::Read(candidate_path);
  if (!candidate.ok()) return candidate.status();
  const auto report = stemma::Audit(*panel, *candidate, {});
  if (!report.ok()) return report.status();
  for (const stemma::ClassFinding& finding : report->classes) {
    std::cout << stemma::NameOf(finding.evidence_class) << ": " << stemma::NameOf(finding.verdict.verdict);
    if (finding.subject) std::cout << " (" << panel->models()[*finding.subject].metadata.model << ')';
    std::cout << '\n';
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  const absl::Status status =
      argc == 3 ? Run(argv[1], argv[2]) : absl::InvalidArgumentError("usage: audit PANEL CANDIDATE");
  if (!status.ok()) std::cerr << status.message() << '\n';
  return status.ok() ? 0 : 1;
}
