# SPDX-License-Identifier: BSD-2-Clause
# Builds the machine of the pages, as a person would: cmake -DSOURCES=FOLDER -P machine.cmake
# What the build around this test says of compilers is not for this one.
foreach(name CXX CC CXXFLAGS CFLAGS CMAKE_CXX_COMPILER_LAUNCHER CMAKE_C_COMPILER_LAUNCHER)
  unset(ENV{${name}})
endforeach()
foreach(step "--preset page" "--build --preset page")
  separate_arguments(words UNIX_COMMAND "${step}")
  execute_process(COMMAND "${CMAKE_COMMAND}" ${words} WORKING_DIRECTORY "${SOURCES}" RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "cmake ${step}: ${status}")
  endif()
endforeach()
