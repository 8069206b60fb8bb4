/*
 * snag baseline check, snag baseline prune: the baseline beside results.
 */
#include <string.h>

#include "base/stats.h"
#include "cmd/baseline_part.h"
#include "judge/baseline_match.h"

static const struct argp_option options[] = {
	BASELINE_OPTION_FILE,
	{0},
};

static const char check_doc[] =
	"Checks that the baseline can be read and says which entries are "
	"expired; with results, also which of them these show, and when each "
	"was last seen.\v"
	"RESULT is a result.json or the folder that holds one. The day on "
	"which an entry was last seen is written into the baseline.\n\n"
	"Exit code: 0 nothing is expired (an entry that was not seen may be "
	"rare, and does not fail), 1 something is, 2 the baseline or a result "
	"is malformed, 3 a result proves nothing.";

static const char prune_doc[] =
	"Removes the entries that no result shows any more, and says which.\v"
	"RESULT is a result.json or the folder that holds one. Give all there "
	"are, of runs long enough to see what is rare: an entry of a subject "
	"that none of them has tested stays. A result that was interrupted, "
	"or has errors, proves nothing, and then nothing is removed.";

/* The entries beside all the results. */
struct sightings {
	struct baseline_command *c;
	bool *is_seen;      /* of each entry */
	bool *is_tested;    /* of each entry: its subject, by one of them */
	size_t seen, later; /* entries; of them, on a later day than known */
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct baseline_command *c = state->input;

	if (key == ARGP_KEY_ARG) {
		baseline_add_result(c, value);
		return 0;
	}
	return baseline_take(c, key, value) ? 0 : ARGP_ERR_UNKNOWN;
}

static bool is_tested(const struct subject *subject)
{
	return subject->verdict != VERDICT_NONE &&
	       subject->verdict != VERDICT_SKIPPED &&
	       subject->verdict != VERDICT_ERROR;
}

/* Could it show what is gone?  Strictly: all that it began is done. */
static bool is_evidence(struct baseline_command *c, const char *path,
			const struct result *result, bool is_strict)
{
	size_t tested = 0, errors = 0;

	for (size_t i = 0; i < result->subject_count; i++) {
		tested += is_tested(&result->subjects[i]);
		errors += result->subjects[i].verdict == VERDICT_ERROR ||
			  result->subjects[i].trouble;
	}
	if (!tested)
		return err_set(&c->err, EXIT_TROUBLE,
			       "'%s' proves nothing about what is gone: "
			       "nothing was tested",
			       path);
	if (is_strict && result->is_interrupted)
		return err_set(&c->err, EXIT_TROUBLE,
			       "'%s' proves nothing about what is gone: it was "
			       "interrupted",
			       path);
	if (is_strict && errors)
		return err_set(
			&c->err, EXIT_TROUBLE,
			"'%s' proves nothing about what is gone: %s", path,
			stats_plural(&c->arena, errors, "subject has an error",
				     "subjects have errors"));
	return true;
}

static void mark_subjects(struct sightings *s, const struct result *result)
{
	const struct baseline *b = &s->c->baseline;

	for (size_t i = 0; i < b->entry_count; i++)
		for (size_t j = 0;
		     j < result->subject_count && !s->is_tested[i]; j++)
			s->is_tested[i] = is_tested(&result->subjects[j]) &&
					  (!b->entries[i].subject ||
					   !strcmp(result->subjects[j].id,
						   b->entries[i].subject));
}

/* The day of the result, which may be an old one. */
static void mark_day(struct sightings *s, const struct result *result,
		     const bool *is_shown)
{
	struct baseline *b = &s->c->baseline;
	char day[DAY_BYTES];

	strncpy(day, result->started, sizeof(day) - 1);
	day[sizeof(day) - 1] = '\0';
	if (!day_is_valid(day))
		return;
	for (size_t i = 0; i < b->entry_count; i++) {
		struct baseline_entry *e = &b->entries[i];

		if (!is_shown[i] || (e->seen && strcmp(e->seen, day) >= 0))
			continue;
		e->seen = arena_dup(&b->arena, day);
		s->later++;
	}
}

static bool look_at(struct sightings *s, const char *path, bool is_strict)
{
	size_t n = s->c->baseline.entry_count;
	bool *is_shown = arena_alloc(&s->c->arena, n + 1);
	struct result result = {0};
	bool is_good = baseline_read_result(s->c, path, &result) &&
		       is_evidence(s->c, path, &result, is_strict);

	for (size_t i = 0; is_good && i < result.finding_count; i++)
		baseline_mark(&s->c->baseline, &result.findings[i], is_shown);
	if (is_good) {
		mark_subjects(s, &result);
		mark_day(s, &result, is_shown);
	}
	for (size_t i = 0; i < n; i++) {
		s->seen += is_shown[i] && !s->is_seen[i];
		s->is_seen[i] |= is_shown[i];
	}
	result_release(&result);
	return is_good;
}

static bool look_at_all(struct sightings *s, bool is_strict)
{
	size_t n = s->c->baseline.entry_count + 1;

	s->is_seen = arena_alloc(&s->c->arena, n);
	s->is_tested = arena_alloc(&s->c->arena, n);
	for (size_t i = 0; i < s->c->result_count; i++)
		if (!look_at(s, s->c->results[i], is_strict))
			return false;
	return true;
}

/* "since 2026-11-01: a statistic (alice)" */
static const char *expired_text(struct arena *arena,
				const struct baseline_entry *e)
{
	return arena_printf(arena, "known until %s: %s%s%s%s", e->expires,
			    e->reason, e->owner ? " (" : "",
			    e->owner ? e->owner : "", e->owner ? ")" : "");
}

static const char *unseen_text(struct arena *arena,
			       const struct baseline_entry *e)
{
	return e->seen ? arena_printf(arena, "last seen %s", e->seen)
		       : "never seen";
}

static size_t print_expired(struct baseline_command *c)
{
	size_t expired = 0;

	for (size_t i = 0; i < c->baseline.entry_count; i++) {
		const struct baseline_entry *e = &c->baseline.entries[i];

		if (!baseline_entry_is_expired(e, c->today))
			continue;
		expired++;
		baseline_print_entry(c, STYLE_BAD, "expired", e,
				     expired_text(&c->arena, e));
	}
	return expired;
}

static void print_unseen(const struct sightings *s)
{
	for (size_t i = 0; i < s->c->baseline.entry_count; i++) {
		const struct baseline_entry *e = &s->c->baseline.entries[i];

		if (!s->is_seen[i])
			baseline_print_entry(s->c, STYLE_WARNING, "unseen", e,
					     unseen_text(&s->c->arena, e));
	}
}

static int check(struct baseline_command *c)
{
	struct sightings s = {.c = c};
	size_t expired;

	if (!baseline_load(c, false) || !look_at_all(&s, false))
		return EXIT_TROUBLE;
	expired = print_expired(c);
	if (c->result_count)
		print_unseen(&s);
	if (s.later && !baseline_write(&c->baseline, c->path, &c->err))
		return EXIT_TROUBLE;
	sheet_put(&c->sheet, STYLE_STRONG, "%s: %s, %zu expired", c->path,
		  stats_plural(&c->arena, c->baseline.entry_count, "entry",
			       "entries"),
		  expired);
	if (c->result_count)
		sheet_put(&c->sheet, STYLE_STRONG, ", %zu seen, %zu not seen",
			  s.seen, c->baseline.entry_count - s.seen);
	sheet_newline(&c->sheet);
	return expired ? EXIT_FINDING : EXIT_AS_EXPECTED;
}

static bool remove_unseen(const struct sightings *s)
{
	struct baseline_command *c = s->c;
	struct baseline *b = &c->baseline;
	size_t kept = 0, removed;

	for (size_t i = 0; i < b->entry_count; i++) {
		const struct baseline_entry *e = &b->entries[i];

		if (!s->is_seen[i] && s->is_tested[i]) {
			baseline_print_entry(c, STYLE_PLAIN, "removed", e,
					     unseen_text(&c->arena, e));
			continue;
		}
		if (!s->is_seen[i])
			baseline_print_entry(
				c, STYLE_WARNING, "kept", e,
				arena_printf(&c->arena,
					     "none of the results has tested "
					     "its subject %s",
					     e->subject));
		b->entries[kept++] = *e;
	}
	removed = b->entry_count - kept;
	b->entry_count = kept;
	if (removed && !baseline_write(b, c->path, &c->err))
		return false;
	sheet_put(&c->sheet, STYLE_STRONG, "%s: %zu removed, %s left", c->path,
		  removed, stats_plural(&c->arena, kept, "entry", "entries"));
	sheet_newline(&c->sheet);
	return true;
}

int baseline_check(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[RESULT...]", check_doc, NULL, NULL, NULL};
	struct baseline_command c = baseline_command_begin();

	command_parse(&argp, argc, argv, &c);
	return baseline_command_end(&c, check(&c));
}

int baseline_prune(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "RESULT...", prune_doc,
					 NULL,    NULL,  NULL};
	struct baseline_command c = baseline_command_begin();
	struct sightings s = {.c = &c};

	command_parse(&argp, argc, argv, &c);
	if (!c.result_count)
		err_set(&c.err, EXIT_USAGE,
			"name the RESULTs in which what is known should be "
			"seen, such as snag-out");
	else if (baseline_load(&c, false) && look_at_all(&s, true))
		remove_unseen(&s);
	return baseline_command_end(&c, EXIT_AS_EXPECTED);
}
