# SPDX-License-Identifier: BSD-2-Clause
"""Traces of which one thing grows: `KINDS` gives for each kind a function of its size, which yields the lines."""
import json

HEADER = {"schema": "custody.trace/1", "source": "growth", "arch": "arm64-6.1", "observes": ["dma_api"]}


class Log:
    """The lines of an event log: one call each, or its two ends."""

    def __init__(self, **header):
        self.lines = [json.dumps({**HEADER, **header})]
        self.calls = 0

    def add(self, event, tid=1, **keys):
        self.lines.append(json.dumps({"ts": len(self.lines) / 1e6, "tid": tid, "event": event, **keys}))

    def enter(self, event, tid=1, **keys):
        """The entry of a call; gives its id."""
        self.calls += 1
        self.add(event, tid, phase="enter", call=self.calls, **keys)
        return self.calls

    def leave(self, event, call, tid=1, **keys):
        self.add(event, tid, phase="return", call=call, **{"ret": 0, **keys})

    def export(self, buffer="b", **keys):
        self.add("export", buffer=buffer, size=4096, exporter="system", **keys)

    def attach(self, number, device, **keys):
        self.add("attach", buffer="b", attachment=f"a{number}", device=device, **keys)

    def map(self, event, number, device, direction="TO_DEVICE", tid=1):
        """A map or an unmap with its DMA call inside."""
        of = {"buffer": "b", "attachment": f"a{number}", "device": device, "dir": direction}
        call = self.enter(event, tid, **of)
        self.add("dma_" + event, tid, **of, **{"in": call})
        self.leave(event, call, tid, **of)


def attachments(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
    for i in range(n):
        log.add("detach", buffer="b", attachment=f"a{i}", device=f"d{i}")
    return log.lines


def attachments_of_one_device(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, "d")
    for i in reversed(range(n)):
        log.map("map", i, "d")
    return log.lines


def mapped_devices(n, devices=None):
    log = Log(devices=devices or {})
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
        log.map("map", i, f"d{i}")
    for i in range(n):
        log.map("unmap", i, f"d{i}")
    return log.lines


def mapped_in_reverse(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
        log.map("map", i, f"d{i}")
    for i in reversed(range(n)):
        log.map("unmap", i, f"d{i}")
        log.add("detach", buffer="b", attachment=f"a{i}", device=f"d{i}")
    return log.lines


def writing_devices(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
        log.map("map", i, f"d{i}", "FROM_DEVICE")
    for i in range(n // 2):
        log.add("begin_cpu_access", buffer="b", dir="FROM_DEVICE")
        log.add("end_cpu_access", buffer="b", dir="FROM_DEVICE")
    return log.lines


def writer_among_readers(n):
    """One that writes now and then, the last of many that read."""
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
        log.map("map", i, f"d{i}")
    log.attach(n, "writer")
    for _ in range(n):
        log.map("map", n, "writer", "FROM_DEVICE")
        log.map("unmap", n, "writer", "FROM_DEVICE")
    return log.lines


def devices_with_windows(n):
    """A sync for each device in each window would be quadratic by itself: only the first is synced for."""
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
        log.map("map", i, f"d{i}", "BIDIRECTIONAL")
        call = log.enter("begin_cpu_access", buffer="b", dir="BIDIRECTIONAL")
        log.add("sync_for_cpu", buffer="b", device="d0", attachment="a0", dir="BIDIRECTIONAL", **{"in": call})
        log.leave("begin_cpu_access", call, buffer="b", dir="BIDIRECTIONAL")
        call = log.enter("end_cpu_access", buffer="b", dir="BIDIRECTIONAL")
        log.add("sync_for_device", buffer="b", device="d0", attachment="a0", dir="BIDIRECTIONAL", **{"in": call})
        log.leave("end_cpu_access", call, buffer="b", dir="BIDIRECTIONAL")
    return log.lines


def declared(kind):
    """Every other device is of another kind, of as many as the line of a header has room for."""
    return lambda n: mapped_devices(
        n, {f"d{i}": {"coherent": False, **(kind if i % 2 else {})} for i in range(min(n, 4000))})


def mappings_left(n):
    log = Log()
    log.export()
    log.attach(0, "d")
    of = {"buffer": "b", "attachment": "a0", "device": "d", "dir": "TO_DEVICE"}
    for i in range(n):
        log.map("map", 0, "d")
        log.leave("unmap", log.enter("unmap", **of), **of)
    return log.lines


def mappings_by_id(n):
    log = Log()
    log.export()
    log.attach(0, "d")
    of = {"buffer": "b", "device": "d", "dir": "TO_DEVICE", "nents": 1, "orig_nents": 1}
    for i in range(n):
        log.add("dma_map", mapping=f"m{i}", **of)
    for i in reversed(range(n)):
        log.add("sync_for_device", mapping=f"m{i}", **of)
        log.add("dma_unmap", mapping=f"m{i}", **of)
    return log.lines


def attachments_in_turn(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, "d")
        log.map("map", i, "d")
        of = {"buffer": "b", "attachment": f"a{i}", "device": "d", "dir": "TO_DEVICE"}
        log.leave("unmap", log.enter("unmap", **of), **of)
        log.add("detach", buffer="b", attachment=f"a{i}", device="d")
    return log.lines


def devices_in_turn(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
        log.map("map", i, f"d{i}")
        log.map("unmap", i, f"d{i}")
        log.add("detach", buffer="b", attachment=f"a{i}", device=f"d{i}")
    return log.lines


def open_windows(n):
    log = Log()
    log.export()
    for i in range(n):
        log.add("begin_cpu_access", buffer="b", dir="BIDIRECTIONAL")
    for i in range(n):
        log.add("end_cpu_access", buffer="b", dir="BIDIRECTIONAL")
    return log.lines


def windows_never_ended(n):
    log = Log()
    log.export()
    for i in range(n):
        log.add("begin_cpu_access", buffer="b", dir=("TO_DEVICE", "FROM_DEVICE")[i % 2])
        log.add("cpu_write", buffer="b")
    return log.lines


def windows_of_tasks(n):
    log = Log()
    log.export()
    for i in range(n):
        log.add("begin_cpu_access", tid=i + 1, buffer="b", dir="BIDIRECTIONAL")
    for i in reversed(range(0, n, 2)):
        log.add("end_cpu_access", tid=i + 1, buffer="b", dir="BIDIRECTIONAL")
    for i in range(1, n, 2):
        log.add("task_exit", tid=i + 1)
    return log.lines


def windows_with_ranges(n):
    log = Log()
    log.add("export", buffer="b", size=1 << 30, exporter="system")
    for i in range(n):
        log.add("begin_cpu_access", buffer="b", dir="BIDIRECTIONAL", offset=64 * i, length=64)
    for i in reversed(range(n)):
        log.add("end_cpu_access", buffer="b", dir="BIDIRECTIONAL", offset=64 * i, length=64)
    return log.lines


def windows_closing(n):
    log = Log()
    log.export()
    for i in range(n):
        log.add("begin_cpu_access", tid=i + 1, buffer="b", dir="BIDIRECTIONAL")
    calls = [log.enter("end_cpu_access", i + 1, buffer="b", dir="BIDIRECTIONAL") for i in range(n)]
    for i in reversed(range(n)):
        log.leave("end_cpu_access", calls[i], i + 1, buffer="b", dir="BIDIRECTIONAL")
    return log.lines


def nested_calls(n):
    log = Log()
    log.export()
    calls = []
    for i in range(n):
        log.add("begin_cpu_access", phase="enter", buffer="b", dir="TO_DEVICE", call=f"c{i}",
                **({"in": f"c{i - 1}"} if i else {}))
        calls.append(f"c{i}")
    for call in reversed(calls):
        log.leave("begin_cpu_access", call, buffer="b", dir="TO_DEVICE")
    return log.lines


def calls_of_tasks(n):
    log = Log()
    log.export()
    calls = [log.enter("begin_cpu_access", i + 1, buffer="b", dir="TO_DEVICE") for i in range(n)]
    for i in range(n):
        log.leave("begin_cpu_access", calls[i], i + 1, buffer="b", dir="TO_DEVICE")
    return log.lines


def calls_never_returned(n):
    log = Log()
    log.export()
    for i in range(n):
        log.enter("begin_cpu_access", i + 1, buffer="b", dir="TO_DEVICE")
    return log.lines


def calls_on_buffers(n):
    """One call under way on each buffer, each in another task."""
    log = Log()
    for i in range(n):
        log.export(f"b{i}")
        log.enter("begin_cpu_access", i + 1, buffer=f"b{i}", dir="TO_DEVICE")
    for i in reversed(range(n)):
        log.leave("begin_cpu_access", i + 1, i + 1, buffer=f"b{i}", dir="TO_DEVICE")
    return log.lines


def live_buffers(n):
    log = Log()
    for i in range(n):
        log.export(f"b{i}")
    return log.lines


def exits_over_buffers(n):
    log = Log()
    for i in range(n):
        log.export(f"b{i}")
    for i in range(n):
        log.add("task_exit", tid=i + 2)
    return log.lines


def exits_with_windows(n):
    log = Log()
    for i in range(n):
        log.export(f"b{i}")
        log.add("begin_cpu_access", tid=i + 2, buffer=f"b{i}", dir="TO_DEVICE")
    for i in range(n):
        log.add("task_exit", tid=i + 2)
    return log.lines


def losses_over_buffers(n):
    log = Log()
    for i in range(n):
        log.export(f"b{i}")
    for i in range(n):
        log.add("lost", count=1)
    return log.lines


def headers_over_buffers(n):
    log = Log()
    for i in range(n):
        log.export(f"b{i}")
    log.lines += [log.lines[0]] * n
    return log.lines


def learned_devices(n):
    """Each device turns out not to snoop while all buffers live."""
    log = Log(observes=["dma_api", "cache_ops"])
    for i in range(n):
        log.export(f"b{i}")
        of = {"buffer": f"b{i}", "attachment": f"a{i}", "device": f"d{i}"}
        log.add("attach", **of)
        call = log.enter("map", **of, dir="TO_DEVICE")
        log.add("dma_map", **of, dir="TO_DEVICE", **{"in": call}, cache="clean")
        log.leave("map", call, **of, dir="TO_DEVICE")
    return log.lines


def fences(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
        log.map("map", i, f"d{i}", "FROM_DEVICE")
        log.add("fence", buffer="b", device=f"d{i}", access="write")
    for i in range(n):
        log.add("fence_signaled", buffer="b", device=f"d{i}")
    return log.lines


def moves(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
        log.map("map", i, f"d{i}")
        log.add("move_notify", buffer="b")
    return log.lines


def losses_over_attachments(n):
    log = Log()
    log.export()
    for i in range(n):
        log.attach(i, f"d{i}")
    for i in range(n):
        log.add("lost", count=1)
    return log.lines


def buffers_in_turn(n):
    log = Log()
    for i in range(n):
        log.export(f"b{i}")
        log.add("release", buffer=f"b{i}")
    return log.lines


def device_lines(n):
    head = ["custody litmus: devices", "arch arm64-6.1"] + [f"device d{i}" for i in range(n)]
    return head + ["", "export b 4K", "attach b d0", "map b d0 TO", "  dma_map d0 TO", "unmap b d0 TO",
                   "  dma_unmap d0 TO", "detach b d0", "release b"]


def expectations(n):
    head = ["custody litmus: findings", "arch arm64-6.1"]
    first = len(head) + n + 3
    head += [f"expect L7 at {first + i}" for i in range(n)]
    return head + ["", "export b 4K"] + ["end b TO"] * n


def expectations_by_text(n):
    head = ["custody litmus: findings", "arch arm64-6.1"]
    head += [f'expect L7 at "end b TO" #{i + 1}' for i in range(n)]
    return head + ["", "export b 4K"] + ["end b TO"] * n


def expected_verdicts(n):
    head = ["custody litmus: verdicts", "arch arm64-6.1"]
    return head + [f"expect judged b{i}" for i in range(n)] + [""] + [f"export b{i} 4K" for i in range(n)]


def litmus_attachments(n):
    head = ["custody litmus: attachments", "arch arm64-6.1", "device D", "", "export b 4K"]
    return head + [f"attach b D as a{i}" for i in range(n)] + [f"detach b a{i}" for i in range(n)]


def litmus_tasks(n):
    head = ["custody litmus: tasks", "arch arm64-6.1", "", "export b 4K"]
    return head + [f"[t{i}] begin b TO {{" for i in range(n)] + [f"[t{i}] }}" for i in range(n)]


KINDS = {
    "attachments": attachments,
    "attachments_of_one_device": attachments_of_one_device,
    "attachments_in_turn": attachments_in_turn,
    "mapped_devices": mapped_devices,
    "mapped_in_reverse": mapped_in_reverse,
    "writing_devices": writing_devices,
    "writer_among_readers": writer_among_readers,
    "mixed_devices": declared({"coherent": True}),
    "bounced_devices": declared({"bounced": True}),
    "devices_with_windows": devices_with_windows,
    "devices_in_turn": devices_in_turn,
    "mappings_left": mappings_left,
    "mappings_by_id": mappings_by_id,
    "open_windows": open_windows,
    "windows_never_ended": windows_never_ended,
    "windows_of_tasks": windows_of_tasks,
    "windows_with_ranges": windows_with_ranges,
    "windows_closing": windows_closing,
    "nested_calls": nested_calls,
    "calls_of_tasks": calls_of_tasks,
    "calls_never_returned": calls_never_returned,
    "calls_on_buffers": calls_on_buffers,
    "live_buffers": live_buffers,
    "buffers_in_turn": buffers_in_turn,
    "exits_over_buffers": exits_over_buffers,
    "exits_with_windows": exits_with_windows,
    "losses_over_buffers": losses_over_buffers,
    "losses_over_attachments": losses_over_attachments,
    "headers_over_buffers": headers_over_buffers,
    "learned_devices": learned_devices,
    "fences": fences,
    "moves": moves,
    "device_lines": device_lines,
    "expectations": expectations,
    "expectations_by_text": expectations_by_text,
    "expected_verdicts": expected_verdicts,
    "litmus_attachments": litmus_attachments,
    "litmus_tasks": litmus_tasks,
}


def is_litmus(lines):
    return lines[0].startswith("custody litmus")


def write(kind, size, folder):
    """Writes the trace of a kind and size; its path."""
    lines = KINDS[kind](size)
    path = folder / f"{kind}-{size}.{'litmus' if is_litmus(lines) else 'jsonl'}"
    path.write_text("\n".join(lines) + "\n")
    return path
