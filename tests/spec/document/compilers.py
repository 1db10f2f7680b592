# SPDX-License-Identifier: BSD-2-Clause
"""C compilers as a kernel's build and as kernel-ref run them, on files that need not become objects."""
import glob
import pathlib
import subprocess


def headers_of_compiler():
    done = subprocess.run(["gcc", "-print-file-name=include"], capture_output=True, text=True, timeout=20, check=True)
    return done.stdout.strip()


def kernel_compiler(file):
    """With the headers of a built kernel (linux-headers-amd64), and the warnings that its Makefile asks for."""
    # Flavours as `cloud-amd64` share the folder that ends with `-common`, but not its name.
    configured = sorted(glob.glob("/usr/src/linux-headers-6.1*[0-9]-amd64"))
    if not configured:
        raise AssertionError("no headers of a kernel in /usr/src: install linux-headers-amd64")
    build = pathlib.Path(configured[-1])
    common = build.parent / build.name.replace("-amd64", "-common")
    folders = [common / "arch/x86/include", build / "arch/x86/include/generated", common / "include", build / "include",
               common / "arch/x86/include/uapi", build / "arch/x86/include/generated/uapi", common / "include/uapi",
               build / "include/generated/uapi"]
    first = [common / "include/linux" / name for name in ("compiler-version.h", "kconfig.h", "compiler_types.h")]
    # Debian's kernel is built without KUnit; the headers are the same.
    words = ["gcc", "-fsyntax-only", "-nostdinc", "-isystem", headers_of_compiler(), "-D__KERNEL__", "-DMODULE",
             "-DCONFIG_KUNIT_MODULE=1", '-DKBUILD_BASENAME="suite"', '-DKBUILD_MODNAME="suite"', "-D__KBUILD_MODNAME=suite",
             "-std=gnu11", "-fshort-wchar", "-funsigned-char", "-fno-common", "-fno-PIE", "-fno-strict-aliasing", "-mno-sse",
             "-mno-80387", "-m64", "-mcmodel=kernel", "-mno-red-zone", "-fcf-protection=none", "-O2", "-Wall", "-Wundef",
             "-Werror=strict-prototypes", "-Werror=implicit-function-declaration", "-Wno-format-security", "-Wno-sign-compare",
             "-Wno-pointer-sign", "-Wvla", "-Wno-address-of-packed-member", "-Wframe-larger-than=2048"]
    for folder in folders:
        words.append(f"-I{folder}")
    for header in first:
        words += ["-include", header]
    return subprocess.run([*words, file], capture_output=True, text=True, timeout=60, check=False)


def shim_compiler(build, files):
    """With the headers and flags of custody-drive, and warnings as errors."""
    home = build / "libexec/custody"
    flags = (home / "flags").read_text().replace("@HOME@", str(home)).replace("@HEADERS@", headers_of_compiler()).split("\n")
    plain = [flag for flag in flags if flag and "sanitize" not in flag and "param=asan" not in flag and flag != "-g1"]
    return subprocess.run(["gcc", *plain, "-I", home, '-DKBUILD_MODNAME="suite"', "-fsyntax-only", "-Wall", "-Wextra",
                           "-Wno-unused-parameter", "-Werror", *files], capture_output=True, text=True, timeout=200, check=False)
