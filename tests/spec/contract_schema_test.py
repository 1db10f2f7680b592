# SPDX-License-Identifier: BSD-2-Clause
"""Every shipped contract, and what `custody export contract` writes, fits spec/contract.schema.json; a broken one does
not. What `custody check --format json` says fits spec/check_report.schema.json."""

import json
import os
import subprocess
import sys

import jsonschema

TOOL = os.environ["CUSTODY_TOOL"]


def main():
    with open("spec/contract.schema.json", encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    problems, checked = [], 0
    for name in sorted(os.listdir("spec/contracts")):
        with open(f"spec/contracts/{name}", encoding="utf-8") as file:
            shipped = json.load(file)
        written = json.loads(subprocess.check_output([TOOL, "export", "contract", name[:-5]]))
        for what, contract in (("shipped", shipped), ("written", written)):
            problems += [f"{name} {what}: {error.json_path}: {error.message}" for error in validator.iter_errors(contract)]
            checked += 1
        next(iter(written["clauses"].values()))["colour"] = "red"
        if validator.is_valid(written):
            problems.append(f"{name}: an unknown key of a clause is valid")
    with open("spec/check_report.schema.json", encoding="utf-8") as file:
        verdicts = jsonschema.Draft202012Validator(json.load(file))
    expected = {"system-heap-6.1": ("holds", 0), "vision-keep": ("violated", 1), "vision-release": ("violated", 1)}
    for name, (verdict, status) in expected.items():
        done = subprocess.run([TOOL, "check", "--format", "json", name], capture_output=True, check=False)
        report = json.loads(done.stdout)
        problems += [f"check {name}: {error.message}" for error in verdicts.iter_errors(report)]
        if (report["verdict"], done.returncode) != (verdict, status):
            problems.append(f"check {name}: {report['verdict']}, exit {done.returncode}")
    stopped = subprocess.run([TOOL, "check", "--max-states", "9", "system-heap-6.1"], capture_output=True, check=False)
    if stopped.returncode != 3:
        problems.append(f"check --max-states 9: exit {stopped.returncode}, expected 3")
    broken = subprocess.run([TOOL, "check", "spec/contract.schema.json"], capture_output=True, check=False)
    if broken.returncode != 2 or b"unknown key" not in broken.stderr:
        problems.append(f"check of no contract: exit {broken.returncode}, {broken.stderr}")
    print("\n".join(problems) or f"{checked} contracts fit the schema")
    return 1 if problems or checked < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
