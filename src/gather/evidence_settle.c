/*
 * What can be said of a subject before it is judged, and what it is called.
 */
#include <string.h>
#include <uthash.h>

#include "base/text.h"
#include "gather/evidence_part.h"

enum { ID_MOST_BYTES = 200, ROUNDS = 2 };

/* A test that an earlier gate found missing. */
static bool is_absence(const struct piece *piece)
{
	const struct subject *s = piece->subject;

	return s->type == SUBJECT_TEST && !s->source_count && !s->run_count;
}

static const char *why_of(const struct subject *s)
{
	return s->why && *s->why ? s->why : "no reason given";
}

/* The first with that verdict, and how many there are. */
static const struct piece *first_with(enum verdict verdict,
				      const struct piece *const *pieces,
				      size_t count, size_t *number)
{
	const struct piece *first = NULL;

	*number = 0;
	for (size_t i = 0; i < count; i++) {
		if (pieces[i]->subject->verdict != verdict)
			continue;
		++*number;
		if (!first)
			first = pieces[i];
	}
	return first;
}

static void set(struct subject *s, enum verdict verdict,
		const struct piece *from)
{
	s->verdict = verdict;
	s->why = from ? why_of(from->subject) : NULL;
}

/* An attempt that came to nothing is made good by one that did not: it saw
 * nothing, and so it hides nothing. */
static void settle_test(struct evidence *e, struct subject *s,
			const struct piece *const *pieces, size_t count)
{
	size_t errors, absences = 0;
	const struct piece *error =
		first_with(VERDICT_ERROR, pieces, count, &errors);

	for (size_t i = 0; i < count; i++)
		absences += is_absence(pieces[i]);
	if (errors == count) {
		set(s, VERDICT_ERROR, error);
		for (size_t i = 0; i < count && absences < count; i++)
			if (!is_absence(pieces[i])) {
				set(s, VERDICT_ERROR, pieces[i]);
				break;
			}
		return;
	}
	set(s, VERDICT_NONE, NULL);
	for (size_t i = 0; i < count; i++)
		if (pieces[i]->subject->verdict == VERDICT_ERROR &&
		    !is_absence(pieces[i]))
			subject_note(e->result, s, "one of %zu attempts: %s",
				     count - absences,
				     why_of(pieces[i]->subject));
}

/* Shards: what one of them could not do, no other did. */
static void settle_shards(struct subject *s, const struct piece *const *pieces,
			  size_t count)
{
	size_t errors, skips;
	const struct piece *error =
		first_with(VERDICT_ERROR, pieces, count, &errors);
	const struct piece *skip =
		first_with(VERDICT_SKIPPED, pieces, count, &skips);

	if (error)
		set(s, VERDICT_ERROR, error);
	else if (skips == count)
		set(s, VERDICT_SKIPPED, skip);
	else
		set(s, VERDICT_NONE, NULL);
}

static void settle_scenario(struct evidence *e, struct subject *s,
			    const struct piece *const *pieces, size_t count)
{
	if (count == 1)
		return;
	settle_shards(s, pieces, count);
	/* They speak of less than what is there now. */
	for (size_t i = 0; i < s->note_count; i++)
		s->notes[i] = arena_printf(&e->result->arena,
					   "in one of %zu results: %s", count,
					   s->notes[i]);
}

void evidence_settle(struct evidence *e, struct subject *s,
		     const struct piece *const *pieces, size_t count)
{
	bool is_log = s->type != SUBJECT_SCENARIO && s->type != SUBJECT_TEST &&
		      s->type != SUBJECT_PROGRAM;

	if (s->type == SUBJECT_SCENARIO)
		settle_scenario(e, s, pieces, count);
	else if (s->type == SUBJECT_TEST)
		settle_test(e, s, pieces, count);
	else if (!is_log || s->verdict != VERDICT_CLEAN)
		settle_shards(s, pieces, count);
}

struct name {
	const char *text;
	size_t count;
	UT_hash_handle hh;
};

static struct name *count_names(struct arena *arena, const struct result *r)
{
	struct name *names = NULL, *n;

	for (size_t i = 0; i < r->subject_count; i++) {
		const char *text = r->subjects[i].id;

		HASH_FIND_STR(names, text, n);
		if (!n) {
			n = arena_alloc(arena, sizeof(*n));
			n->text = text;
			HASH_ADD_KEYPTR(hh, names, text, strlen(text), n);
		}
		n->count++;
	}
	return names;
}

static const char *longer_id(struct evidence *e, const struct subject *s,
			     int round, size_t number)
{
	struct arena *arena = &e->result->arena;
	const char *command = s->source_count && s->sources[0].command
				      ? s->sources[0].command
				      : s->id;
	size_t len = strlen(command);

	if (round == 0)
		return text_clean(arena, command,
				  len < ID_MOST_BYTES ? len : ID_MOST_BYTES,
				  false);
	return arena_printf(arena, "%s #%zu", s->id, number);
}

/* "/bin/sh" says nothing where there are thirty of them: first by the whole
 * command, and where that does not do, by number. */
void evidence_name(struct evidence *e)
{
	struct result *r = e->result;

	for (int round = 0; round < ROUNDS; round++) {
		struct arena scratch = {0};
		struct name *names = count_names(&scratch, r), *n;

		for (struct name *one = names; one; one = one->hh.next)
			one->count = one->count > 1;
		for (size_t i = 0; i < r->subject_count; i++) {
			struct subject *s = &r->subjects[i];

			HASH_FIND_STR(names, s->id, n);
			if (s->type != SUBJECT_SCENARIO && n && n->count)
				s->id = longer_id(e, s, round, n->count++);
		}
		HASH_CLEAR(hh, names);
		arena_release(&scratch);
	}
}
