// The part of a report that depends on candidate, panel and parameters alone, and the bytes that stand for it.
//
// A person's statements are in it and left out of its digest: they cannot be derived, and filling them in changes no
// finding.
#ifndef STEMMA_LIB_REPORT_CANONICAL_H_
#define STEMMA_LIB_REPORT_CANONICAL_H_

#include <string>

#include "lib/report/json_statistics.h"
#include "stemma/audit.h"
#include "stemma/hash.h"
#include "stemma/panel.h"
#include "stemma/statements.h"

namespace stemma::report {

// Any field that is added, renamed or goes makes it another version.
inline constexpr int kSchemaVersion = 1;

Json Canonical(const Panel& panel, const AuditReport& report, const Statements& statements);

// Without the statements.
std::string CanonicalBytes(const Json& canonical);
Hash128 CanonicalDigest(const Json& canonical);

// Indented, with a line end behind it; ill-formed UTF-8 becomes U+FFFD.
std::string Dump(const Json& json);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_CANONICAL_H_
