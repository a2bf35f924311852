// Lines of text that go on below themselves.
#ifndef STEMMA_LIB_REPORT_WRAP_H_
#define STEMMA_LIB_REPORT_WRAP_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace stemma::report {

inline constexpr std::size_t kTextColumns = 110;

// Code points, not bytes: names may hold any. Wide characters are few enough in names of models.
std::size_t WidthOf(std::string_view text);

// Appends `lead`, the text and a line end; what does not fit goes on below, `indent` columns in.
void AppendWrapped(std::string_view lead, std::string_view text, std::size_t indent, std::string& out);

}  // namespace stemma::report

#endif  // STEMMA_LIB_REPORT_WRAP_H_
