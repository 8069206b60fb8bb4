#include "model/baseline.h"

#include <stdlib.h>
#include <string.h>

void baseline_release(struct baseline *baseline)
{
	arena_release(&baseline->arena);
	*baseline = (struct baseline){0};
}

bool baseline_has_family(const struct baseline_entry *entry, const char *family)
{
	for (size_t i = 0; i < entry->family_count; i++)
		if (!strcmp(entry->families[i], family))
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static int by_identity(const void *a, const void *b)
{
	const struct baseline_entry *x = a, *y = b;
	int order = strcmp(x->fingerprint, y->fingerprint);

	for (size_t i = 0; !order; i++) {
		if (i == x->family_count || i == y->family_count)
			return (x->family_count > y->family_count) -
			       (x->family_count < y->family_count);
		order = strcmp(x->families[i], y->families[i]);
	}
	return order;
}

void baseline_sort(struct baseline *baseline)
{
	for (size_t i = 0; i < baseline->entry_count; i++) {
		struct baseline_entry *e = &baseline->entries[i];

		if (e->family_count)
			qsort(e->families, e->family_count,
			      sizeof(*e->families), by_text);
	}
	if (baseline->entry_count)
		qsort(baseline->entries, baseline->entry_count,
		      sizeof(*baseline->entries), by_identity);
}
