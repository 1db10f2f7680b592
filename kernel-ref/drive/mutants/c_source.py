# SPDX-License-Identifier: GPL-2.0-only
"""A driver's C source in kernel style, as far as mutants need it: its functions, and which hook each one is."""

import re
from dataclasses import dataclass

# What the dma-buf core calls, by the member of struct dma_buf_ops or struct dma_heap_ops.
HOOKS = ("attach", "detach", "map_dma_buf", "unmap_dma_buf", "begin_cpu_access", "end_cpu_access", "mmap", "vmap",
         "vunmap", "release", "allocate")


@dataclass(frozen=True)
class Function:
    """One definition: `begin` and `end` are the place of its body in the text, without the outer braces."""
    name: str
    begin: int
    end: int


@dataclass(frozen=True)
class Source:
    name: str  # of the file, without `.c`
    text: str

    def functions(self):
        """In kernel style a function begins and ends in the first column."""
        for found in re.finditer(r"^(?:[a-z_][\w \t*]*[ \t*])(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", self.text, re.M | re.S):
            yield Function(found.group(1), found.start(2), found.end(2))

    def hook_of(self, function):
        """The hook that the function is, or its own name."""
        for hook, name in re.findall(r"\.(\w+)\s*=\s*(\w+)", self.text):
            if name == function and hook in HOOKS:
                return hook
        return function
