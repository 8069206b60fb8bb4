/*
 * stats.h - what a count of hits says about a rate, and how it is written.
 *
 * Intervals are 95 %: Wilson's score interval (E. B. Wilson, "Probable
 * inference, the law of succession, and statistical inference", JASA 22, 1927)
 * and, where nothing was seen, the exact one-sided bound 1 - 0.05^(1/n) of the
 * binomial distribution (about 3/n, the "rule of three").  They assume equal
 * and independent iterations.  Texts belong to the arena.
 */
#ifndef SNAG_BASE_STATS_H
#define SNAG_BASE_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct interval {
	double low, high; /* 0 to 1 */
};

/* Without iterations nothing is known: 0 to 1. */
struct interval stats_wilson(uint64_t hits, uint64_t iterations);
/* The rate that n iterations without a hit exclude at 95 %; 1 for n = 0. */
double stats_zero_bound(uint64_t iterations);
/* Wilson's interval, or 0 to the exact bound when there are no hits. */
struct interval stats_interval(uint64_t hits, uint64_t iterations);
/* How many iterations show something of that rate at least once with that
 * probability, both within 0 to 1; UINT64_MAX when none would do. */
uint64_t stats_iterations_for(double rate, double probability);
/* Is half the interval's width at most `relative` of the rate?  Never without
 * a hit. */
bool stats_is_known(uint64_t hits, uint64_t iterations, double relative);

/* "1,234,567" */
const char *stats_count(struct arena *arena, uint64_t n);
/* "1 iteration", "1,234 iterations" */
const char *stats_plural(struct arena *arena, uint64_t n, const char *one,
			 const char *many);
/* A share of 0 to 1 with two digits that matter: "41 %", "0.34 %", "99.966 %"
 */
const char *stats_percent(struct arena *arena, double share);
/* "0.34-1.4 %", "below 0.015 %" (low is 0), "above 99.6 %" (high is 1) */
const char *stats_range(struct arena *arena, struct interval interval);
/* "7/1,000 (0.34-1.4 %)", "0/20,000 (below 0.015 %)" */
const char *stats_rate(struct arena *arena, uint64_t hits, uint64_t iterations);

#endif
