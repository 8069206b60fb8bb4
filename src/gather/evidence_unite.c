/*
 * Pieces of the same thing into one subject, and what is to be said of it.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/buf.h"
#include "base/text.h"
#include "gather/evidence_part.h"
#include "judge/verdict.h"

enum { KEY_BYTES = 256 * 1024 };

/* Pieces with the same key. */
struct group {
	const char *key;
	const struct piece **pieces;
	size_t count;
	bool is_done;
	UT_hash_handle hh;
};

struct uniting {
	struct evidence *e;
	const struct evidence_terms *terms;
	struct arena arena;
	struct group *groups; /* in the order in which they were met */
	bool *is_used;        /* beside each glob */
};

static void add_part(struct buf *key, const char *text)
{
	buf_puts(key, text ? text : "");
	buf_puts(key, "\n");
}

static void add_source(struct buf *key, const struct subject *s)
{
	if (!s->source_count)
		return;
	add_part(key, s->sources[0].command);
	for (size_t i = 0; i < s->sources[0].environment_count; i++)
		add_part(key, s->sources[0].environment[i]);
}

bool evidence_is_plain_id(const struct subject *s)
{
	const char *command = s->source_count ? s->sources[0].command : NULL;
	struct buf word;
	bool is_it;

	if (!command)
		return false;
	buf_init(&word, KEY_BYTES);
	text_quote(&word, s->id);
	is_it = !strncmp(command, word.data, word.len) &&
		(!command[word.len] || command[word.len] == ' ');
	buf_release(&word);
	return is_it || !strncmp(command, s->id, strlen(s->id));
}

/* Logs have names like "build.log" and nothing else: each is its own. */
static const char *key_of(struct uniting *u, size_t index)
{
	const struct piece *piece = &u->e->pieces[index];
	const struct subject *s = piece->subject;
	struct buf key;
	const char *text;

	buf_init(&key, KEY_BYTES);
	buf_printf(&key, "%d\n", (int)s->type);
	if (piece->test) {
		add_part(&key, "of the suite");
		add_part(&key, piece->test->name);
	} else {
		add_part(&key, evidence_is_plain_id(s) ? "" : s->id);
		if (s->type == SUBJECT_TEST || s->type == SUBJECT_PROGRAM)
			add_source(&key, s);
		else if (s->type != SUBJECT_SCENARIO)
			buf_printf(&key, "%zu", index);
	}
	text = arena_dup(&u->arena, key.data);
	buf_release(&key);
	return text;
}

static void group_pieces(struct uniting *u)
{
	for (size_t i = 0; i < u->e->piece_count; i++) {
		const char *key = key_of(u, i);
		struct group *g;

		HASH_FIND_STR(u->groups, key, g);
		if (!g) {
			g = arena_alloc(&u->arena, sizeof(*g));
			g->key = key;
			HASH_ADD_KEYPTR(hh, u->groups, key, strlen(key), g);
		}
		*(const struct piece **)arena_push(&u->arena, &g->pieces,
						   &g->count, sizeof(void *)) =
			&u->e->pieces[i];
	}
}

static struct subject *new_subject(struct uniting *u)
{
	struct result *r = u->e->result;

	return arena_push(&r->arena, &r->subjects, &r->subject_count,
			  sizeof(*r->subjects));
}

static const char *allowing_glob(struct uniting *u, const char *id)
{
	for (size_t i = 0; i < u->terms->allowed_count; i++)
		if (!fnmatch(u->terms->allowed[i], id, 0)) {
			u->is_used[i] = true;
			return u->terms->allowed[i];
		}
	return NULL;
}

/* No run of it was watched, and nothing was seen. */
static bool is_unwatched(const struct subject *s)
{
	uint64_t iterations = 0, unwatched = 0;

	for (size_t i = 0; i < s->run_count; i++) {
		if (s->runs[i].finding_count)
			return false;
		iterations += s->runs[i].iterations;
		unwatched += s->runs[i].unwatched;
	}
	return iterations && unwatched >= iterations;
}

static void allow_unwatched(struct uniting *u, struct subject *s)
{
	struct arena *arena = &u->e->result->arena;
	const char *glob;

	if (s->type != SUBJECT_TEST || s->verdict != VERDICT_ERROR ||
	    !is_unwatched(s))
		return;
	glob = allowing_glob(u, s->id);
	if (!glob)
		return;
	s->verdict = VERDICT_SKIPPED;
	s->why = arena_printf(arena,
			      "ThreadSanitizer did not start, as "
			      "--allow-missing '%s' allows",
			      glob);
}

/* It has a reason, and no more evidence than that. */
static void say_that_it_skipped(struct uniting *u, struct subject *s,
				const struct suite_test *test)
{
	char name[32];

	if (s->verdict != VERDICT_ERROR || !test->skip_status ||
	    !is_unwatched(s))
		return;
	snprintf(name, sizeof(name), "exit %u", test->skip_status);
	for (size_t i = 0; i < s->run_count; i++)
		for (size_t j = 0; j < s->runs[i].outcome_count; j++)
			if (!strcmp(s->runs[i].outcomes[j].name, name)) {
				subject_note(u->e->result, s,
					     "it skipped itself (%s): if it "
					     "may, name it in --allow-missing",
					     name);
				return;
			}
}

static void unite_group(struct uniting *u, struct group *g)
{
	struct result *r = u->e->result;
	const struct piece *first = g->pieces[0];
	struct subject *s = new_subject(u);

	g->is_done = true;
	*s = *first->subject;
	s->sources = NULL;
	s->runs = NULL;
	s->notes = NULL;
	s->source_count = s->run_count = s->note_count = 0;
	if (first->test)
		s->id = arena_dup(&r->arena, first->test->name);
	for (size_t i = 0; i < g->count; i++) {
		evidence_merge(u->e, s, g->pieces[i]);
		u->e->homes[g->pieces[i] - u->e->pieces] = r->subject_count - 1;
	}
	evidence_settle(u->e, s, g->pieces, g->count);
	u->e->sizes[r->subject_count - 1] = g->count;
	if (first->test)
		say_that_it_skipped(u, s, first->test);
}

static void add_missing(struct uniting *u, const struct suite_test *test)
{
	struct arena *arena = &u->e->result->arena;
	struct subject *s = new_subject(u);
	const char *why = evidence_why_missing(u->terms->suite, test), *glob;

	s->id = arena_dup(arena, test->name);
	s->type = SUBJECT_TEST;
	s->verdict = VERDICT_ERROR;
	s->why = why;
	glob = allowing_glob(u, s->id);
	if (!glob)
		return;
	s->verdict = VERDICT_SKIPPED;
	s->why = arena_printf(arena, "%s; --allow-missing '%s' allows it", why,
			      glob);
}

/* As ctest lists them, then all else. */
static void unite_tests(struct uniting *u)
{
	const struct suite *suite = u->terms->suite;
	struct group **of_test = arena_alloc(
		&u->arena, (suite->count + 1) * sizeof(struct group *));

	evidence_match(u->e, suite);
	group_pieces(u);
	for (struct group *g = u->groups; g; g = g->hh.next)
		if (g->pieces[0]->test)
			of_test[g->pieces[0]->test - suite->tests] = g;
	for (size_t i = 0; i < suite->count; i++) {
		if (of_test[i])
			unite_group(u, of_test[i]);
		else
			add_missing(u, &suite->tests[i]);
	}
}

/* Of a test that an earlier gate found missing: others may have its runs. */
static bool is_mere_absence(const struct group *g)
{
	const struct subject *s = g->pieces[0]->subject;

	return s->type == SUBJECT_TEST && !s->source_count && !s->run_count;
}

static bool has_runs_elsewhere(struct uniting *u, const struct group *absence)
{
	const char *id = absence->pieces[0]->subject->id;

	for (const struct group *g = u->groups; g; g = g->hh.next) {
		const struct subject *s = g->pieces[0]->subject;

		if (s->type != SUBJECT_TEST || is_mere_absence(g) ||
		    strcmp(s->id, id) != 0)
			continue;
		for (size_t i = 0; i < absence->count; i++)
			u->e->homes[absence->pieces[i] - u->e->pieces] =
				u->e->homes[g->pieces[0] - u->e->pieces];
		return true;
	}
	return false;
}

static void unite_rest(struct uniting *u)
{
	for (struct group *g = u->groups; g; g = g->hh.next)
		if (!g->is_done && !is_mere_absence(g))
			unite_group(u, g);
	for (struct group *g = u->groups; g; g = g->hh.next)
		if (!g->is_done && !has_runs_elsewhere(u, g))
			unite_group(u, g);
}

static void note_unused_globs(struct uniting *u)
{
	for (size_t i = 0; i < u->terms->allowed_count; i++)
		if (!u->is_used[i])
			result_note(u->e->result,
				    "--allow-missing '%.200s' allows nothing "
				    "that is missing",
				    u->terms->allowed[i]);
}

static void set_origins(struct evidence *e)
{
	struct result *r = e->result;

	for (size_t i = 0; i < e->origin_count && i < r->finding_count; i++)
		if (e->origins[i] < e->piece_count)
			r->findings[i].subject =
				r->subjects[e->homes[e->origins[i]]].id;
}

void evidence_end(struct evidence *e, const struct evidence_terms *terms)
{
	struct uniting u = {.e = e, .terms = terms};
	struct result *r = e->result;
	size_t most = e->piece_count + (terms->suite ? terms->suite->count : 0);

	e->homes =
		arena_alloc(&r->arena, (e->piece_count + 1) * sizeof(size_t));
	e->sizes = arena_alloc(&r->arena, (most + 1) * sizeof(size_t));
	u.is_used = arena_alloc(&u.arena, terms->allowed_count + 1);
	evidence_unite_findings(e);
	if (terms->suite)
		unite_tests(&u);
	else
		group_pieces(&u);
	unite_rest(&u);
	evidence_name(e);
	for (size_t i = 0; i < r->subject_count; i++)
		allow_unwatched(&u, &r->subjects[i]);
	set_origins(e);
	note_unused_globs(&u);
	HASH_CLEAR(hh, u.groups);
	arena_release(&u.arena);
}

void evidence_judge(struct evidence *e)
{
	struct result *r = e->result;

	for (size_t i = 0; i < r->subject_count; i++)
		if (r->subjects[i].type == SUBJECT_SCENARIO && e->sizes[i] > 1)
			judge_scenario(r, &r->subjects[i]);
}
