#include "model/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/stats.h"

static const char *const verdict_names[VERDICT_COUNT] = {
	"none",  "as-expected", "unexpected", "missed", "skipped",
	"clean", "known",       "new",        "failed", "error",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict < VERDICT_COUNT ? verdict : 0];
}

enum verdict verdict_by_name(const char *name)
{
	for (int i = 1; i < VERDICT_COUNT; i++)
		if (!strcmp(verdict_names[i], name))
			return (enum verdict)i;
	return VERDICT_NONE;
}

static const char *const standing_names[STANDING_COUNT] = {"none", "new",
							   "known", "expired"};

const char *standing_name(enum standing standing)
{
	return standing_names[standing < STANDING_COUNT ? standing : 0];
}

enum standing standing_by_name(const char *name)
{
	for (int i = 1; i < STANDING_COUNT; i++)
		if (!strcmp(standing_names[i], name))
			return (enum standing)i;
	return STANDING_NONE;
}

const char *expect_name(enum expect expect)
{
	static const char *const names[] = {"none", "clean", "broken", "blind"};

	return names[expect <= EXPECT_BLIND ? expect : 0];
}

const char *grade_name(enum grade grade)
{
	static const char *const names[] = {"forbidden", "allowed", "required",
					    "none"};

	return names[grade <= GRADE_NONE ? grade : GRADE_NONE];
}

const char *subject_type_name(enum subject_type type)
{
	static const char *const names[] = {"unknown", "scenario", "program",
					    "test", "log"};

	return names[type <= SUBJECT_LOG ? type : 0];
}

void result_stamp(struct result *result)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(result->started, sizeof(result->started), "%Y-%m-%dT%H:%M:%SZ",
		 &tm);
}

void result_release(struct result *result)
{
	arena_release(&result->arena);
	*result = (struct result){0};
}

struct finding *result_finding(const struct result *result,
			       const char *fingerprint)
{
	for (size_t i = 0; i < result->finding_count; i++)
		if (!strcmp(result->findings[i].fingerprint, fingerprint))
			return &result->findings[i];
	return NULL;
}

struct run_finding *run_finding_of(struct arena *arena, struct run *run,
				   const char *fingerprint)
{
	struct run_finding *made;

	for (size_t i = 0; i < run->finding_count; i++)
		if (!strcmp(run->findings[i].fingerprint, fingerprint))
			return &run->findings[i];
	made = arena_push(arena, &run->findings, &run->finding_count,
			  sizeof(*made));
	made->fingerprint = fingerprint;
	made->grade = GRADE_NONE;
	return made;
}

void run_finding_bound(struct run_finding *finding, uint64_t iterations)
{
	struct interval in = stats_interval(finding->hits, iterations);

	finding->low = in.low;
	finding->high = in.high;
}

bool subject_has_report(const struct result *r, const struct subject *s)
{
	for (size_t i = 0; i < s->run_count; i++) {
		for (size_t j = 0; j < s->runs[i].finding_count; j++) {
			const struct finding *f = result_finding(
				r, s->runs[i].findings[j].fingerprint);

			if (f && !f->outcome)
				return true;
		}
	}
	return false;
}

const struct kept *kept_copy(struct arena *arena, const struct kept *kept)
{
	struct kept *copy;

	if (!kept)
		return NULL;
	copy = arena_alloc(arena, sizeof(*copy));
	*copy = *kept;
	copy->file = arena_dup(arena, kept->file);
	copy->strategy = arena_dup(arena, kept->strategy);
	return copy;
}

bool finding_has_kind(const struct finding *finding, enum kind kind)
{
	if (finding->kinds)
		return (finding->kinds >> kind) & 1;
	return finding->report && finding->report->kind == kind;
}

static const char *format(struct arena *arena, const char *fmt, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, args);
	return arena_dup(arena, text);
}

void result_note(struct result *result, const char *fmt, ...)
{
	va_list args;
	const char **note = arena_push(&result->arena, &result->notes,
				       &result->note_count, sizeof(*note));

	va_start(args, fmt);
	*note = format(&result->arena, fmt, args);
	va_end(args);
}

void subject_note(struct result *result, struct subject *subject,
		  const char *fmt, ...)
{
	va_list args;
	const char **note = arena_push(&result->arena, &subject->notes,
				       &subject->note_count, sizeof(*note));

	va_start(args, fmt);
	*note = format(&result->arena, fmt, args);
	va_end(args);
}
