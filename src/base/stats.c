#include "base/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The 97.5 % point of the normal distribution. */
static const double z = 1.959963984540054;

enum { MOST_DECIMALS = 6 };

struct interval stats_wilson(uint64_t hits, uint64_t iterations)
{
	double n = (double)iterations, p, middle, half, scale;

	if (!iterations)
		return (struct interval){0, 1};
	if (hits > iterations)
		hits = iterations;
	p = (double)hits / n;
	scale = 1 + z * z / n;
	middle = (p + z * z / (2 * n)) / scale;
	half = z / scale * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	/* The ends are exact; rounding would leave them a little off. */
	return (struct interval){
		hits == 0 ? 0 : middle - half,
		hits == iterations ? 1 : middle + half,
	};
}

double stats_zero_bound(uint64_t iterations)
{
	return iterations ? -expm1(log(0.05) / (double)iterations) : 1;
}

struct interval stats_interval(uint64_t hits, uint64_t iterations)
{
	if (hits)
		return stats_wilson(hits, iterations);
	return (struct interval){0, stats_zero_bound(iterations)};
}

uint64_t stats_iterations_for(double rate, double probability)
{
	double n;

	if (!(rate > 0) || !(probability < 1))
		return UINT64_MAX;
	if (rate >= 1 || probability <= 0)
		return 1;
	n = log1p(-probability) / log1p(-rate);
	/* A rate that was itself made of n gives n, not n + 1. */
	n = ceil(n * (1 - 1e-12));
	return n < 1 ? 1 : n < 0x1p63 ? (uint64_t)n : UINT64_MAX;
}

bool stats_is_known(uint64_t hits, uint64_t iterations, double relative)
{
	struct interval in = stats_wilson(hits, iterations);

	return hits && iterations &&
	       (in.high - in.low) / 2 <=
		       relative * ((double)hits / (double)iterations);
}

const char *stats_count(struct arena *arena, uint64_t n)
{
	char digits[32], out[48];
	int len =
		snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	char *o = out;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*o++ = ',';
		*o++ = digits[i];
	}
	return arena_dup_n(arena, out, (size_t)(o - out));
}

const char *stats_plural(struct arena *arena, uint64_t n, const char *one,
			 const char *many)
{
	return arena_printf(arena, "%s %s", stats_count(arena, n),
			    n == 1 ? one : many);
}

/* So many decimals that two digits matter, from either end: of 0.0342 both,
 * of 99.966 the last two. */
static int decimals_for(double percent)
{
	double rest = percent > 50 ? 100 - percent : percent;
	int n = 0;

	while (n < MOST_DECIMALS && rest > 0 && rest < 9.95) {
		rest *= 10;
		n++;
	}
	return n;
}

/* Without the sign.  What is too small for decimals gets an exponent; what is
 * not quite all never reads "100". */
static const char *number(struct arena *arena, double percent, int decimals)
{
	char text[32];

	if (percent > 0 && percent < 1e-5)
		return arena_printf(arena, "%.1e", percent);
	snprintf(text, sizeof(text), "%.*f", decimals, percent);
	if (percent < 100 && !strncmp(text, "100", 3))
		snprintf(text, sizeof(text), "%.*f", MOST_DECIMALS, 99.999999);
	return arena_dup(arena, text);
}

const char *stats_percent(struct arena *arena, double share)
{
	double percent = share * 100;

	return arena_printf(arena, "%s %%",
			    number(arena, percent, decimals_for(percent)));
}

const char *stats_range(struct arena *arena, struct interval interval)
{
	double low = interval.low * 100, high = interval.high * 100;
	const char *from, *to;
	int more = 0;

	if (low <= 0 && high >= 100)
		return "unknown";
	if (low <= 0)
		return arena_printf(arena, "below %s",
				    stats_percent(arena, interval.high));
	if (high >= 100)
		return arena_printf(arena, "above %s",
				    stats_percent(arena, interval.low));
	do {
		from = number(arena, low, decimals_for(low) + more);
		to = number(arena, high, decimals_for(high) + more);
	} while (!strcmp(from, to) && ++more <= MOST_DECIMALS);
	return arena_printf(arena, "%s-%s %%", from, to);
}

const char *stats_rate(struct arena *arena, uint64_t hits, uint64_t iterations)
{
	return arena_printf(
		arena, "%s/%s (%s)", stats_count(arena, hits),
		stats_count(arena, iterations),
		stats_range(arena, stats_interval(hits, iterations)));
}
