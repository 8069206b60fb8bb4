#include "model/finding_index.h"

#include <stdlib.h>
#include <string.h>

static int by_fingerprint(const void *a, const void *b, void *context)
{
	const struct finding *findings = context;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int order = strcmp(findings[x].fingerprint, findings[y].fingerprint);

	return order ? order : (x > y) - (x < y);
}

struct finding_index finding_index_of(struct arena *arena,
				      const struct result *result)
{
	size_t n = result->finding_count;
	size_t *sorted = arena_alloc(arena, n * sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] = i;
	if (n)
		qsort_r(sorted, n, sizeof(*sorted), by_fingerprint,
			result->findings);
	return (struct finding_index){result->findings, sorted, n};
}

struct finding *finding_index_find(const struct finding_index *index,
				   const char *fingerprint)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct finding *f =
			&index->findings[index->sorted[middle]];

		if (strcmp(f->fingerprint, fingerprint) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == index->count ||
	    strcmp(index->findings[index->sorted[low]].fingerprint,
		   fingerprint) != 0)
		return NULL;
	return &index->findings[index->sorted[low]];
}
