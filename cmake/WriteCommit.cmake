# Writes the header that names the commit, only where that changed: cmake -DSOURCE=... -DOUTPUT=... -P WriteCommit.cmake

cmake_minimum_required(VERSION 3.25)

set(commit "unknown")
find_program(git git)
if(git AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${git} -C ${SOURCE} describe --always --dirty --abbrev=40 --exclude=*
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(commit ${described})
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "// The commit that the program was built from.
#ifndef STEMMA_TOOLS_COMMIT_H_
#define STEMMA_TOOLS_COMMIT_H_

namespace stemma::cli {

inline constexpr char kCommit[] = \"${commit}\";

}  // namespace stemma::cli

#endif  // STEMMA_TOOLS_COMMIT_H_
" @ONLY)
