#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# /init of the guest: mounts what a Linux has, loads drivers, runs what /host/job.sh says, and ends the machine.
export PATH=/bin
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /tmp /host
mount -t proc nodev /proc
mount -t sysfs nodev /sys
mount -t devtmpfs nodev /dev
mount -t tracefs nodev /sys/kernel/tracing
mount -t tmpfs nodev /tmp
for m in virtio_pci 9pnet_virtio 9p; do modprobe "$m" 2>/dev/null; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 host /host || echo "guest: no folder of the host"
modprobe vgem 2>/dev/null
modprobe vivid allocators=1 n_devs=1 node_types=0x1 2>/dev/null
cd /host && sh ./job.sh >job.log 2>&1
echo "$?" >status
dmesg >kernel.log
sync
poweroff -f
