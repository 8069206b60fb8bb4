#include <stdlib.h>

#include "base/stats.h"
#include "reports/text_parts.h"

static enum standing standing_of(const struct sight *sight)
{
	return sight->finding ? sight->finding->standing : STANDING_NONE;
}

bool text_is_known(const struct sight *sight)
{
	return standing_of(sight) == STANDING_KNOWN;
}

static int by_standing(const void *a, const void *b)
{
	static const int ranks[STANDING_COUNT] = {
		[STANDING_NONE] = 2,
		[STANDING_NEW] = 0,
		[STANDING_KNOWN] = 3,
		[STANDING_EXPIRED] = 1,
	};
	const struct sight *x = a, *y = b;
	int order = ranks[standing_of(x)] - ranks[standing_of(y)];

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

size_t text_sort_by_standing(struct text *text, const struct subject *subject,
			     struct sight *sights, size_t count)
{
	size_t known = 0;

	if (count)
		qsort(sights, count, sizeof(*sights), by_standing);
	while (known < count && text_is_known(&sights[count - known - 1]))
		known++;
	/* Known, and what is wrong all the same: worth a look. */
	if (text->options->is_verbose ||
	    (known == count && subject->verdict != VERDICT_KNOWN))
		return count;
	return count - known;
}

void text_standing(struct text *text, const struct finding *finding)
{
	if (finding->standing)
		sheet_prose(text->sheet, 2, "standing  ", "%s%s%s",
			    standing_name(finding->standing),
			    finding->standing_why ? ": " : "",
			    finding->standing_why ? finding->standing_why : "");
}

const char *text_standing_counts(struct arena *arena,
				 const struct result *result)
{
	static const enum standing order[] = {STANDING_NEW, STANDING_EXPIRED,
					      STANDING_KNOWN};
	const char *line = "";

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		size_t n = 0;

		for (size_t j = 0; j < result->finding_count; j++)
			n += result->findings[j].standing == order[i];
		if (n)
			line = arena_printf(
				arena, "%s%s%s %s", line, *line ? ", " : ": ",
				stats_count(arena, n), standing_name(order[i]));
	}
	return line;
}
