/*
 * fault.h - what the oracle found, told to the tool.  For harness/oracle only.
 */
#ifndef SNAG_ORACLE_FAULT_H
#define SNAG_ORACLE_FAULT_H

#include <snag/wire_explore.h>

#include "oracle/blocks.h"

/* The calling thread did it, from that frame; block: which it was about, or
 * NULL.  The iteration ends, and the batch. */
_Noreturn void fault_stop(enum snag_fault_kind kind, uint64_t address,
			  uint64_t size, unsigned how, const uint64_t *frame,
			  const struct block *block);

#endif
