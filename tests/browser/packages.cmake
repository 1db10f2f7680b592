# SPDX-License-Identifier: BSD-2-Clause
# Installs what package.json names, unless it is there: cmake -DFROM=package.json -DTO=FOLDER -P packages.cmake
file(MAKE_DIRECTORY "${TO}")
file(READ "${FROM}" wanted)
set(installed "")
if(EXISTS "${TO}/installed.json")
  file(READ "${TO}/installed.json" installed)
endif()
if(installed STREQUAL wanted)
  return()
endif()
file(COPY_FILE "${FROM}" "${TO}/package.json")
execute_process(COMMAND npm install --no-package-lock --no-audit --no-fund --ignore-scripts
                WORKING_DIRECTORY "${TO}" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm could not install ${FROM}: ${status}")
endif()
file(COPY_FILE "${FROM}" "${TO}/installed.json")
