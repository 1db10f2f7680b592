/* SPDX-License-Identifier: GPL-2.0-only */
/* What the review left open, one field each. A buffer keeps the policy that was set when it was allocated. */
#ifndef CUSTODY_OWNERSHIP_POLICY_H
#define CUSTODY_OWNERSHIP_POLICY_H

#ifdef __cplusplus
extern "C" {
#endif

struct ownership_policy {
	unsigned char lazy;		    /* an operation only before the access that needs it */
	unsigned char end_sync;		    /* an operation when device ownership ends */
	unsigned char until_last_detach;    /* device ownership ends at the last detach, not at the last unmap */
	unsigned char refuse_unattached;    /* CPU access with no device attached is refused */
	unsigned char refuse_map_in_window; /* map while a window is open is refused */
};

extern struct ownership_policy ownership_heap_policy; /* of buffers allocated from now on */

#ifdef __cplusplus
}
#endif

#endif
