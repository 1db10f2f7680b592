#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Plants one violation at a time and expects the checker to name it, and to accept what is allowed."""

import os
import subprocess
import sys
import tempfile
import unittest

from rules import MAX_LINES, check_file

SPDX = "// SPDX-License-Identifier: BSD-2-Clause\n"
GPL_SPDX = "// SPDX-License-Identifier: GPL-2.0-only\n"
CMAKE_SPDX = "# SPDX-License-Identifier: BSD-2-Clause\n"
OTHER_PLACE = "/wor" + "k/main"
OTHER_FOLDER = "../share" + "d/captures"

# (path, text, words of the message)
VIOLATIONS = [
    ("model/a.cpp", SPDX + '#include "spec/rules.hpp"\n', "model must not include spec"),
    ("model/a.cpp", SPDX + '#include "traces/event.hpp"\n', "model must not include traces"),
    ("model/a.cpp", SPDX + '  #  include "checker/finding.hpp"\n', "model must not include checker"),
    ("spec/a.hpp", SPDX + '#include "traces/event.hpp"\n', "spec must not include traces"),
    ("spec/a.hpp", SPDX + '#include "checker/finding.hpp"\n', "spec must not include checker"),
    ("traces/a.hpp", SPDX + "#include <spec/rules.hpp>\n", "traces must not include spec"),
    ("traces/a.cpp", SPDX + '#include "checker/finding.hpp"\n', "traces must not include checker"),
    ("checker/a.cpp", SPDX + '#include "tests/support/x.hpp"\n', "checker must not include tests"),
    ("checker/replay/a.cpp", SPDX + '#include "kernel-ref/shim.hpp"\n', "checker must not include kernel-ref"),
    ("kernel-ref/a.cpp", GPL_SPDX + '#include "spec/a.hpp"\n', "kernel-ref must not include spec"),
    ("checker/a.cpp", SPDX + '#include "../model/custody.hpp"\n', "relative to the root"),
    ("model/step.cpp", SPDX + "#include <boost/msm/back/state_machine.hpp>\n", "MSM's back end"),
    ("checker/a.cpp", SPDX + '#include "model/machine.hpp"\n', "MSM's back end"),
    ("checker/report.cpp", SPDX + "#include <nlohmann/json.hpp>\n", "may include nlohmann"),
    ("model/a.hpp", SPDX + "#include <rapidcheck.h>\n", "only tests"),
    ("traces/a.cpp", SPDX + "#include <gtest/gtest.h>\n", "only tests"),
    ("checker/report/a.cpp", SPDX + "#include <CLI/CLI.hpp>\n", "only programs and tests"),
    ("checker/replay/rules.cpp", SPDX + "auto s = model::step(a, b, c);\n", "only the custody room"),
    ("checker/replay/rooms.hpp", SPDX + "auto s = model::fire_owner(a, b, c);\n", "only the custody room"),
    ("checker/replay/rules.cpp", SPDX + "namespace custody::checker {\n", "of this folder is custody::checker::replay"),
    ("traces/formats/ftrace/a.hpp", SPDX + "namespace custody::traces {\n", "custody::traces::formats::ftrace"),
    ("tests/checker/rooms/a_test.cpp", SPDX + "namespace custody::checker {\n", "custody::checker::test"),
    ("tests/bench/a.hpp", SPDX + "namespace custody::checker::test {\n", "custody::bench"),
    ("checker/embed/include/custody/a.hpp", SPDX + '#include "model/custody.hpp"\n', "nothing of the project"),
    ("model/a.cpp", SPDX + "#include <iostream>\n", "does not print"),
    ("spec/a.cpp", SPDX + 'void f() { std::cerr << "x"; }\n', "does not print"),
    ("traces/a.cpp", SPDX + 'void f() { std::printf("x"); }\n', "does not print"),
    ("traces/a.cpp", SPDX + 'void f() { fprintf(stderr, "x"); }\n', "does not print"),
    ("checker/a.cpp", SPDX + 'void f() { fmt::print("x"); }\n', "does not print"),
    ("model/a.cpp", SPDX + "void f() { std::abort(); }\n", "does not end the process"),
    ("checker/report/a.cpp", SPDX + "void f() { exit(1); }\n", "does not end the process"),
    ("model/CMakeLists.txt", CMAKE_SPDX + "link(custody_model PUBLIC custody_spec)\n", "must not link"),
    ("traces/CMakeLists.txt", CMAKE_SPDX + "link(custody_traces\n custody_checker)\n", "must not link"),
    ("spec/CMakeLists.txt", CMAKE_SPDX + "link(custody_spec PRIVATE custody_traces)\n", "must not link"),
    ("model/a.hpp", "#pragma once\n", "lack `SPDX"),
    ("tests/a.py", "import os\n", "lack `SPDX"),
    ("kernel-ref/a.c", SPDX, "GPL-2.0-only"),
    ("dev", "#!/usr/bin/env bash\n", "lack `SPDX"),
    ("model/a.hpp", SPDX + "\n" * MAX_LINES, "more than"),
    ("README.md", "See " + OTHER_PLACE + ".\n", "path of one machine"),
    ("traces/recorded/README.md", "From " + OTHER_FOLDER + ".\n", "path of one machine"),
]

ALLOWED = [
    ("checker/replay/custody_machine.cpp", SPDX + "auto s = model::step(a, b, c);\n"),
    ("model/a.hpp", SPDX + "namespace custody::model::msm {\n"),
    ("tests/kernel-ref/a.hpp", SPDX + "namespace custody::kernel_ref::test {\n"),
    ("model/buffer_machine.cpp", SPDX + '#include <boost/msm/back/state_machine.hpp>\n#include "model/machine.hpp"\n'),
    ("model/machine.hpp", SPDX + "#include <boost/msm/back/state_machine.hpp>\n"),
    ("spec/a.cpp", SPDX + '#include "model/custody.hpp"\n#include "spec/rules.hpp"\n'),
    ("checker/a.cpp", SPDX + '#include "model/custody.hpp"\n#include "spec/rules.hpp"\n#include "traces/event.hpp"\n'),
    ("checker/embed/include/custody/a.hpp", SPDX + "namespace custody {\n"),
    ("kernel-ref/drive/a.cpp", GPL_SPDX + '#include "checker/finding.hpp"\n'),
    ("checker/report/report_io.cpp", SPDX + "#include <nlohmann/json.hpp>\n"),
    ("spec/contract.cpp", SPDX + "#include <nlohmann/json.hpp>\n"),
    ("tests/checker/a_test.cpp", SPDX + "#include <gtest/gtest.h>\n#include <iostream>\n#include <nlohmann/a.hpp>\n"),
    ("checker/cli/main.cpp", SPDX + "#include <CLI/CLI.hpp>\n#include <iostream>\nint main() { std::exit(0); }\n"),
    ("model/a.cpp", SPDX + '// std::cout is not used\nconst char* kWhy = "abort() exit(1) printf(x)";\n'),
    ("traces/a.cpp", SPDX + "void f() { task.exit(3); on_exit(x); std::snprintf(b, 3, x); print(y); }\n"),
    ("checker/CMakeLists.txt", CMAKE_SPDX + "target_link_libraries(custody custody_checker custody_traces)\n"),
    ("traces/recorded/a.ftrace.txt", "x\n" * (MAX_LINES + 1)),
    ("LICENSE", "BSD\n"),
]


class Rules(unittest.TestCase):
    def test_each_planted_violation_is_named(self):
        for path, text, words in VIOLATIONS:
            with self.subTest(path=path, text=text[-60:]):
                messages = [message for _, message in check_file(path, text)]
                self.assertEqual(len(messages), 1, messages)
                self.assertIn(words, messages[0])

    def test_what_is_allowed_passes(self):
        for path, text in ALLOWED:
            with self.subTest(path=path):
                self.assertEqual(list(check_file(path, text)), [])

    def test_a_violation_names_its_line(self):
        text = SPDX + "/* two\n lines */\n\nvoid f() { std::abort(); }\n"
        self.assertEqual([line for line, _ in check_file("model/a.cpp", text)], [5])


class Program(unittest.TestCase):
    def run_on(self, planted):
        with tempfile.TemporaryDirectory() as root:
            for path, text in planted:
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            check = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check.py")
            return subprocess.run([sys.executable, check, root], capture_output=True, text=True, check=False)

    def test_a_planted_violation_fails_the_program(self):
        done = self.run_on([ALLOWED[2], VIOLATIONS[0][:2]])
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("model/a.cpp:2: model must not include spec", done.stdout)

    def test_a_clean_tree_passes(self):
        done = self.run_on([ALLOWED[2]])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_an_empty_tree_fails(self):
        self.assertEqual(self.run_on([]).returncode, 1)


if __name__ == "__main__":
    unittest.main()
