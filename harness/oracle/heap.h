/*
 * heap.h - the program's malloc and free, watched.  For harness/oracle only.
 */
#ifndef SNAG_ORACLE_HEAP_H
#define SNAG_ORACLE_HEAP_H

#include <stdbool.h>

#include "oracle/blocks.h"

/* tracks: blocks are known, not only freed at schedule points. */
bool heap_open(bool tracks);
/* From now on freed blocks are kept apart. */
void heap_keep(bool is_on);
/* Gives back all that was. */
void heap_release(void);

#endif
