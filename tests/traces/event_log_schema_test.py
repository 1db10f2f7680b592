# SPDX-License-Identifier: BSD-2-Clause
"""Holds the lines of an event log against traces/event_log.schema.json, and shows that the schema refuses wrong ones.

Usage: event_log_schema_test.py PROGRAM, which prints an event log.
"""

import json
import subprocess
import sys

import jsonschema

HEADER = {"schema": "custody.trace/1"}
MAP = {"event": "map", "buffer": "b", "attachment": "a", "device": "D", "dir": "TO_DEVICE"}
WRONG = [
    {"schema": "custody.trace/2"},
    {},
    [],
    {**HEADER, "devices": []},
    {**HEADER, "devices": {"D": {"allocates": True}}},
    {**HEADER, "devices": {"D": {"coherent": False, "allocates": True}}},
    {**HEADER, "observes": ["everything"]},
    {**MAP, "event": "mapp"},
    {**MAP, "dir": "SIDEWAYS"},
    {**MAP, "phase": "both"},
    {**MAP, "ts": -1},
    {**MAP, "size": "64K"},
    {**MAP, "attrs": ["SKIP"]},
    {**MAP, "ret": 2**31},
    {"event": "map", "buffer": "b", "attachment": "a"},
    {"event": "map", "buffer": "b", "dir": "TO_DEVICE"},
    {"event": "put"},
    {"event": "lost"},
    {"event": "task_exit"},
    {"event": "fence", "buffer": "b", "device": "D"},
    {"event": "sync_for_cpu", "buffer": "b", "dir": "TO_DEVICE"},
]
RIGHT = [
    HEADER,
    {**HEADER, "devices": {"D": {"coherent": True, "allocates": True}, "E": {"allocates": False}}},
    MAP,
    {**MAP, "dir": "DMA_TO_DEVICE", "attrs": ["DMA_ATTR_SKIP_CPU_SYNC", "MMIO"], "a_new_key": {"deep": []}},
    {"event": "map", "phase": "return", "call": 7, "ret": 0},
    {"event": "cache_clean", "in": "dma-1"},
    {"ts": 0.784242, "cpu": 0, "tid": 25, "comm": "camera", "event": "map", "buffer": "b1", "attachment": "a1",
     "device": "cam.0", "dir": "FROM_DEVICE", "ret": 0},
]


def main():
    with open("traces/event_log.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    check = validator(schema)
    failures = 0
    for value in RIGHT:
        for error in check.iter_errors(value):
            failures += 1
            print(f"refused, but right: {json.dumps(value)}: {error.message}")
    for value in WRONG:
        if check.is_valid(value):
            failures += 1
            print(f"accepted, but wrong: {json.dumps(value)}")
    log = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout.splitlines()
    for number, line in enumerate(log, 1):
        for error in check.iter_errors(json.loads(line)):
            failures += 1
            print(f"line {number} of the log: {line}: {error.message}")
    events = schema["$defs"]["event"]["properties"]["event"]["enum"]
    written = {json.loads(line).get("event") for line in log}
    for event in sorted(set(events) - written - {"cache_none"}):
        failures += 1
        print(f"the log shows no `{event}`")
    print(f"{len(log)} lines, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
