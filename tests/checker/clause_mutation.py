# SPDX-License-Identifier: BSD-2-Clause
"""First-order mutations of the clauses of a contract, as it is exported: JSON that others judge. A sync target that is
new is named in SYNCS."""

SYNCS = ["buffer:clean", "buffer:invalidate", "buffer:clean_invalidate", "mapped:for_cpu", "mapped:for_device",
         "mapped:for_cpu:mapping", "first:for_cpu", "attached:for_cpu", "exporter:for_cpu"]
GUARDS = ["mapped=none", "mapped=some", "mapped=more", "attached=some", "owner=nobody", "owner=devices", "owner=not_cpu",
          "next_owner=devices", "next_owner=nobody", "cpu_mappings=some", "windows=some", "plain_mapped=some",
          "to_device=yes", "from_device=no", "cpu_dirty=yes", "cpu_stale=no", "own_mapping=none"]
NOTES = ["set:cpu_dirty", "clear:cpu_dirty", "set:cpu_stale", "clear:cpu_stale", "set:own_mapping", "up:begin_mappings"]
EVENTS = ["map", "unmap", "begin", "end", "detach", "mmap", "munmap", "attach"]


def words(clause, key):
    value = clause.get(key, [])
    return [value] if isinstance(value, str) else list(value)


def mutate(contract, dice):
    """One first-order mutation of a clause."""
    name = dice.choice(list(contract["clauses"]))
    clause = contract["clauses"][name]
    kind = dice.choice(["less", "sync", "guard", "note", "refuse", "event", "gone"])
    if kind == "less":
        key = dice.choice(["if", "do", "then"])
        left = words(clause, key)
        if not left:
            return None
        left.pop(dice.randrange(len(left)))
        clause[key] = left
        return f"less {key} of {name}"
    if kind == "gone":
        del contract["clauses"][name]
    elif kind == "event":
        clause["on"] = dice.choice(EVENTS)
    elif kind == "refuse":
        contract["clauses"]["refuses"] = {"on": words(clause, "on"), "if": dice.choice(GUARDS), "refuse": "EBUSY"}
    else:
        key, more = {"sync": ("do", SYNCS), "guard": ("if", GUARDS), "note": ("then", NOTES)}[kind]
        clause[key] = words(clause, key) + [dice.choice(more)]
    return f"{kind} of {name}"
