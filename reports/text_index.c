#include <stdlib.h>
#include <string.h>

#include "reports/text_parts.h"

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

static void find_first(struct text *text)
{
	const struct result *result = text->result;
	size_t n = result->subject_count;
	const struct subject **sorted =
		arena_alloc(&text->arena, n * sizeof(*sorted));

	text->is_first = arena_alloc(&text->arena, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &result->subjects[i];
	if (n)
		qsort(sorted, n, sizeof(*sorted), subjects_by_id);
	for (size_t i = 0; i < n; i++)
		text->is_first[sorted[i] - result->subjects] =
			!i || strcmp(sorted[i - 1]->id, sorted[i]->id) != 0;
}

struct text text_begin(const struct result *result, struct sheet *sheet,
		       const struct render_options *options)
{
	struct text text = {
		.result = result, .options = options, .sheet = sheet};
	size_t n = result->finding_count;

	text.by_fingerprint =
		arena_alloc(&text.arena, n * sizeof(*text.by_fingerprint));
	text.by_subject =
		arena_alloc(&text.arena, n * sizeof(*text.by_subject));
	for (size_t i = 0; i < n; i++)
		text.by_fingerprint[i] = text.by_subject[i] =
			&result->findings[i];
	if (n) {
		qsort(text.by_fingerprint, n, sizeof(*text.by_fingerprint),
		      by_fingerprint);
		qsort(text.by_subject, n, sizeof(*text.by_subject), by_subject);
	}
	find_first(&text);
	return text;
}

void text_end(struct text *text)
{
	arena_release(&text->arena);
}

const struct finding *text_finding(const struct text *text,
				   const char *fingerprint)
{
	const struct finding wanted = {.fingerprint = fingerprint};
	const struct finding *key = &wanted, **found;

	if (!text->result->finding_count)
		return NULL;
	found = bsearch(&key, text->by_fingerprint, text->result->finding_count,
			sizeof(*text->by_fingerprint), by_fingerprint);
	return found ? *found : NULL;
}

bool text_has_scenarios(const struct result *result)
{
	for (size_t i = 0; i < result->subject_count; i++)
		if (result->subjects[i].type == SUBJECT_SCENARIO)
			return true;
	return !result->subject_count;
}

uint64_t text_iterations(const struct subject *subject)
{
	uint64_t n = 0;

	for (size_t i = 0; i < subject->run_count; i++)
		n += subject->runs[i].iterations;
	return n;
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
static void add_own(struct text *text, const struct subject *subject,
		    struct sight **sights, size_t *count)
{
	size_t n = text->result->finding_count, low = 0, high = n;

	if (!text->is_first[subject - text->result->subjects])
		return;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(subject_of(text->by_subject[middle]), subject->id) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	for (;
	     low < n && !strcmp(subject_of(text->by_subject[low]), subject->id);
	     low++) {
		struct sight *one =
			arena_push(&text->arena, sights, count, sizeof(*one));

		one->finding = text->by_subject[low];
		one->fingerprint = one->finding->fingerprint;
		one->grade = GRADE_NONE;
		one->order = *count;
	}
}

static void add_run(struct text *text, const struct run *run,
		    struct sight **sights, size_t *count)
{
	for (size_t i = 0; i < run->finding_count; i++) {
		const struct run_finding *seen = &run->findings[i];
		struct sight *one =
			arena_push(&text->arena, sights, count, sizeof(*one));

		one->finding = text_finding(text, seen->fingerprint);
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

struct sight *text_sights(struct text *text, const struct subject *subject,
			  size_t *count)
{
	struct sight *sights = NULL;
	size_t all = 0, kept = 0;

	for (size_t i = 0; i < subject->run_count; i++)
		add_run(text, &subject->runs[i], &sights, &all);
	add_own(text, subject, &sights, &all);
	if (all)
		qsort(sights, all, sizeof(*sights), sights_by_fingerprint);
	for (size_t i = 0; i < all; i++) {
		struct sight *last = kept ? &sights[kept - 1] : NULL;

		if (!last ||
		    strcmp(last->fingerprint, sights[i].fingerprint) != 0) {
			sights[kept++] = sights[i];
			continue;
		}
		last->hits += sights[i].hits;
		last->iterations += sights[i].iterations;
		if (gravity(sights[i].grade) > gravity(last->grade)) {
			last->grade = sights[i].grade;
			last->why = sights[i].why;
		}
	}
	if (kept)
		qsort(sights, kept, sizeof(*sights), sights_by_order);
	*count = kept;
	return sights;
}
