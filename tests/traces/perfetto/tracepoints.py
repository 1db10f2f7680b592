# SPDX-License-Identifier: BSD-2-Clause
"""The kernel's own tracepoints on DMA and dma-bufs as Perfetto records them: each field of TP_STRUCT__entry
(include/trace/events/{dma,dma_buf,iommu}.h of Linux 6.18 and 7.0) by its name. It has no arrays: of one it records the
word that says where the array is (InferFtraceType of src/traced/probes/ftrace/proto_translation_table.cc)."""

import re

import encode

RECORD = re.compile(r"^\s*(.+?)-(\d+)\s+\[(\d+)\] \S+\s+(\d+)\.(\d+): (\w+): (.*)$")
DIRECTIONS = ("BIDIRECTIONAL", "TO_DEVICE", "FROM_DEVICE", "NONE")
ATTRIBUTES = {"": 0, "SKIP_CPU_SYNC": 32}
LOCATION = 8 << 16 | 40  # bytes, offset
POINTER = 0xffffff80 << 32  # %p is hashed in text


def dma_fields(event, said):
    key = dict(re.findall(r"(\w+)=(\S*)", said))
    single = "_sg" not in event
    fields = [("device", said.split(" ", 1)[0])]
    if event.startswith("dma_map_sg"):
        fields += [("full_nents", 1), ("full_ents", 1), ("truncated", 0), ("phys_addrs", LOCATION)]
    if event == "dma_unmap_sg":
        fields.append(("addrs", LOCATION))
    if "_sg" in event and event != "dma_unmap_sg":
        fields += [("dma_addrs", LOCATION), ("lengths", LOCATION)]
    if single and "phys_addr" in key:
        fields.append(("phys_addr", int(key["phys_addr"], 16)))
    if single:
        name = "addr" if event.startswith("dma_unmap") else "dma_addr"
        fields += [(name, int(key["dma_addr"], 16)), ("size", int(key["size"]))]
    fields.append(("dir", DIRECTIONS.index(key["dir"])))
    return "dma", fields + ([("attrs", ATTRIBUTES[key["attrs"]])] if "attrs" in key else [])


def buffer_fields(said):
    key = dict(re.findall(r"(\w+)=(\S*)", said))
    fields = [("exp_name", key["exp_name"]), ("size", int(key["size"])), ("ino", int(key["ino"]))]
    if "fd" in key:
        fields.append(("fd", int(key["fd"])))
    attachment = re.search(r"attachment:(\w+)", said)
    if attachment:
        fields = ([("dev_name", key["dev_name"])] + fields +
                  [("attach", POINTER | int(attachment[1], 16)), ("is_dynamic", int(key["is_dynamic"]))])
    return "dma_buf", fields


def iommu_fields(said):
    key = dict(re.findall(r"(\w+)=(\w+)", said))
    return "iommu", [("iova", int(key["iova"], 16)), ("paddr", int(key["paddr"], 16)), ("size", int(key["size"]))]


class Traced:
    def __init__(self, match):
        comm, pid, _, seconds, micros, self.event, said = match.groups()
        self.comm, self.pid, self.cpu = comm, int(pid), 0
        self.ts = int(seconds) * 10**9 + int(micros) * 1000
        if said.startswith("IOMMU:"):
            self.group, self.fields = iommu_fields(said)
        elif self.event.startswith("dma_buf_"):
            self.group, self.fields = buffer_fields(said)
        else:
            self.group, self.fields = dma_fields(self.event, said)


def packets(text, shape):
    """Of text with probes or without, but without fences, which Perfetto records as messages of their own."""
    found = []
    for line in text.splitlines():
        m = RECORD.match(line)
        if m:
            found += encode.records(line) if m[7].startswith("(") else [Traced(m)]
    return encode.packets(found, shape)


def binary(text, shape):
    return encode.binary(packets(text, shape), shape)


def each_alone(text):
    """The same calls on one piece of memory, without a table."""
    def alone(m):
        name, device, direction = m[1], m[2], m[3]
        key = dict(re.findall(r"(\w+)=\{0x(\w+)\}", m[4]))
        attrs = " attrs=" if "attrs=" in m[4] else ""
        dma = key.get("dma_addrs") or {"ac40000.isp": "dfe00000", "3d00000.gpu": "500000000"}[device]
        memory = f" phys_addr={key['phys_addrs']}" if name == "dma_map_sg" else ""
        names = {"dma_map_sg": "dma_map_phys", "dma_unmap_sg": "dma_unmap_phys"}
        name = names.get(name, name.replace("_sg_", "_single_"))
        return f"{name}: {device} {direction} dma_addr={dma} size={int(key.get('sizes', '100000'), 16)}{memory}{attrs}"
    return re.sub(r"(dma_\w*sg\w*): (\S+) (dir=\w+) (.*)", alone, text)
