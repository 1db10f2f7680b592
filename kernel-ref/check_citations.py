#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks spec/citations.json: each K-id's function is in the kernel source with the text that was cited, and each
K-id that the tables and rules name exists. And spec/documentation.json: the comment of each member has the text that was
told in our own words.

usage: check_citations.py ROOT [--tree KERNEL_TREE] [--update]

Without --tree the files are read from Debian's /usr/src/linux-source-6.1.tar.xz. No kernel text is kept: only the
SHA-256 of the function's text with runs of blanks folded.
"""
import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

TARBALL = pathlib.Path("/usr/src/linux-source-6.1.tar.xz")


def function_text(source, symbol):
    """The text of the function's definition, from its line to the closing brace in column 0; None if it is not there."""
    for match in re.finditer(r"^[A-Za-z_][^;{}=#]*?\b%s\s*\(" % re.escape(symbol), source, re.M):
        brace = source.find("{", match.end())
        semicolon = source.find(";", match.end())
        if brace < 0 or (0 <= semicolon < brace):
            continue
        end = source.find("\n}", brace)
        return source[match.start():end + 2] if end > 0 else None
    return None


def comment_of(source, member):
    """The kernel-doc comment of a member; None if it is not there."""
    found = re.search(r"/\*\*\s*\n\s*\*\s*@%s:(.*?)\*/" % re.escape(member), source, re.S)
    return found.group(1) if found else None


def digest(text):
    return hashlib.sha256(re.sub(r"\s+", " ", text).strip().encode()).hexdigest()


def extract(files, into):
    if not TARBALL.exists():
        sys.exit(f"check_citations: {TARBALL} is missing: install the package linux-source-6.1")
    members = [f"linux-source-6.1/{f}" for f in files]
    subprocess.run(["tar", "-xJf", str(TARBALL), "-C", into, *members], check=True)
    return pathlib.Path(into) / "linux-source-6.1"


def cited_ids(root):
    ids = set()
    for path in [*root.glob("model/*_table*.hpp"), *root.glob("spec/contracts/*.json"), root / "spec/rules.hpp", root / "model/architecture.hpp"]:
        ids |= set(re.findall(r"\bK-\d\d\b", path.read_text()))
    return ids


def check_documentation(root, tree, update):
    """What is wrong with the members of spec/documentation.json."""
    path = root / "spec/documentation.json"
    document = json.loads(path.read_text())
    source, problems = (tree / document["file"]).read_text(), []
    for member in document["members"]:
        text = comment_of(source, member["member"])
        if text is None:
            problems.append(f"no comment of {member['member']} in {document['file']}")
        elif update:
            member["sha256"] = digest(text)
        elif digest(text) != member["sha256"]:
            problems.append(f"the comment of {member['member']} in {document['file']} has changed: read it again, then run "
                            "check_citations.py with --update")
    if update:
        members = ",\n".join("  " + json.dumps(m, ensure_ascii=False) for m in document["members"])
        head = "".join(f' "{key}": {json.dumps(document[key])},\n' for key in ("schema", "file", "release"))
        path.write_text("{\n" + head + ' "members": [\n' + members + "\n ]\n}\n")
    return problems


def check(root, tree, update):
    path = root / "spec/citations.json"
    document = json.loads(path.read_text())
    problems = []
    known = [c["id"] for c in document["citations"]]
    problems += [f"{i} stands twice" for i in sorted({i for i in known if known.count(i) > 1})]
    problems += [f"{i} is cited and is not in citations.json" for i in sorted(cited_ids(root) - set(known))]
    for citation in document["citations"]:
        text = function_text((tree / citation["file"]).read_text(), citation["function"])
        if text is None:
            problems.append(f"{citation['id']}: no function {citation['function']} in {citation['file']}")
        elif update:
            citation["sha256"] = digest(text)
        elif digest(text) != citation["sha256"]:
            problems.append(f"{citation['id']}: the text of {citation['function']} in {citation['file']} has changed: read it "
                            "again, then run check_citations.py with --update")
    if update:
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return problems, len(known)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--tree", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    files = {c["file"] for c in json.loads((args.root / "spec/citations.json").read_text())["citations"]}
    files = sorted(files | {json.loads((args.root / "spec/documentation.json").read_text())["file"]})
    with tempfile.TemporaryDirectory() as scratch:
        tree = args.tree or extract(files, scratch)
        problems, count = check(args.root, tree, args.update)
        problems += check_documentation(args.root, tree, args.update)
    for problem in problems:
        print(problem)
    print(f"{count} citations, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
