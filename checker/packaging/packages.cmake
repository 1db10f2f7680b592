# SPDX-License-Identifier: BSD-2-Clause
# The Debian packages of `cpack`: the tool, the library, and what a program is compiled with against it. Configure with
# CMAKE_INSTALL_PREFIX=/usr, as the preset `package` does.
include(maintainer.cmake)

set(abi "${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}")
set(CUSTODY_PACKAGE_tool custody)
set(CUSTODY_PACKAGE_library "libcustody${abi}")
set(CUSTODY_PACKAGE_development libcustody-dev)

# custody_folded(OUT text): as a field of a control file goes on, a blank before each line.
function(custody_folded out text)
  string(REGEX REPLACE "\n\n" "\n.\n" text "${text}")
  string(REGEX REPLACE "\n" "\n " text "${text}")
  set(${out} " ${text}" PARENT_SCOPE)
endfunction()

# The licence, in the form that Debian reads, and the changelog: each package has both.
file(READ "${PROJECT_SOURCE_DIR}/LICENSE" licence)
string(REGEX MATCH "Copyright \\(c\\) ([^\n]+)\n+(.*[^\n])" matched "${licence}")
set(holder "${CMAKE_MATCH_1}")
string(SUBSTRING "${CUSTODY_RELEASED}" 0 4 year)
custody_folded(terms "${CMAKE_MATCH_2}")
configure_file(copyright.in copyright @ONLY)
execute_process(COMMAND date -u -R -d "${CUSTODY_RELEASED}" OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE)
set(changelog)
if(no_maintainer STREQUAL "")
  configure_file(changelog.in changelog @ONLY)
  set(changelog "${CMAKE_CURRENT_BINARY_DIR}/changelog.gz")
  execute_process(COMMAND gzip -9n INPUT_FILE "${CMAKE_CURRENT_BINARY_DIR}/changelog" OUTPUT_FILE "${changelog}")
endif()
foreach(component tool library development)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/copyright" ${changelog}
          DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${CUSTODY_PACKAGE_${component}}" COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "${maintainer}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL tool library development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/checker")
# Debian has a trigger for ldconfig. That CPack calls it from scripts all the same cannot be turned off.
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/shlibs" "libcustody ${abi} libcustody${abi} (>= ${PROJECT_VERSION})\n")
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/triggers" "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA
    "${CMAKE_CURRENT_BINARY_DIR}/shlibs;${CMAKE_CURRENT_BINARY_DIR}/triggers")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(about "It replays traces of Linux dma-bufs and says in whose custody a buffer
was, which cache sync was missing and which was not needed, and explores
the contracts of exporters.")
set(sections_of devel libs libdevel)
foreach(component tool library development)
  list(POP_FRONT sections_of section)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${CUSTODY_PACKAGE_${component}})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
endforeach()
set(CPACK_DEBIAN_TOOL_DESCRIPTION "check who has custody of a dma-buf, and its cache syncs\n${about}")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "check the custody of dma-bufs - library\n${about}\n\nThis package has the shared library.")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "check the custody of dma-bufs - development files\n${about}\n\nThis package has the header, and how CMake and pkg-config find the library.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${CUSTODY_PACKAGE_library} (= ${PROJECT_VERSION})")
install(FILES libcustody.overrides DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides"
        RENAME ${CUSTODY_PACKAGE_library} COMPONENT library)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
# Each package has a summary of its own.
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/summaries.cmake" "set(CPACK_PACKAGE_DESCRIPTION_SUMMARY)\n")
if(NOT no_maintainer STREQUAL "")
  file(APPEND "${CMAKE_CURRENT_BINARY_DIR}/summaries.cmake" "message(FATAL_ERROR [[${no_maintainer}]])\n")
endif()
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_BINARY_DIR}/summaries.cmake")
include(CPack)
