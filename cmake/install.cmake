# What `cmake --install` lays out; everything finds everything else relative to itself, so the prefix may move.
#
#   bin/reihum                     the program
#   bin/reihum-solve               the exact engine, which it starts; it works without
#   lib/reihum/plugins/*.so        the shipped plugins, and the helper programs they start
#   include/reihum/*.h             the SDK, with lib/pkgconfig/reihum.pc and lib/cmake/reihum/ to find it
#   share/reihum/                  config/ and, where npm made them, the web assets
#
# Component `sdk` is what an author of plugins needs: headers and how to find them.
#
# The build folder looks alike, one level flatter: reihum, reihum-solve, plugins/, share/reihum/.

if(TARGET reihum)
  install(TARGETS reihum RUNTIME DESTINATION bin)
endif()
if(TARGET reihum-solve)
  install(TARGETS reihum-solve RUNTIME DESTINATION bin)
endif()
install(DIRECTORY include/reihum DESTINATION include COMPONENT sdk FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE DESTINATION share/doc/reihum)

if(EXISTS ${PROJECT_SOURCE_DIR}/config)
  install(DIRECTORY config DESTINATION share/reihum)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/reihum)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/config ${PROJECT_BINARY_DIR}/share/reihum/config SYMBOLIC)
endif()
install(DIRECTORY ${PROJECT_BINARY_DIR}/share/reihum/web DESTINATION share/reihum OPTIONAL)

configure_file(cmake/reihum.pc.in ${PROJECT_BINARY_DIR}/generated/reihum.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/generated/reihum.pc DESTINATION lib/pkgconfig COMPONENT sdk)

include(CMakePackageConfigHelpers)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/generated/reihum-config-version.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(FILES cmake/reihum-config.cmake ${PROJECT_BINARY_DIR}/generated/reihum-config-version.cmake
  DESTINATION lib/cmake/reihum COMPONENT sdk)
