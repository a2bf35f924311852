# Debian packages by `cpack -G DEB`: stemma (the program and its data), libstemma-c1 (the shared library) and
# libstemma-dev.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME stemma)
set(CPACK_PACKAGE_CONTACT "the developers of stemma <stemma@invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENTS_ALL program development)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME stemma)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION ${PROJECT_DESCRIPTION})

set(c_package)
if(STEMMA_BUILD_C)
  # A package of shared libraries bears in its name the number of their interface.
  get_target_property(abi_version stemma_c SOVERSION)
  set(c_package libstemma-c${abi_version})
  list(APPEND CPACK_COMPONENTS_ALL c)
  set(CPACK_DEBIAN_C_PACKAGE_NAME ${c_package})
  set(CPACK_DEBIAN_C_PACKAGE_SECTION libs)
  set(CPACK_COMPONENT_C_DESCRIPTION "${PROJECT_DESCRIPTION}: the shared library for C")
  set(c_package "${c_package} (= ${PROJECT_VERSION})")
endif()

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libstemma-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
string(JOIN ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS ${c_package}
  libabsl-dev libsimdjson-dev libtbb-dev libutf8proc-dev libxxhash-dev libzstd-dev pkg-config zlib1g-dev)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "${PROJECT_DESCRIPTION}: headers and libraries to build with")

include(CPack)
