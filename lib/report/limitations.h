// What no audit of this kind can say, whatever it found.
#ifndef STEMMA_LIB_REPORT_LIMITATIONS_H_
#define STEMMA_LIB_REPORT_LIMITATIONS_H_

#include <vector>

#include "stemma/audit.h"

namespace stemma::report {

// Ids stay the same from version to version; the weightiest first.
std::vector<Remark> Limitations();

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_LIMITATIONS_H_
