# SPDX-License-Identifier: GPL-2.0-only
"""Fetches what guests need of Debian into a folder: kernels with their modules, a static busybox. `fetch.py FOLDER`"""
import pathlib
import re
import subprocess
import sys

# A kernel of the release, and the newest that its backports have: packages by name, the newest of those that match.
KERNELS = {"stable": r"linux-image-6\.1\.0-\d+-amd64", "backports": r"linux-image-6\.12\.\d+\+deb12-amd64-unsigned"}


def newest(pattern):
    names = subprocess.run(["apt-cache", "pkgnames", "linux-image-6.1"], capture_output=True, text=True, check=True).stdout
    found = [n for n in names.split() if re.fullmatch(pattern, n)]
    if not found:
        sys.exit(f"fetch: no package {pattern}: apt-get update, or add Debian's backports to its sources")
    return max(found, key=lambda name: [int(x) for x in re.findall(r"\d+", name)])


def fetch(package, folder):
    """Unpacks it there, once."""
    if (folder / package).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    print(f"fetch: {package}", flush=True)
    subprocess.run(["apt-get", "-qq", "download", package], cwd=folder, check=True)
    archive = next(folder.glob("*.deb"))
    subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    archive.unlink()
    (folder / package).touch()


def main(folder):
    for name, pattern in KERNELS.items():
        fetch(newest(pattern), folder / name)
    fetch("busybox-static", folder / "tools")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: fetch.py FOLDER")
    main(pathlib.Path(sys.argv[1]))
