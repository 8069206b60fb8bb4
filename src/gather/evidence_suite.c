/*
 * Which test is it of?  By its name; or by its command and folder, and, where
 * several tests have these, by the variables in which they differ.  Tests that
 * cannot be told apart need as many pieces as there are tests.
 */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "gather/evidence_part.h"

struct group {
	const char *key;
	size_t *tests, test_count;
	size_t *pieces, piece_count;
	const char **given; /* "NAME=" of the variables of its tests */
	size_t given_count;
	UT_hash_handle hh;
};

struct matching {
	struct evidence *e;
	const struct suite *suite;
	struct arena arena;
	struct group *groups;
	size_t *counts; /* beside each test: pieces that it has */
};

static const char *variable(const struct source *source, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < source->environment_count; i++)
		if (!strncmp(source->environment[i], name, len) &&
		    source->environment[i][len] == '=')
			return source->environment[i] + len + 1;
	return NULL;
}

static const char *key_of(struct arena *arena, const char *command,
			  const char *folder)
{
	/* A link to the folder is the folder. */
	char *real = folder ? realpath(folder, NULL) : NULL;
	const char *key = arena_printf(arena, "%s\n%s", command,
				       real     ? real
				       : folder ? folder
						: "");

	free(real);
	return key;
}

static struct group *group_of(struct matching *m, const char *key)
{
	struct group *g;

	HASH_FIND_STR(m->groups, key, g);
	if (g)
		return g;
	g = arena_alloc(&m->arena, sizeof(*g));
	g->key = key;
	HASH_ADD_KEYPTR(hh, m->groups, key, strlen(key), g);
	return g;
}

static void push(struct matching *m, size_t **list, size_t *count, size_t index)
{
	*(size_t *)arena_push(&m->arena, list, count, sizeof(**list)) = index;
}

static void assign(struct matching *m, size_t piece, size_t test)
{
	m->e->pieces[piece].test = &m->suite->tests[test];
	m->counts[test]++;
}

struct name {
	const char *text;
	size_t test;
	UT_hash_handle hh;
};

/* What was united before has the names already; a program that is called like
 * some test need not be that one's. */
static void match_names(struct matching *m, bool is_plain)
{
	struct name *names = NULL, *n;

	for (size_t i = 0; i < m->suite->count; i++) {
		const char *text = m->suite->tests[i].name;

		HASH_FIND_STR(names, text, n);
		if (n)
			continue;
		n = arena_alloc(&m->arena, sizeof(*n));
		*n = (struct name){.text = text, .test = i};
		HASH_ADD_KEYPTR(hh, names, text, strlen(text), n);
	}
	for (size_t i = 0; i < m->e->piece_count; i++) {
		const struct subject *s = m->e->pieces[i].subject;

		if (s->type != SUBJECT_TEST || m->e->pieces[i].test ||
		    evidence_is_plain_id(s) != is_plain)
			continue;
		HASH_FIND_STR(names, s->id, n);
		if (n)
			assign(m, i, n->test);
	}
	HASH_CLEAR(hh, names);
}

static void make_groups(struct matching *m)
{
	for (size_t i = 0; i < m->suite->count; i++) {
		const struct suite_test *t = &m->suite->tests[i];
		struct group *g;

		if (!t->command)
			continue;
		g = group_of(m, key_of(&m->arena, t->command, t->folder));
		push(m, &g->tests, &g->test_count, i);
	}
	for (size_t i = 0; i < m->e->piece_count; i++) {
		const struct piece *p = &m->e->pieces[i];
		const struct source *source = p->subject->sources;
		struct group *g;

		if (p->test || p->subject->type != SUBJECT_TEST ||
		    !p->subject->source_count || !source->command)
			continue;
		g = group_of(m, key_of(&m->arena, source->command,
				       variable(source, "PWD")));
		push(m, &g->pieces, &g->piece_count, i);
	}
}

static bool has_text(const char *const *list, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i], text))
			return true;
	return false;
}

static bool is_given(const struct group *g, const char *text)
{
	for (size_t i = 0; i < g->given_count; i++)
		if (!strncmp(g->given[i], text, strlen(g->given[i])))
			return true;
	return false;
}

static void find_given(struct matching *m, struct group *g)
{
	for (size_t i = 0; i < g->test_count; i++) {
		const struct suite_test *t = &m->suite->tests[g->tests[i]];

		for (size_t j = 0; j < t->environment_count; j++) {
			const char *text = t->environment[j], **slot;

			if (is_given(g, text))
				continue;
			slot = arena_push(&m->arena, &g->given, &g->given_count,
					  sizeof(*slot));
			*slot = arena_dup_n(&m->arena, text,
					    strcspn(text, "=") + 1);
		}
	}
}

/* Of the variables that tests of the group are given, the piece has those of
 * this test, and no others. */
static bool fits(const struct matching *m, const struct group *g, size_t piece,
		 size_t test)
{
	const struct source *source = m->e->pieces[piece].subject->sources;
	const struct suite_test *t = &m->suite->tests[test];

	for (size_t i = 0; i < t->environment_count; i++)
		if (!has_text(source->environment, source->environment_count,
			      t->environment[i]))
			return false;
	for (size_t i = 0; i < source->environment_count; i++)
		if (is_given(g, source->environment[i]) &&
		    !has_text(t->environment, t->environment_count,
			      source->environment[i]))
			return false;
	return true;
}

/* Of those that it may be of, the one with the fewest pieces. */
static bool match_one(struct matching *m, const struct group *g, size_t piece,
		      bool is_exact)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < g->test_count; i++) {
		size_t test = g->tests[i];

		if (is_exact && !fits(m, g, piece, test))
			continue;
		if (best == SIZE_MAX || m->counts[test] < m->counts[best])
			best = test;
	}
	if (best == SIZE_MAX)
		return false;
	assign(m, piece, best);
	return true;
}

/* A variable that ctest itself had, with the same value, is not seen in the
 * piece: what fits none goes where something is missing. */
static void match_group(struct matching *m, struct group *g)
{
	find_given(m, g);
	for (size_t i = 0; i < g->piece_count; i++)
		match_one(m, g, g->pieces[i], true);
	for (size_t i = 0; i < g->piece_count; i++)
		if (!m->e->pieces[g->pieces[i]].test)
			match_one(m, g, g->pieces[i], false);
}

void evidence_match(struct evidence *e, const struct suite *suite)
{
	struct matching m = {.e = e, .suite = suite};

	m.counts = arena_alloc(&m.arena, (suite->count + 1) * sizeof(size_t));
	match_names(&m, false);
	make_groups(&m);
	for (struct group *g = m.groups; g; g = g->hh.next)
		match_group(&m, g);
	match_names(&m, true);
	HASH_CLEAR(hh, m.groups);
	arena_release(&m.arena);
}

const char *evidence_why_missing(const struct suite *suite,
				 const struct suite_test *test)
{
	if (test->is_disabled)
		return "no evidence: it is DISABLED, so it did not run";
	if (!test->has_program)
		return "no evidence: ctest finds no program for it: was it "
		       "built?";
	if (!test->command)
		return "no evidence: it is not launched through `snag exec "
		       "--collect`";
	if (!suite->has_run)
		return "no evidence: ctest has not run here";
	if (!test->had_turn)
		return "no evidence: it was not among the tests of ctest's "
		       "last run (-R, -E, -L, --rerun-failed, or interrupted)";
	if (!test->was_started)
		return "no evidence: ctest did not start it, for want of a "
		       "fixture, a file or its program";
	return "no evidence, though ctest started it: the folder of --collect "
	       "could not be written, or is another, or several tests have "
	       "its command and fewer results than they are";
}
