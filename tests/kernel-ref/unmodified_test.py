# SPDX-License-Identifier: BSD-2-Clause
"""The kernel's files that were built are those of the tarball: unmodified_test.py TARBALL UNPACKED BUILD_FILE."""

import sys
import tarfile

FILES = [
    "drivers/dma-buf/" + name
    for name in (
        "dma-buf.c dma-fence-array.c dma-fence-chain.c dma-fence-unwrap.c dma-fence.c dma-heap.c dma-resv.c "
        "heaps/cma_heap.c heaps/system_heap.c sync_file.c udmabuf.c"
    ).split()
] + ["lib/scatterlist.c"]
# Built when they are driven.
DRIVEN = [
    "drivers/media/common/videobuf2/videobuf2-dma-contig.c",
    "drivers/media/common/videobuf2/videobuf2-dma-sg.c",
    "drivers/media/common/videobuf2/videobuf2-memops.c",
]


def main(tarball, unpacked, build_file):
    with open(build_file, encoding="utf-8") as file:
        built = file.read()
    problems = [f"{path} is not built" for path in FILES if f"{unpacked}/{path}" not in built]
    wanted = {"linux-source-6.1/" + path: path for path in FILES + DRIVEN}
    with tarfile.open(tarball, "r|xz") as archive:
        for member in archive:
            path = wanted.pop(member.name, None)
            if path is None:
                continue
            with open(f"{unpacked}/{path}", "rb") as file:
                if file.read() != archive.extractfile(member).read():
                    problems.append(f"{path} differs from {tarball}")
            if not wanted:
                break
    problems += [f"{path} is not in {tarball}" for path in wanted.values()]
    print("\n".join(problems) or f"{len(FILES + DRIVEN)} files, unmodified")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
