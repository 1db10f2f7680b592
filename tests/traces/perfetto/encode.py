# SPDX-License-Identifier: BSD-2-Clause
"""Lays the records of ftrace text out as a trace of Perfetto, in text and, through protoc, in binary.

The messages are those of traces/formats/perfetto/packet.proto, whose numbers are Perfetto's: no tool of Perfetto is in
Debian. `python3 encode.py CAPTURE SHAPE OUTPUT` writes one file."""

import re
import subprocess
import sys
import zlib

PROTO = "traces/formats/perfetto/packet.proto"
MESSAGE = "custody.traces.formats.perfetto.proto."
RECORD = re.compile(r"^\s*(.+?)-(\d+)\s+\[(\d+)\] \S+\s+(\d+)\.(\d+): (?:(\w+):)?(\w+): (?:\(([^)]*)\) ?)?(.*)$")
FIELD = re.compile(r'(\w+)=("[^"]*"|\(fault\)|\S+)')
SHAPES = ("generic", "described")
FIRST_ID = 65536


class Record:
    def __init__(self, match, cpu):
        comm, pid, _, seconds, micros, self.group, self.event, place, rest = match.groups()
        self.comm, self.pid, self.cpu = comm, int(pid), cpu
        self.ts = int(seconds) * 10**9 + int(micros) * 1000
        # The kernel records the address where a probe hit.
        self.fields = [("__probe_ip", 0xffffffc008000000)] if place is not None else []
        for key, value in FIELD.findall(rest):
            self.fields.append((key, text_of(value) if value[0] in '"(' else int(value, 0)))


def text_of(value):
    return value if value == "(fault)" else value[1:-1]


def records(text, cpus=1):
    """Those of probes. The tasks of a capture are spread over `cpus` processors, in turns of seven records."""
    found = [m for m in map(RECORD.match, text.splitlines()) if m and m.group(7) != "tracing_mark_write"]
    return [Record(m, i // 7 % cpus) for i, m in enumerate(found)]


def quoted(text):
    return '"' + "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\{ord(c):03o}" for c in text) + '"'


def number(value):
    return f"int_value: {value}" if value < 0 else f"uint_value: {value}"


def generic_event(record):
    fields = [f"field {{ name: {quoted(key)} " +
              (f"str_value: {quoted(value)}" if isinstance(value, str) else number(value)) + " }"
              for key, value in record.fields]
    return f"generic {{ event_name: {quoted(record.event)} {' '.join(fields)} }}"


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7f:
        out.append(value & 0x7f | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def delimited(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


class Descriptors:
    """Gives numbers to events, as Perfetto does when it first sees them."""
    def __init__(self):
        self.ids, self.names = {}, {}

    def event(self, record):
        kind = (record.group, record.event)
        self.names.setdefault(kind, [key for key, _ in record.fields])
        number_of = {key: n for n, key in enumerate(self.names[kind], 1)}
        id_of = self.ids.setdefault(kind, FIRST_ID + len(self.ids))
        fields = [f"{number_of[key]}: " + (quoted(value) if isinstance(value, str) else str(value & (1 << 64) - 1))
                  for key, value in record.fields]
        return f"{id_of} {{ {' '.join(fields)} }}", kind

    def descriptor(self, kind, sample):
        string, int64, uint64 = 9, 3, 4
        fields = b"".join(
            delimited(2, delimited(1, key.encode()) + varint(3 << 3) + varint(n) + varint(5 << 3) +
                      varint(string if isinstance(value, str) else int64 if key == "ret" else uint64))
            for n, (key, value) in enumerate(sample.fields, 1))
        message = delimited(1, kind[1].encode()) + fields
        text = "".join(chr(byte) for byte in message)
        group = f" group_name: {quoted(kind[0] or 'custody')}"
        return f"generic_event_descriptors {{ field_id: {self.ids[kind]}{group} event_descriptor: {quoted(text)} }}"


def bundle(cpu, some, shape, descriptors, extra=""):
    lines = [f"packet {{\n  trusted_packet_sequence_id: 2\n  ftrace_events {{\n    cpu: {cpu}{extra}"]
    kinds = {}
    for record in some:
        if shape == "described":
            what, kind = descriptors.event(record)
            kinds.setdefault(kind, record)
        else:
            what = generic_event(record)
        lines.append(f"    event {{ timestamp: {record.ts} pid: {record.pid} {what} }}")
    lines += ["    " + descriptors.descriptor(kind, sample) for kind, sample in kinds.items()]
    return "\n".join(lines + ["  }", "}"]) + "\n"


def packets(found, shape, each=40):
    """Texts of packets: as Perfetto does, a bundle of each processor at each reading of the buffers, names last."""
    descriptors, last = Descriptors(), {}
    out = ['packet {\n  trusted_packet_sequence_id: 1\n  clock_snapshot { clocks { clock_id: 6 timestamp: 1 } }\n}\n']
    for begin in range(0, len(found), each):
        some = found[begin:begin + each]
        for cpu in sorted({r.cpu for r in some}, reverse=True):
            of_cpu = [r for r in some if r.cpu == cpu]
            extra = f"\n    previous_bundle_end_timestamp: {last.get(cpu, 0)}"
            out.append(bundle(cpu, of_cpu, shape, descriptors, extra))
            last[cpu] = of_cpu[-1].ts
    names = {r.pid: r.comm for r in found}
    threads = " ".join(f"threads {{ tid: {pid} name: {quoted(comm)} tgid: {pid} }}" for pid, comm in names.items())
    return out + [f"packet {{\n  trusted_packet_sequence_id: 3\n  process_tree {{ {threads} }}\n}}\n"]


def protoc(text):
    """The bytes of a message Trace: protoc does not know what it passes over, and no field without a name."""
    known = re.sub(r"\n  clock_snapshot [^\n]*| tgid: \d+", "", text)
    done = subprocess.run(["protoc", f"--encode={MESSAGE}Trace", PROTO], input=known.encode(), capture_output=True,
                          check=True)
    return done.stdout


def binary(texts, shape):
    return b"".join(protoc(text) if shape != "described" or "ftrace_events" not in text else described(text)
                    for text in texts)


EVENT = re.compile(r"    event \{ timestamp: (\d+) pid: (\d+) (\d+) \{ (.*) \} \}\n")
VALUE = re.compile(r'(\d+): ("(?:[^"\\]|\\...)*"|\d+)')


def described(text):
    """protoc encodes the bundle; the events that it cannot name are put into it."""
    events = b""
    for ts, pid, event, fields in EVENT.findall(text):
        message = b""
        for key, value in VALUE.findall(fields):
            message += (delimited(int(key), unquoted(value)) if value[0] == '"'
                        else varint(int(key) << 3) + varint(int(value)))
        events += delimited(2, varint(1 << 3) + varint(int(ts)) + varint(2 << 3) + varint(int(pid)) +
                            delimited(int(event), message))
    inner = re.search(r"ftrace_events \{\n(.*)  \}\n\}\n$", EVENT.sub("", text), re.S).group(1)
    done = subprocess.run(["protoc", f"--encode={MESSAGE}FtraceEventBundle", PROTO], input=inner.encode(),
                          capture_output=True, check=True)
    return delimited(1, varint(10 << 3) + varint(2) + delimited(1, events + done.stdout))


def unquoted(value):
    return re.sub(rb"\\(\d{3})", lambda m: bytes([int(m.group(1), 8)]), value[1:-1].encode())


def compressed(data, each=3):
    """Perfetto puts whole packets, with their tags and lengths, into one that is compressed."""
    out, some = b"", []
    whole = split(data)
    for i, packet in enumerate(whole):
        some.append(packet)
        if len(some) == each or i == len(whole) - 1:
            out += delimited(1, delimited(50, zlib.compress(b"".join(some))))
            some = []
    return out


def split(data):
    """The packets of a trace, each with its tag and length."""
    found, at = [], 0
    while at < len(data):
        begin, at, length, shift = at, at + 1, 0, 0
        while True:
            byte = data[at]
            length |= (byte & 0x7f) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                break
        at += length
        found.append(data[begin:at])
    return found


def encode(text, shape, cpus=1, form="binary"):
    """`form`: text, binary, compressed."""
    texts = packets(records(text, cpus), shape)
    if form == "text":
        return "".join(texts).encode()
    data = binary(texts, shape)
    return compressed(data) if form == "compressed" else data


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as source, open(sys.argv[3], "wb") as target:
        target.write(encode(source.read(), *sys.argv[2].split("-")[:1], form=sys.argv[2].split("-")[1]))
