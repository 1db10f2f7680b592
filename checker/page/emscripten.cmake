# SPDX-License-Identifier: BSD-2-Clause
# The machine that pages run: one file of JavaScript with the WebAssembly in it. `cmake --workflow --preset page` makes it.

# Header libraries of the host, and nothing else of it: what they include in turn is Emscripten's.
find_path(host_headers boost/version.hpp PATHS /usr/include NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
set(headers "${PROJECT_BINARY_DIR}/headers")
file(MAKE_DIRECTORY "${headers}")
foreach(library boost nlohmann fmt)
  file(CREATE_LINK "${host_headers}/${library}" "${headers}/${library}" SYMBOLIC)
endforeach()
foreach(target Boost::headers nlohmann_json::nlohmann_json fmt::fmt Threads::Threads)
  add_library(${target} INTERFACE IMPORTED)
  target_include_directories(${target} SYSTEM INTERFACE "${headers}")
endforeach()
target_compile_definitions(custody_flags INTERFACE FMT_HEADER_ONLY)
# Exceptions of WebAssembly itself: those that JavaScript throws take half as much code again, and every browser that
# inflates a page's machine has them.
target_compile_options(custody_flags INTERFACE -fwasm-exceptions)

add_subdirectory(model)
add_subdirectory(spec)
add_subdirectory(traces)
add_subdirectory(checker)
