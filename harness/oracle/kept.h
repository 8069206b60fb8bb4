/*
 * kept.h - freed blocks that are kept apart, the oldest given back first when
 * there are too many.  For harness/oracle only.
 */
#ifndef SNAG_ORACLE_KEPT_H
#define SNAG_ORACLE_KEPT_H

#include "oracle/blocks.h"

enum { KEPT_BLOCKS = 64 * 1024, KEPT_BYTES = 64 * 1024 * 1024 };

bool kept_open(void);
void kept_add(const struct block *block);
void kept_release_all(void);

#endif
