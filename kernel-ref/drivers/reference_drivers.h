/* SPDX-License-Identifier: GPL-2.0-only */
/* The project's reference drivers, and the policies of ownership_heap. */
#ifndef CUSTODY_REFERENCE_DRIVERS_H
#define CUSTODY_REFERENCE_DRIVERS_H

int register_heap_helpers_2019(void);
int register_ownership_heap(void);

#endif
