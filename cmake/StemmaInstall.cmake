# What an installation holds beside the program: the libraries, and what CMake and pkg-config need to find them.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/stemma)

install(DIRECTORY include/stemma DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development
  FILES_MATCHING PATTERN "*.h")
install(DIRECTORY data/ DESTINATION ${STEMMA_DATA_INSTALL_DIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(TARGETS stemma EXPORT stemma-cxx DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT stemma-cxx NAMESPACE stemma:: DESTINATION ${package_dir} COMPONENT development)
if(STEMMA_BUILD_C)
  install(TARGETS stemma_c EXPORT stemma-c
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT c NAMELINK_COMPONENT development)
  install(EXPORT stemma-c NAMESPACE stemma:: DESTINATION ${package_dir} COMPONENT development)
endif()

configure_package_config_file(cmake/stemmaConfig.cmake.in ${PROJECT_BINARY_DIR}/cmake/stemmaConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change what the public headers say.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/stemmaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmake/stemmaConfig.cmake ${PROJECT_BINARY_DIR}/cmake/stemmaConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT development)

# Relative to the .pc file, so that the whole may be moved. An absolute CMAKE_INSTALL_LIBDIR stays where it is.
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
cmake_path(ABSOLUTE_PATH pkgconfig_dir BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE from)
foreach(dir LIBDIR INCLUDEDIR)
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_${dir} BASE_DIRECTORY ${from} OUTPUT_VARIABLE to)
  set(STEMMA_PC_${dir} "\${pcfiledir}/${to}")
endforeach()
set(STEMMA_PC_THREADS "")
if(STEMMA_THREADS STREQUAL "TBB")
  set(STEMMA_PC_THREADS " tbb")
endif()
set(pc_files stemma)
if(STEMMA_BUILD_C)
  list(APPEND pc_files stemma-c)
endif()
foreach(name IN LISTS pc_files)
  configure_file(cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/cmake/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/cmake/${name}.pc DESTINATION ${pkgconfig_dir} COMPONENT development)
endforeach()
