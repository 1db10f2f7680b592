# SPDX-License-Identifier: BSD-2-Clause
"""The rules of the layout: pure functions from (path, text) to the violations in it."""

import re

MAX_LINES = 500

# What a folder may include and link. A folder may always use itself.
MAY_USE = {
    "model": set(),
    "spec": {"model"},
    "traces": {"model"},
    "checker": {"model", "spec", "traces"},
    "kernel-ref": {"model", "traces"},
    "tests": {"model", "spec", "traces", "checker", "kernel-ref"},
}
# custody-drive judges what it drives. It is under the kernel's licence, so that nothing of checker/ links it.
EXTRA_USE = {"kernel-ref/drive/": {"checker", "spec"}}
# Programs, and what runs programs and processes of its own.
PROGRAMS = ("checker/cli/", "checker/packaging/examples/", "kernel-ref/record/main", "kernel-ref/learn/main",
            "kernel-ref/drive/main", "kernel-ref/drive/process", "kernel-ref/drive/supervise",
            "kernel-ref/drive/workplace", "kernel-ref/vm/")

# What is installed stands alone, and is included without its folders.
INSTALLED = "checker/embed/include/"

CPP = (".hpp", ".cpp", ".h", ".c")
SOURCES = CPP + (".py", ".sh", ".cmake", ".litmus")
# Documents and data carry no licence line.
SPDX_FREE = (".md", ".json", ".jsonl", ".txt", ".dot", ".svg", ".litmus")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.M)
LINKED = re.compile(r"\bcustody_(model|spec|traces|checker|kernel_ref)\b")
PRINTS = re.compile(
    r"\bstd::(?:cout|cerr|clog)\b|#\s*include\s*<iostream>"
    r"|(?<![\w.>])(?:std::|fmt::)?(?:v?f?printf|f?puts|f?putc|putchar|perror)\s*\(|\b(?:std|fmt)::print(?:ln)?\s*\("
)
ENDS = re.compile(r"(?<![\w.>])(?:std::|::)?(?:abort|exit|_exit|_Exit|quick_exit|terminate)\s*\(")
# Spelled so that this file does not match itself.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:wor[k]\b|hom[e]/\w|roo[t]/|User[s]/)|\.\./share[d]\b")


NAMESPACE = re.compile(r"^namespace (custody(?:::\w+)*) \{", re.M)
STEPS = re.compile(r"\bmodel::(?:step|fire\w*)\s*\(")


def folder(path):
    return path.split("/", 1)[0]


def without_comments(text):
    """C++ text with comments blanked and string contents emptied; line numbers stay."""
    pattern = re.compile(
        r'(?P<raw>R"(?P<d>[^()\\\s]{0,16})\(.*?\)(?P=d)")|(?P<str>"(?:\\.|[^"\\\n])*")|'
        r"(?P<chr>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')|(?P<line>//[^\n]*)|(?P<block>/\*.*?\*/)",
        re.S,
    )

    def blank(match):
        if match.group("chr"):
            return match.group(0)
        lines = "\n" * match.group(0).count("\n")
        return '""' + lines if match.group("raw") or match.group("str") else lines or " "

    return pattern.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def check_include(path, target):
    """What is wrong with `path` including `target`, or None."""
    own, name = folder(path), path.rsplit("/", 1)[-1]
    used = folder(target)
    if path.startswith(INSTALLED) and used in MAY_USE:
        return f"what is installed includes nothing of the project: {target}"
    if used in MAY_USE and "/" in target and used != own:
        extra = set().union(*(more for start, more in EXTRA_USE.items() if path.startswith(start)))
        if used not in MAY_USE.get(own, set()) | extra:
            return f"{own} must not include {used}: {target}"
    if target.startswith(".."):
        return f"includes are relative to the root: {target}"
    # model/machine.hpp is the back end's one wrapper, so it counts as the back end.
    if target.startswith("boost/msm/back/") or target == "model/machine.hpp":
        if path != "model/machine.hpp" and not re.fullmatch(r"model/\w+_machine\.cpp", path):
            return f"only model/*_machine.cpp may include MSM's back end: {target}"
    if target.startswith("nlohmann/"):
        if own != "tests" and not name.endswith("_io.cpp") and not path.startswith("spec/contract"):
            return f"only *_io.cpp and spec/contract* may include {target}"
    if target.startswith(("rapidcheck", "gtest/", "gmock/", "benchmark/")) and own != "tests":
        return f"only tests may include {target}"
    if target.startswith("CLI/") and not path.startswith(("checker/cli/", "tests/", "kernel-ref/drive/main")):
        return f"only programs and tests may include {target}"
    return None


def namespace_of(path):
    """The namespace of a file: its folder; what tests a library lies in `test` of the library's."""
    parts = [part.replace("-", "_") for part in path.removeprefix(INSTALLED).split("/")[:-1]]
    if path.startswith(INSTALLED):
        return "::".join(parts)
    if parts[0] != "tests":
        return "::".join(["custody", *parts])
    mirrored = parts[1:2] and parts[1] in {key.replace("-", "_") for key in MAY_USE}
    return "::".join(["custody", *parts[1:2], "test"] if mirrored else ["custody", *parts[1:2]])


def check_namespaces(path, code):
    own = namespace_of(path)
    for match in NAMESPACE.finditer(code):
        if match.group(1) != own and not match.group(1).startswith(own + "::"):
            yield line_of(code, match.start()), f"the namespace of this folder is {own}: {match.group(1)}"


def check_cpp(path, text):
    yield from check_namespaces(path, without_comments(text))
    if path.startswith("checker/replay/") and not path.startswith("checker/replay/custody"):
        for match in STEPS.finditer(without_comments(text)):
            yield line_of(text, match.start()), f"only the custody room of a replay moves the lifetime: {match.group(0)}"
    for match in INCLUDE.finditer(text):
        problem = check_include(path, match.group(1))
        if problem:
            yield line_of(text, match.start()), problem
    if folder(path) == "tests" or path.startswith(PROGRAMS):
        return
    code = without_comments(text)
    for match in PRINTS.finditer(code):
        yield line_of(code, match.start()), f"a library does not print: {match.group(0).strip()}"
    for match in ENDS.finditer(code):
        yield line_of(code, match.start()), f"a library does not end the process: {match.group(0).strip()}"


def check_cmake(path, text):
    own = folder(path).replace("-", "_")
    if "/" not in path or own not in {key.replace("-", "_") for key in MAY_USE}:
        return
    extra = set().union(*(more for start, more in EXTRA_USE.items() if path.startswith(start)))
    allowed = {key.replace("-", "_") for key in MAY_USE[folder(path)] | extra} | {own}
    code = re.sub(r"#[^\n]*", "", text)
    for match in LINKED.finditer(code):
        if match.group(1) not in allowed:
            yield line_of(code, match.start()), f"{folder(path)} must not link custody_{match.group(1)}"


def needs_spdx(path):
    name = path.rsplit("/", 1)[-1]
    if name == "LICENSE" or name.endswith(SPDX_FREE) and name != "CMakeLists.txt":
        return False
    # Formats of Debian's, without comments.
    if path in ("checker/packaging/changelog.in", "checker/packaging/copyright.in"):
        return False
    return "/golden/" not in path and "/corpus/" not in path


def check_spdx(path, text):
    licence = "GPL-2.0-only" if folder(path) == "kernel-ref" else "BSD-2-Clause"
    head = text.split("\n", 5)[:5]
    if not any(f"SPDX-License-Identifier: {licence}" in line for line in head):
        yield 1, f"the first lines lack `SPDX-License-Identifier: {licence}`"


def check_file(path, text):
    """All violations of one file, as (line, message). `path` is relative to the root, with `/`."""
    name = path.rsplit("/", 1)[-1]
    if name.endswith(CPP):
        yield from check_cpp(path, text)
    if name == "CMakeLists.txt" or name.endswith(".cmake"):
        yield from check_cmake(path, text)
    if needs_spdx(path):
        yield from check_spdx(path, text)
    if name == "CMakeLists.txt" or name.endswith(SOURCES):
        lines = text.count("\n")
        if lines > MAX_LINES:
            yield lines, f"{lines} lines; more than {MAX_LINES}"
    for match in MACHINE_PATHS.finditer(text):
        yield line_of(text, match.start()), f"names a path of one machine: {match.group(0)}"
