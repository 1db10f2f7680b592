#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Documents of every shipped contract and of a hundred random mutants of them: Sphinx, Graphviz, the kernel's
tools/verification/dot2 and scripts/kernel-doc, and a C compiler take them all, each started once or a few times for many
files. A minute of processor time, most of it Sphinx: sections that two pages have word for word are built once.
mutants_test.py BUILD [SEED]"""
import concurrent.futures
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

from compilers import shim_compiler
from readers import kernel_doc, members, sphinx
from tool import TOOL, contracts, run

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "checker"))
from clause_mutation import mutate  # noqa: E402

BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/dev").resolve()
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
MUTANTS = 100
AUTOMATA = ("lifetime", "attachment", "window")
FORMATS = {form: ("--format", form) for form in ("rst", "dot", "kernel-doc", "kunit")}
FORMATS["owners"] = ("--format", "dot", "--figure", "owners")
FORMATS |= {f"rv-{automaton}": ("--format", "rv", "--automaton", automaton) for automaton in AUTOMATA}
# dot2c of many files, in one process: tools/verification, automata.
DOT2C = """import contextlib, pathlib, sys
sys.path.insert(0, sys.argv[1])
from dot2.dot2c import Dot2c
for name in sys.argv[2:]:
    with open(pathlib.Path(name).with_suffix(".h"), "w") as file, contextlib.redirect_stdout(file):
        Dot2c(name).print_model_classic()
"""


NEVER = "no automaton: none of the calls that it follows is ever legal"


def document(contract, options):
    """None where there is nothing to follow: dot2 would write C that does not compile."""
    done = subprocess.run([TOOL, "doc", contract, *options], capture_output=True, text=True, timeout=100, check=False)
    if done.returncode == 2 and "rv" in options and NEVER in done.stderr:
        return None
    if done.returncode != 0 or done.stderr:
        raise AssertionError((contract, options, done.returncode, done.stderr))
    return done.stdout


def refused(path):
    return subprocess.run([TOOL, "export", "contract", path], capture_output=True, check=False).returncode != 0


def mutants(folder):
    """Contracts that the tool takes, each one mutation of a clause away from a shipped one."""
    dice = random.Random(SEED)
    names = contracts()
    full = {name: json.loads(run("export", "contract", name)) for name in names}
    made = {}
    while len(made) < MUTANTS:
        base = names[len(made) % len(names)]
        contract = json.loads(json.dumps(full[base]))
        if not contract["clauses"] or mutate(contract, dice) is None or contract["clauses"] == full[base]["clauses"]:
            continue
        name = f"mutant-{len(made)}"
        contract["name"] = name
        path = folder / f"{name}.json"
        path.write_text(json.dumps(contract))
        if not refused(path):
            made[name] = path
    return made


def fresh_sections(page, seen):
    """The page without sections of the third level that another page has word for word: it is Sphinx that takes time."""
    first, *sections = re.split(r"(?m)^(?=[^\n]+\n~~~+$)", page)
    kept = first
    for section in sections:
        # A heading of the second level may stand at the end: it and what follows are no part of the section.
        own, *rest = re.split(r"(?m)^(?=[^\n]+\n---+$)", section, maxsplit=1)
        kept += (own if own not in seen else "") + "".join(rest)
        seen.add(own)
    return kept


class Mutants(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        cls.names = {name: name for name in contracts()} | mutants(cls.folder)
        jobs = [(name, form) for name in cls.names for form in FORMATS]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            cls.texts = dict(zip(jobs, pool.map(lambda job: document(cls.names[job[0]], FORMATS[job[1]]), jobs)))

    def of(self, form):
        return {name: text for (name, other), text in self.texts.items() if other == form and text is not None}

    def written(self, form, suffix):
        """The files; texts that are alike but for what they are named after once."""
        folder = self.folder / form
        folder.mkdir()
        files = {}
        for name, text in self.of(form).items():
            plain = re.sub(r"mutant-\d+", "mutant", text)
            if plain not in files:
                files[plain] = folder / f"{name}{suffix}"
                files[plain].write_text(text)
        return list(files.values())

    def test_there_are_as_many_as_there_should_be(self):
        self.assertEqual(len(self.names), len(contracts()) + MUTANTS)
        for form in ("rst", "kunit"):
            self.assertGreater(len({re.sub(r"mutant-\d+", "mutant", text) for text in self.of(form).values()}), 0.9 * MUTANTS)

    def test_sphinx(self):
        folder = self.folder / "sphinx"
        folder.mkdir()
        seen, texts = set(), {}
        for name, text in self.of("rst").items():  # the shipped ones come first
            texts[name] = fresh_sections(text, seen)
        self.assertEqual(texts["android-uncached"], self.of("rst")["android-uncached"])
        done = sphinx(folder, texts)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_graphviz(self):
        graphs = [*self.of("dot").values(), *self.of("owners").values()]
        self.assertEqual(len(graphs), 2 * len(self.names))
        done = subprocess.run(["dot", "-Tplain"], input="\n".join(graphs), capture_output=True, text=True, timeout=100,
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.count("\nstop\n"), len(graphs))

    def test_dot2_and_what_comes_of_it(self):
        for automaton in AUTOMATA:
            self.assertGreaterEqual(len(self.of(f"rv-{automaton}")), len(self.names) - 5)
        files = [file for automaton in AUTOMATA for file in self.written(f"rv-{automaton}", ".dot")]
        self.assertGreaterEqual(len(files), 6)
        done = subprocess.run([sys.executable, "-B", "-c", DOT2C, BUILD / "linux-6.1/tools/verification", *files],
                              capture_output=True, text=True, timeout=100, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for file in files:
            header = file.with_suffix(".h")
            text = file.read_text()
            states = set(re.findall(r'^\t"(\w+)" \[label', text, re.M))
            enumerated = re.search(r"enum states \{(.*?)\bstate_max", header.read_text(), re.S).group(1)
            self.assertEqual(set(re.findall(r"^\t(\w+)", enumerated, re.M)), states)
            # One unit a header: each has the same names.
            header.with_suffix(".c").write_text(f'typedef _Bool bool;\n#include "{header.name}"\n')
        units = [file.with_suffix(".c") for file in files]
        done = subprocess.run(["gcc", "-fsyntax-only", "-Wall", "-Werror", "-Wno-unused-variable", *units], capture_output=True,
                              text=True, timeout=100, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_kernel_doc(self):
        files = self.written("kernel-doc", ".h")
        self.assertEqual(kernel_doc(BUILD / "linux-6.1", *files), (0, ""))
        expected = members((BUILD / "linux-6.1/include/linux/dma-buf.h").read_text())
        for file in files:
            self.assertEqual(members(file.read_text()), expected)

    def test_the_c_compiler(self):
        files = self.written("kunit", ".c")
        self.assertGreater(len(files), MUTANTS)
        done = shim_compiler(BUILD, files)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
