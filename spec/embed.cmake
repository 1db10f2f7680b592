# SPDX-License-Identifier: BSD-2-Clause
# Writes the text of a JSON file into a header: cmake -DIN=... -DOUT=... -DNAME=... -P embed.cmake
file(READ "${IN}" text)
file(WRITE "${OUT}" "// Generated from a JSON file by spec/embed.cmake.\n#pragma once\n\n#include <string_view>\n\nnamespace custody::spec {\ninline constexpr std::string_view ${NAME} = R\"json(${text})json\";\n}\n")
