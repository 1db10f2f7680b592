# SPDX-License-Identifier: GPL-2.0-only
"""Kernels, and a virtual machine that runs a job in one of them: `Machine(kernel, custody).run(job, folder)`."""
import glob
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import initramfs

HERE = pathlib.Path(__file__).parent
# Drivers of the guest that are modules in a distribution's kernel, and those that they need.
MODULES = ["virtio_pci", "9pnet_virtio", "9p", "vgem", "vivid"]
NEEDS = {"qemu-system-x86_64": "qemu-system-x86", "depmod": "kmod", "gcc": "gcc"}


class Missing(Exception):
    """Something is not here that a guest needs; says what, and how to get it."""


def tool(name):
    path = shutil.which(name)
    if path is None:
        raise Missing(f"{name} is missing: apt-get install {NEEDS.get(name, name)}, or ./dev capture")
    return path


def static_busybox(fetched):
    """The guest has no libraries for another one; the package busybox-static would take the place of busybox."""
    for path in (f"{fetched}/bin/busybox", "/usr/bin/busybox", "/bin/busybox"):
        if os.path.exists(path) and not initramfs.libraries(path):
            return path
    raise Missing("a static busybox is missing: ./dev capture fetches it")


class Kernel:
    """A kernel's image and modules: an unpacked package of Debian, or a build."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        images = sorted(glob.glob(f"{root}/boot/vmlinuz-*"))
        if not images:
            raise Missing(f"{root} has no boot/vmlinuz-*: ./dev capture fetches kernels")
        self.image = images[-1]
        self.release = self.image.split("vmlinuz-", 1)[1]

    def modules(self):
        """Files of MODULES and what they need, and the tables by which modprobe finds them."""
        folder = self.root / "lib/modules" / self.release
        if not folder.exists():
            return {}
        subprocess.run([tool("depmod"), "-b", self.root, self.release], check=True, capture_output=True)
        needed, files = {}, {}
        for line in (folder / "modules.dep").read_text().splitlines():
            path, others = line.split(":", 1)
            needed[re.sub(r"\.ko.*", "", os.path.basename(path)).replace("-", "_")] = [path, *others.split()]
        for name in MODULES:
            for path in needed.get(name, []):
                files[f"/lib/modules/{self.release}/{path}"] = folder / path
        for table in ("modules.dep", "modules.alias", "modules.builtin", "modules.symbols", "modules.order"):
            if (folder / table).exists():
                files[f"/lib/modules/{self.release}/{table}"] = folder / table
        return files


class Machine:
    def __init__(self, kernel, programs, work, fetched):
        """`programs`: more that the guest has in /bin, by name; `work`: a folder for what is made; `fetched`: one with
        what is of Debian's."""
        self.kernel, self.work = kernel, pathlib.Path(work)
        self.work.mkdir(parents=True, exist_ok=True)
        scenario = self.work / "scenario"
        subprocess.run([tool("gcc"), "-O1", "-static", "-o", scenario, HERE / "scenario.c"], check=True)
        files = {"/init": HERE / "guest.sh", "/bin/busybox": static_busybox(fetched), "/bin/sh": static_busybox(fetched),
                 "/bin/scenario": scenario, **kernel.modules()}
        for name, path in programs.items():
            files[f"/bin/{name}"] = path
            files.update(initramfs.libraries(path))
        self.initramfs = self.work / f"initramfs-{kernel.release}.gz"
        initramfs.write(self.initramfs, files)

    def run(self, job, folder, cpus=2, seconds=1500):
        """Runs the shell script `job` in a guest whose /host is `folder`; its status and what it said. The console and
        the kernel's log are files there."""
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "job.sh").write_text(job)
        # Software emulation by default: /dev/kvm can be there and not work, as inside another virtual machine.
        accelerator = os.environ.get("CUSTODY_VM_ACCEL", "tcg")
        command = [tool("qemu-system-x86_64"), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                   "-m", "1024", "-smp", str(cpus), "-accel", accelerator, "-cpu", "qemu64",
                   "-kernel", self.kernel.image, "-initrd", self.initramfs,
                   "-append", "console=ttyS0 panic=-1 quiet loglevel=1 vivid.allocators=1 vivid.n_devs=1 vivid.node_types=1",
                   "-serial", f"file:{folder}/console.log", "-virtfs",
                   f"local,path={folder},mount_tag=host,security_model=none"]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                                  timeout=seconds)
        except subprocess.TimeoutExpired as late:
            raise AssertionError(f"the guest did not end; see {folder}/console.log") from late
        if not (folder / "status").exists():
            raise AssertionError(f"the guest said nothing: {done.stderr}; see {folder}/console.log")
        return int((folder / "status").read_text()), (folder / "job.log").read_text()


def scratch():
    return tempfile.TemporaryDirectory(prefix="custody-vm-")
