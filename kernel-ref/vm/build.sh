#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Builds a small x86_64 kernel of Debian's linux-source-6.1, with what kernel.config asks for: build.sh FOLDER. The image
# is FOLDER/small/boot/vmlinuz-*, its debug information FOLDER/small/vmlinux. Once; a changed configuration builds again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/small/boot"
to=$(cd "$1/small" && pwd)
if cmp -s "$here/kernel.config" "$to/kernel.config"; then exit 0; fi
rm -rf "$to/source" "$to/build"
mkdir -p "$to/source" "$to/build"
tar xJf /usr/src/linux-source-6.1.tar.xz --strip-components=1 -C "$to/source"
cd "$to/source"
make -s O=../build ARCH=x86_64 tinyconfig
scripts/kconfig/merge_config.sh -m -O ../build ../build/.config "$here/kernel.config" >/dev/null
make -s O=../build ARCH=x86_64 olddefconfig
grep '^CONFIG\|^# CONFIG' "$here/kernel.config" | while IFS= read -r line; do
  grep -qxF "$line" ../build/.config || echo "build: the kernel does not take: $line" >&2
done
make -s O=../build ARCH=x86_64 -j"$(nproc)" bzImage
rm -f "$to"/boot/vmlinuz-*
cp ../build/arch/x86/boot/bzImage "$to/boot/vmlinuz-$(make -s O=../build kernelrelease)"
cp ../build/vmlinux "$to/vmlinux"
rm -rf "$to/source" "$to/build"
cp "$here/kernel.config" "$to/kernel.config"
