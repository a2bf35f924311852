// The level test as text for a terminal, and as JSON for programs.
#ifndef STEMMA_LIB_REPORT_LEVEL_H_
#define STEMMA_LIB_REPORT_LEVEL_H_

#include <nlohmann/json.hpp>
#include <string>

#include "stemma/level_test.h"

namespace stemma::report {

// All candidates by question and number of prompts; of the thirds those alone in which p breaks its promise.
void AppendLevel(const LevelTest& level, std::string& out);

// Every cell.
nlohmann::ordered_json FromLevel(const LevelTest& level);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_LEVEL_H_
