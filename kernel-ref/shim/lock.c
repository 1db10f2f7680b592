/* SPDX-License-Identifier: GPL-2.0-only */
/* Taking and dropping of locks: the places at which the machine may let another task run. */
#include "shim.h"
#include "machine_abi.h"

#ifdef SHIM_ANY_DRIVER
int shim_marked;
#endif

enum { WRITER = 1, READER = 2 };

void shim_take(int *held)
{
	machine_before_take(held);
	BUG_ON(*held);
	*held = WRITER;
	machine_after_take(held);
}

void shim_drop(int *held)
{
	BUG_ON(*held != WRITER);
	*held = 0;
	machine_after_drop(held);
}

int shim_try(int *held)
{
	if (*held)
		return 0;
	shim_take(held);
	return 1;
}

/* Readers of one task do not nest; two tasks that read take turns, which hides no order of their calls. */
void shim_take_shared(int *held)
{
	machine_before_take(held);
	BUG_ON(*held == WRITER);
	*held += READER;
	machine_after_take(held);
}

void shim_drop_shared(int *held)
{
	BUG_ON(*held < READER);
	*held -= READER;
	machine_after_drop(held);
}
