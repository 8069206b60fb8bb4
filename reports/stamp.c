#include "reports/stamp.h"

#include <string.h>
#include <time.h>

/* Four digits of a year, and no more. */
#define MOST_SECONDS ((time_t)253402300799)

static const char *format(struct arena *arena, time_t seconds)
{
	char text[32];
	struct tm tm;

	if (seconds < 0 || seconds > MOST_SECONDS || !gmtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return NULL;
	return arena_dup(arena, text);
}

static const char *stamp(struct arena *arena, const struct result *result,
			 uint64_t after_ms)
{
	struct tm tm = {0};
	const char *rest = strptime(result->started, "%Y-%m-%dT%H:%M:%S", &tm);
	time_t begin;

	if (!rest || strcmp(rest, "Z") != 0)
		return NULL;
	begin = timegm(&tm);
	if (after_ms / 1000 > (uint64_t)MOST_SECONDS)
		return NULL;
	return format(arena, begin + (time_t)(after_ms / 1000));
}

const char *stamp_begin(struct arena *arena, const struct result *result)
{
	return stamp(arena, result, 0);
}

const char *stamp_end(struct arena *arena, const struct result *result)
{
	return stamp(arena, result, result->duration_ms);
}
