#include "lib/report/canonical.h"
#include "lib/report/json_provenance.h"
#include "stemma/report.h"

namespace stemma {

std::string AuditToJson(const Panel& panel, const AuditReport& report, const Provenance* provenance,
                        const Statements& statements) {
  const report::Json canonical = report::Canonical(panel, report, statements);
  return report::Dump({{"canonical", canonical},
                       {"digest", ToHex(report::CanonicalDigest(canonical))},
                       {"provenance", report::FromProvenance(provenance)}});
}

}  // namespace stemma
