/*
 * members.h - the strategies by name, and what their init functions share.
 */
#ifndef SNAG_STRATEGY_MEMBERS_H
#define SNAG_STRATEGY_MEMBERS_H

#include <stddef.h>

#include "explore/strategy.h"

/* No thread has a number as high as this. */
enum { STRATEGY_THREADS = 1 << 16 };

/* So many choices may pass a thread over by a strategy's own decision: what
 * goes on meanwhile may be a loop until that thread has done something. */
enum { STRATEGY_PATIENCE = 10000 };

extern const struct strategy strategy_uniform, strategy_pct, strategy_pos,
	strategy_surw, strategy_rff, strategy_dfs, strategy_portfolio,
	strategy_target;

/* Decimal digits into *number, which stays what it was when text is NULL.
 * False: that is no number from `least` to `most`. */
bool strategy_read_number(const char *text, unsigned least, unsigned most,
			  unsigned *number);

/* Zeroed memory, given when it is first touched; NULL: there is none. */
void *strategy_map(size_t bytes, bool is_shared);

/* Where `thread` stands in view->runnable; -1: it is not there. */
static inline int strategy_find(const struct strategy_view *view,
				unsigned thread)
{
	for (unsigned i = 0; i < view->runnable_count; i++)
		if (view->runnable[i] == thread)
			return (int)i;
	return -1;
}

#endif
