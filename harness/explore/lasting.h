/* lasting.h - strategies that go on over batches: see lasting.c. */
#ifndef SNAG_EXPLORE_LASTING_H
#define SNAG_EXPLORE_LASTING_H

#include <snag/wire.h>

#include "explore/strategy.h"

/* In the host, before it forks the batch. */
void lasting_prepare(const struct snag_batch_order *order);
/* In the batch; NULL: its strategy begins with it. */
const struct strategy *lasting_strategy(void **state);

#endif
