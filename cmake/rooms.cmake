# rh_room(NAME ROOMS … PACKAGES … LIBRARIES …): core/NAME/*.c as a static library rh_NAME.
# A room without sources yet is an interface that passes on what it needs.
function(rh_room name)
  cmake_parse_arguments(ARG "" "" "ROOMS;PACKAGES;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/${name}/*.c)
  list(FILTER sources EXCLUDE REGEX "/main\\.c$")
  if(sources)
    add_library(rh_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(rh_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(rh_${name} ${scope} ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/generated)
  list(TRANSFORM ARG_ROOMS PREPEND rh_)
  target_link_libraries(rh_${name} ${scope} ${ARG_ROOMS} ${ARG_LIBRARIES})
  foreach(package ${ARG_PACKAGES})
    string(MAKE_C_IDENTIFIER ${package} id)
    if(NOT TARGET PkgConfig::PC_${id})
      pkg_check_modules(PC_${id} REQUIRED IMPORTED_TARGET GLOBAL ${package})
    endif()
    target_link_libraries(rh_${name} ${scope} PkgConfig::PC_${id})
  endforeach()
endfunction()

# rh_program(NAME ROOM): core/ROOM/main.c as the program build/NAME.
function(rh_program name room)
  if(NOT EXISTS ${PROJECT_SOURCE_DIR}/core/${room}/main.c)
    return()
  endif()
  add_executable(${name} ${PROJECT_SOURCE_DIR}/core/${room}/main.c)
  target_link_libraries(${name} PRIVATE rh_${room})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endfunction()

# All embedded headers: what reads the code without building it (tests/check/tidy) asks for them alone.
add_custom_target(embedded)

# rh_embed(TARGET FOLDER): each template, style sheet, picture or script of FOLDER as a header with the same path under
# build/generated: #include "plugins/turnus/pages/board.mustache.h" gives `static const char board_mustache[]`.
function(rh_embed target folder)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.mustache ${PROJECT_SOURCE_DIR}/${folder}/*.css
    ${PROJECT_SOURCE_DIR}/${folder}/*.svg ${PROJECT_SOURCE_DIR}/${folder}/*.js)
  set(headers)
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    string(MAKE_C_IDENTIFIER ${name} symbol)
    set(header ${PROJECT_BINARY_DIR}/generated/${folder}/${name}.h)
    add_custom_command(OUTPUT ${header} DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake VERBATIM
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/generated/${folder}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${header} -DSYMBOL=${symbol} -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
    list(APPEND headers ${header})
  endforeach()
  target_sources(${target} PRIVATE ${headers})
  if(headers)
    add_custom_target(embedded_${target} DEPENDS ${headers})
    add_dependencies(embedded embedded_${target})
  endif()
endfunction()

# rh_part(NAME plugins/PLUGIN/FOLDER PACKAGES …): the pure part of a plugin as a static library rh_NAME, so that tests can be
# linked with it. It sees nothing of the house, not even include/.
function(rh_part name folder)
  cmake_parse_arguments(ARG "" "" "PACKAGES;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.c)
  list(FILTER sources EXCLUDE REGEX "/main\\.c$")
  add_library(rh_${name} STATIC ${sources})
  target_include_directories(rh_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(rh_${name} PUBLIC ${ARG_LIBRARIES})
  foreach(package ${ARG_PACKAGES})
    string(MAKE_C_IDENTIFIER ${package} id)
    if(NOT TARGET PkgConfig::PC_${id})
      pkg_check_modules(PC_${id} REQUIRED IMPORTED_TARGET GLOBAL ${package})
    endif()
    target_link_libraries(rh_${name} PUBLIC PkgConfig::PC_${id})
  endforeach()
endfunction()

# rh_plugin(NAME PARTS …): plugins/NAME/*.c as build/plugins/NAME.so. It sees include/ and nothing else of the house.
function(rh_plugin name)
  cmake_parse_arguments(ARG "" "" "PARTS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/plugins/${name}/*.c)
  add_library(plugin_${name} MODULE ${sources})
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  target_include_directories(plugin_${name} PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}
    ${PROJECT_BINARY_DIR}/generated)
  list(TRANSFORM ARG_PARTS PREPEND rh_)
  target_link_libraries(plugin_${name} PRIVATE ${ARG_PARTS} m)
  rh_embed(plugin_${name} plugins/${name}/pages)
  # The loader refuses what others can write, and some people's umask lets their group.
  add_custom_command(TARGET plugin_${name} POST_BUILD VERBATIM
    COMMAND chmod go-w ${PROJECT_BINARY_DIR}/plugins $<TARGET_FILE:plugin_${name}>)
  set_property(GLOBAL APPEND PROPERTY RH_SHIPPED_PLUGINS plugin_${name})
  install(TARGETS plugin_${name} LIBRARY DESTINATION lib/reihum/plugins
    PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endfunction()

# rh_helper(PLUGIN FOLDER PARTS …): plugins/PLUGIN/FOLDER/main.c as the program build/plugins/PLUGIN-FOLDER, which the plugin
# starts with rh_child_in(). After the plugin; what else it consists of is a part.
function(rh_helper plugin folder)
  cmake_parse_arguments(ARG "" "" "PARTS" ${ARGN})
  set(name ${plugin}-${folder})
  add_executable(${name} ${PROJECT_SOURCE_DIR}/plugins/${plugin}/${folder}/main.c)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_PARTS PREPEND rh_)
  target_link_libraries(${name} PRIVATE ${ARG_PARTS})
  add_custom_command(TARGET ${name} POST_BUILD VERBATIM COMMAND chmod go-w $<TARGET_FILE:${name}>)
  add_dependencies(plugin_${plugin} ${name})
  install(TARGETS ${name} RUNTIME DESTINATION lib/reihum/plugins
    PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endfunction()

# rh_tests(FOLDER ROOM…): each test_*.c of a folder is one program, linked with the rooms named.
function(rh_tests folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/test_*.c)
  foreach(source ${sources})
    get_filename_component(stem ${source} NAME_WE)
    string(REPLACE "/" "_" where ${folder})
    set(target ${where}_${stem})
    add_executable(${target} ${source})
    set(rooms ${ARGN})
    list(TRANSFORM rooms PREPEND rh_)
    target_link_libraries(${target} PRIVATE ${rooms} rh_test_support PkgConfig::CMOCKA m)
    add_test(NAME ${folder}/${stem} COMMAND ${target} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${folder}/${stem} PROPERTIES TIMEOUT 300
      ENVIRONMENT "RH_BUILD=${PROJECT_BINARY_DIR};RH_SOURCE=${PROJECT_SOURCE_DIR}")
  endforeach()
endfunction()

# rh_fuzz(NAME ROOM…): tests/fuzz/NAME.c. With RH_FUZZ a libFuzzer program; otherwise one that replays the stored
# inputs under tests/fuzz/corpus/NAME, as a test.
function(rh_fuzz name)
  set(rooms ${ARGN})
  list(TRANSFORM rooms PREPEND rh_)
  if(RH_FUZZ)
    add_executable(fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/${name}.c)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/${name}.c ${CMAKE_CURRENT_SOURCE_DIR}/support/replay.c)
    add_test(NAME fuzz/${name} COMMAND fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})
  endif()
  target_link_libraries(fuzz_${name} PRIVATE ${rooms})
endfunction()
