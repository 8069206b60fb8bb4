#include <stdlib.h>
#include <string.h>

#include "reports/sights.h"

static int by_fingerprint(const void *a, const void *b)
{
	const struct finding *const *x = a, *const *y = b;

	return strcmp((*x)->fingerprint, (*y)->fingerprint);
}

static const char *subject_of(const struct finding *finding)
{
	return finding->subject ? finding->subject : "";
}

static int by_subject(const void *a, const void *b)
{
	const struct finding *const *x = a, *const *y = b;
	int order = strcmp(subject_of(*x), subject_of(*y));

	return order ? order : by_fingerprint(a, b);
}

static int subjects_by_id(const void *a, const void *b)
{
	const struct subject *const *x = a, *const *y = b;
	int order = strcmp((*x)->id, (*y)->id);

	return order ? order : (*x > *y) - (*x < *y);
}

static void find_first(struct sights *sights)
{
	const struct result *result = sights->result;
	size_t n = result->subject_count;
	const struct subject **sorted =
		arena_alloc(&sights->arena, n * sizeof(*sorted));

	sights->is_first = arena_alloc(&sights->arena, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &result->subjects[i];
	if (n)
		qsort(sorted, n, sizeof(*sorted), subjects_by_id);
	for (size_t i = 0; i < n; i++)
		sights->is_first[sorted[i] - result->subjects] =
			!i || strcmp(sorted[i - 1]->id, sorted[i]->id) != 0;
}

struct sights sights_begin(const struct result *result)
{
	struct sights sights = {.result = result};
	size_t n = result->finding_count;

	sights.by_fingerprint =
		arena_alloc(&sights.arena, n * sizeof(*sights.by_fingerprint));
	sights.by_subject =
		arena_alloc(&sights.arena, n * sizeof(*sights.by_subject));
	for (size_t i = 0; i < n; i++)
		sights.by_fingerprint[i] = sights.by_subject[i] =
			&result->findings[i];
	if (n) {
		qsort(sights.by_fingerprint, n, sizeof(*sights.by_fingerprint),
		      by_fingerprint);
		qsort(sights.by_subject, n, sizeof(*sights.by_subject),
		      by_subject);
	}
	find_first(&sights);
	return sights;
}

void sights_end(struct sights *sights)
{
	arena_release(&sights->arena);
}

const struct finding *sights_finding(const struct sights *sights,
				     const char *fingerprint)
{
	const struct finding wanted = {.fingerprint = fingerprint};
	const struct finding *key = &wanted, **found;

	if (!sights->result->finding_count)
		return NULL;
	found = bsearch(&key, sights->by_fingerprint,
			sights->result->finding_count,
			sizeof(*sights->by_fingerprint), by_fingerprint);
	return found ? *found : NULL;
}

static int sights_by_fingerprint(const void *a, const void *b)
{
	const struct sight *x = a, *y = b;
	int order = strcmp(x->fingerprint, y->fingerprint);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static int sights_by_order(const void *a, const void *b)
{
	const struct sight *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

/* What judge could not see in runs: the findings of a log, which has none. */
static void add_own(struct sights *sights, const struct subject *subject,
		    struct sight **list, size_t *count)
{
	size_t n = sights->result->finding_count, low = 0, high = n;

	if (!sights->is_first[subject - sights->result->subjects])
		return;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(subject_of(sights->by_subject[middle]),
			   subject->id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n &&
	       !strcmp(subject_of(sights->by_subject[low]), subject->id);
	     low++) {
		struct sight *one =
			arena_push(&sights->arena, list, count, sizeof(*one));

		one->finding = sights->by_subject[low];
		one->fingerprint = one->finding->fingerprint;
		one->grade = GRADE_NONE;
		one->order = *count;
	}
}

static void add_run(struct sights *sights, const struct run *run,
		    struct sight **list, size_t *count)
{
	for (size_t i = 0; i < run->finding_count; i++) {
		const struct run_finding *seen = &run->findings[i];
		struct sight *one =
			arena_push(&sights->arena, list, count, sizeof(*one));

		one->finding = sights_finding(sights, seen->fingerprint);
		one->fingerprint = seen->fingerprint;
		one->hits = seen->hits;
		one->iterations = run->iterations;
		one->grade = seen->grade;
		one->why = seen->why;
		one->order = *count;
	}
}

/* The gravest first: forbidden, required, allowed, not judged. */
static int gravity(enum grade grade)
{
	return grade == GRADE_FORBIDDEN  ? 3
	       : grade == GRADE_REQUIRED ? 2
	       : grade == GRADE_ALLOWED  ? 1
					 : 0;
}

struct sight *sights_of(struct sights *sights, const struct subject *subject,
			size_t *count)
{
	struct sight *list = NULL;
	size_t all = 0, kept = 0;

	for (size_t i = 0; i < subject->run_count; i++)
		add_run(sights, &subject->runs[i], &list, &all);
	add_own(sights, subject, &list, &all);
	if (all)
		qsort(list, all, sizeof(*list), sights_by_fingerprint);
	for (size_t i = 0; i < all; i++) {
		struct sight *last = kept ? &list[kept - 1] : NULL;

		if (!last ||
		    strcmp(last->fingerprint, list[i].fingerprint) != 0) {
			list[kept++] = list[i];
			continue;
		}
		last->hits += list[i].hits;
		last->iterations += list[i].iterations;
		if (gravity(list[i].grade) > gravity(last->grade)) {
			last->grade = list[i].grade;
			last->why = list[i].why;
		}
	}
	if (kept)
		qsort(list, kept, sizeof(*list), sights_by_order);
	*count = kept;
	return list;
}
