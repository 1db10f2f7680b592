# SPDX-License-Identifier: BSD-2-Clause
# Writes the text of JSON files into a header, cut into literals that every compiler takes:
# cmake -DIN=a.json -DOUT=... -DNAME=... -P embed.cmake: one text. -DIN="a.json;b.json" -DMANY=ON: pairs of name and text.
set(head "// Generated from JSON files by spec/embed.cmake.\n#pragma once\n\n#include <string_view>\n")
set(body "")
if(MANY)
  foreach(file IN LISTS IN)
    get_filename_component(name "${file}" NAME_WLE)
    file(READ "${file}" text)
    string(APPEND body "    {\"${name}\", R\"json(${text})json\"},\n")
  endforeach()
  file(WRITE "${OUT}" "${head}#include <utility>\n\nnamespace custody::spec {\ninline constexpr std::pair<std::string_view, std::string_view> ${NAME}[] = {\n${body}};\n}\n")
else()
  file(READ "${IN}" text)
  file(WRITE "${OUT}" "${head}\nnamespace custody::spec {\ninline constexpr std::string_view ${NAME} = R\"json(${text})json\";\n}\n")
endif()
