# What every target of this project is compiled with.

function(stemma_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wconversion -Wshadow
    # A fused multiply-add rounds once instead of twice: reported numbers would depend on the processor and compiler.
    -ffp-contract=off)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # Wrong about every `string = "x"` that is inlined: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105329
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(STEMMA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(STEMMA_SANITIZERS)
    target_compile_options(${target} PRIVATE
      -fsanitize=${STEMMA_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${STEMMA_SANITIZERS})
  endif()
endfunction()

# For builds in which nobody looks for a missing #include.
function(stemma_precompile_headers target)
  if(STEMMA_PRECOMPILE_HEADERS)
    target_precompile_headers(${target} PRIVATE
      <algorithm> <functional> <map> <memory> <optional> <set> <span> <string> <vector>
      <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/strings/str_format.h>)
  endif()
endfunction()
