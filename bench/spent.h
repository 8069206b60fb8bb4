/*
 * spent.h - processor time: what programs that share one processor with others
 * are compared by.
 */
#ifndef SNAG_BENCH_SPENT_H
#define SNAG_BENCH_SPENT_H

#include <sys/resource.h>

/* Seconds, of this process and of its children that have ended. */
static inline double spent_seconds(void)
{
	struct rusage own, children;

	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &children);
	return (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec +
			children.ru_utime.tv_sec + children.ru_stime.tv_sec) +
	       (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec +
			children.ru_utime.tv_usec + children.ru_stime.tv_usec) /
		       1e6;
}

#endif
