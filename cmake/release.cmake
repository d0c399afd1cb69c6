# Flags of a release. A build without a type is one.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

# Assertions stay in: a mistake of ours shall stop the server before it writes nonsense.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")

include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

if(CMAKE_BUILD_TYPE STREQUAL Release)
  # Distributions set FORTIFY_SOURCE of their own; ours replaces it, a redefinition would be a warning.
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64")
    add_compile_options(-fcf-protection)
  endif()
  add_link_options(-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()
