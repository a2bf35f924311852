# What stemma is built from. Everything comes from the system or a package manager; nothing is downloaded here.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

find_package(absl CONFIG REQUIRED)
find_package(nlohmann_json 3.11 CONFIG REQUIRED)
find_package(simdjson CONFIG REQUIRED)
find_package(Eigen3 3.4 CONFIG REQUIRED)
find_package(ZLIB REQUIRED)
# Debian's packages of these have no CMake files, or only some versions do.
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

if(STEMMA_THREADS STREQUAL "TBB")
  find_package(TBB CONFIG REQUIRED)
endif()
if(STEMMA_BUILD_CLI)
  find_package(CLI11 2.1 CONFIG REQUIRED)
endif()
if(STEMMA_BUILD_TESTS)
  find_package(GTest CONFIG REQUIRED)
  find_package(Python3 3.10 REQUIRED COMPONENTS Interpreter)
endif()
