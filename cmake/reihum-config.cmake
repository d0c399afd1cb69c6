# find_package(reihum) for a plugin outside this tree:
#
#   find_package(reihum REQUIRED)
#   reihum_add_plugin(greeter plugin.c)
#
# makes greeter.so, which `reihum plugin check greeter.so` judges and the server loads.

get_filename_component(REIHUM_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(REIHUM_PLUGIN_DIR "${REIHUM_PREFIX}/lib/reihum/plugins")

if(NOT TARGET reihum::sdk)
  add_library(reihum::sdk INTERFACE IMPORTED)
  set_target_properties(reihum::sdk PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${REIHUM_PREFIX}/include")
endif()

# reihum_add_plugin(NAME SOURCE…)
function(reihum_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  # Hidden: only what is marked RH_EXPORT, the descriptor, may be seen; two plugins never meet by a common name.
  set_target_properties(${name} PROPERTIES PREFIX "" C_VISIBILITY_PRESET hidden)
  target_link_libraries(${name} PRIVATE reihum::sdk)
endfunction()
