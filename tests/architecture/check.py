#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks the layout of a source tree: check.py ROOT. Prints file:line: problem; exit status 1 if there is one."""

import os
import sys

from rules import check_file

SKIPPED_FOLDERS = {".git", "build", "__pycache__", ".cache", ".vscode", ".idea"}


def files(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
        for name in sorted(set(names) - SKIPPED_FOLDERS):
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                yield os.path.relpath(path, root).replace(os.sep, "/")


def main(root):
    seen, problems = 0, 0
    for path in files(root):
        with open(os.path.join(root, path), "rb") as file:
            raw = file.read()
        if b"\0" in raw:
            continue
        seen += 1
        for line, message in check_file(path, raw.decode("utf-8", "replace")):
            problems += 1
            print(f"{path}:{line}: {message}")
    if seen == 0:
        print(f"{root}: no file to check")
        return 1
    print(f"{seen} files, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check.py ROOT")
    sys.exit(main(sys.argv[1]))
