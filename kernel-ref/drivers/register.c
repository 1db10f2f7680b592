/* SPDX-License-Identifier: GPL-2.0-only */
#include "shim.h"

#include "drivers.h"
#include "reference_drivers.h"

void custody_register_drivers(void)
{
	BUG_ON(register_heap_helpers_2019());
	BUG_ON(register_ownership_heap());
}
