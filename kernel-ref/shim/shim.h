/* SPDX-License-Identifier: GPL-2.0-only */
/* What every header of the kernel that is not taken as it is stands for. The build makes a forwarder to it for each
 * such name (kernel-ref/shim/headers.cmake). */
#ifndef CUSTODY_SHIM_SHIM_H
#define CUSTODY_SHIM_SHIM_H

#include "base.h"
#include "lock.h"
#include "memory.h"
#include "file.h"
#include "device.h"

#endif
