# SPDX-License-Identifier: BSD-2-Clause
"""Every case of every GoogleTest program is run by exactly one ctest test, and no test runs nothing.

cases_test.py CTEST BUILD_DIRECTORY
"""
import collections
import json
import subprocess
import sys
import unittest

FILTER = "--gtest_filter="


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


def cases(program, *arguments):
    """`Suite.case` of what would run; GoogleTest indents cases under their suite and comments on parameters."""
    names, suite = [], ""
    for line in run(program, "--gtest_list_tests", *arguments).splitlines():
        word = line.split("#")[0].strip()
        if not line.startswith(" "):
            suite = word
        elif word:
            names.append(suite + word)
    return [name for name in names if ".DISABLED_" not in name]


class Cases(unittest.TestCase):
    def test_each_is_selected_once(self):
        selected = collections.defaultdict(list)
        for test in json.loads(run(CTEST, "--test-dir", BUILD, "--show-only=json-v1"))["tests"]:
            command = test.get("command", [])
            chosen = [word for word in command[1:] if word.startswith(FILTER)]
            if not chosen:
                continue
            names = cases(command[0], *chosen)
            self.assertTrue(names, f"{test['name']} selects no case")
            selected[command[0]] += names
        self.assertTrue(selected)
        for program, names in selected.items():
            times = collections.Counter(names)
            wrong = {name: times[name] for name in set(cases(program)) | set(times) if times[name] != 1}
            with self.subTest(program=program):
                self.assertEqual(wrong, {}, "how often a case is run")


if __name__ == "__main__":
    CTEST, BUILD = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
