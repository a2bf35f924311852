// Audits whose reports hold something of everything.
#ifndef STEMMA_TESTS_REPORT_MADE_REPORT_H_
#define STEMMA_TESTS_REPORT_MADE_REPORT_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/audit/made_audit.h"

namespace stemma {

// Copies, relatives, dates, a prompt that is not in the panel.
inline AuditCase Eventful() {
  AuditCase made = MadeAudit(1);
  Derive(made, 3, 0.8);
  made.candidate_metadata.release = "2023-06";
  made.metadata[2].release = "2024";
  made.metadata[4].organisation = made.metadata[3].organisation;
  made.metadata[4].family = made.metadata[3].family;
  made.metadata[5].lineage = {{"distilled_from", "m003", "m003", "high", ""}};
  made.candidate[900] = made.candidate[0];
  for (std::size_t m = 3; m < 8; ++m) {
    for (std::size_t p = 0; p < m; ++p) {
      made.candidate[p].texts = made.world.answers[m][p].texts = {static_cast<std::uint32_t>(p + 1)};
    }
  }
  return made;
}

inline AuditReport RunAudit(const Panel& panel, const AuditCase& made, const std::vector<std::string>& references = {},
                            int threads = 0) {
  AuditOptions options;
  options.references = references;
  options.score.threads = threads;
  auto report = Audit(panel, CandidateOf(made), options);
  if (!report.ok()) ADD_FAILURE() << report.status();
  return *std::move(report);
}

}  // namespace stemma

#endif  // STEMMA_TESTS_REPORT_MADE_REPORT_H_
