/* SPDX-License-Identifier: GPL-2.0-only */
/* The project's own reference drivers: each registers a heap, as the kernel's heaps do. */
#ifndef CUSTODY_DRIVERS_H
#define CUSTODY_DRIVERS_H

void custody_register_drivers(void);

#endif
