#include "campaign/describe.h"

#include <snag/scenario.h>
#include <string.h>

#include "base/text.h"

/* The wire carries the numbers of the public header. */
_Static_assert((int)KIND_DATA_RACE == (int)SNAG_DATA_RACE, "kinds");
_Static_assert((int)KIND_MUTEX_WRONG_CONTEXT == (int)SNAG_MUTEX_WRONG_CONTEXT,
	       "kinds");
_Static_assert((int)KIND_LOCK_INVERSION == (int)SNAG_LOCK_INVERSION, "kinds");
_Static_assert((int)EXPECT_BLIND == (int)SNAG_BLIND, "expectations");
_Static_assert((int)GRADE_REQUIRED == (int)SNAG_REQUIRED, "grades");
_Static_assert((int)ENGINE_EXPLORE == (int)SNAG_EXPLORE, "engines");

enum { MAX_LINES = 64 };

static const char *const practices[] = {
	[SNAG_IMMUTABLE] = "immutable",
	[SNAG_THREAD_SAFE_COLLECTION] = "thread-safe-collection",
	[SNAG_PARTITION] = "partition",
	[SNAG_EXECUTOR] = "executor",
	[SNAG_MESSAGE_PASSING] = "message-passing",
	[SNAG_LOCKING] = "locking",
	[SNAG_ATOMICS] = "atomics",
	[SNAG_LIFETIME] = "lifetime",
};

static const char *read_text(struct snag_payload *in, struct arena *arena)
{
	size_t len;
	const char *text = snag_get_str(in, &len);

	return text ? text_clean(arena, text, len, true) : NULL;
}

static void read_tags(struct snag_payload *in, struct arena *arena,
		      struct subject *s)
{
	const char *text = read_text(in, arena);

	while (text && *text) {
		size_t len = strcspn(text, " ");

		if (len) {
			const char **tag = arena_push(
				arena, &s->tags, &s->tag_count, sizeof(*tag));

			*tag = arena_dup_n(arena, text, len);
		}
		text += len + (text[len] == ' ');
	}
}

static void read_refs(struct snag_payload *in, struct arena *arena,
		      struct subject *s)
{
	for (int i = 0; i < SNAG_MAX_REFS; i++) {
		const char *text = read_text(in, arena);

		if (text) {
			const char **ref = arena_push(
				arena, &s->refs, &s->ref_count, sizeof(*ref));

			*ref = text;
		}
	}
}

static void read_roles(struct snag_payload *in, struct arena *arena,
		       struct scenario_facts *facts)
{
	facts->role_count = snag_get_u32(in);
	if (facts->role_count > SNAG_SHARED_ROLES) {
		facts->role_count = 0;
		in->is_bad = true;
	}
	for (uint32_t i = 0; i < facts->role_count; i++)
		facts->role_names[i] = read_text(in, arena);
}

static void read_reports(struct snag_payload *in, struct arena *arena,
			 struct subject *s)
{
	uint32_t count = snag_get_u32(in);

	if (count > MAX_LINES)
		in->is_bad = true;
	for (uint32_t i = 0; i < count && !in->is_bad; i++) {
		struct expected_report *r =
			arena_push(arena, &s->expected_reports,
				   &s->expected_report_count, sizeof(*r));

		r->kind = (enum kind)snag_get_u32(in);
		r->grade = (enum grade)snag_get_u32(in);
		r->engines = snag_get_u32(in);
		r->cause = read_text(in, arena);
		r->between[0] = read_text(in, arena);
		r->between[1] = read_text(in, arena);
		r->why = read_text(in, arena);
		if (r->kind > KIND_MUTEX_WRONG_CONTEXT ||
		    r->grade > GRADE_REQUIRED)
			in->is_bad = true;
	}
}

static void read_outcomes(struct snag_payload *in, struct arena *arena,
			  struct subject *s)
{
	uint32_t count = snag_get_u32(in);

	if (count > MAX_LINES)
		in->is_bad = true;
	for (uint32_t i = 0; i < count && !in->is_bad; i++) {
		struct expected_outcome *o =
			arena_push(arena, &s->expected_outcomes,
				   &s->expected_outcome_count, sizeof(*o));

		o->when = read_text(in, arena);
		o->grade = (enum grade)snag_get_u32(in);
		o->engines = snag_get_u32(in);
		o->why = read_text(in, arena);
		o->cause = read_text(in, arena);
		if (!o->when || o->grade > GRADE_REQUIRED)
			in->is_bad = true;
	}
}

bool describe_read(struct snag_payload *in, struct arena *arena,
		   struct subject *s, struct scenario_facts *facts)
{
	uint32_t practice, expect;

	s->type = SUBJECT_SCENARIO;
	s->id = read_text(in, arena);
	s->file = read_text(in, arena);
	s->line = snag_get_u32(in);
	facts->is_instrumented = snag_get_u32(in) != 0;
	facts->problem = read_text(in, arena);
	facts->skip_reason = read_text(in, arena);
	s->summary = read_text(in, arena);
	s->lesson = read_text(in, arena);
	s->in_python = read_text(in, arena);
	s->repairs = read_text(in, arena);
	read_tags(in, arena, s);
	read_refs(in, arena, s);
	practice = snag_get_u32(in);
	expect = snag_get_u32(in);
	facts->timeout_ms = snag_get_u32(in);
	read_roles(in, arena, facts);
	facts->fixed_threads = snag_get_u32(in);
	facts->shared_roles = snag_get_u32(in);
	facts->least_threads = snag_get_u32(in);
	read_reports(in, arena, s);
	read_outcomes(in, arena, s);
	if (practice && practice < sizeof(practices) / sizeof(practices[0]))
		s->practice = practices[practice];
	s->expect = expect <= EXPECT_BLIND ? (enum expect)expect : EXPECT_NONE;
	return !in->is_bad && s->id && s->file;
}
