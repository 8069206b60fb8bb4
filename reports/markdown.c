/*
 * A summary of a step, for who has ten seconds: the verdict, how many of what,
 * what fails in a table; then each finding folded, what was expected folded
 * as a whole.  GitHub shows none of it beyond 1 MiB, so parts that would be
 * too much are left out and counted.
 */
#include <string.h>

#include "base/stats.h"
#include "reports/markdown_parts.h"
#include "reports/markdown_text.h"
#include "reports/phrase.h"

enum {
	MOST_BYTES = 1000 * 1000,
	FULL_BYTES = 500 * 1000, /* up to here, findings are shown in full */
	LAST_BYTES = 4 * 1000,   /* kept for what closes the summary */
	MOST_PART = 400 * 1000,
	MOST_FULL = 100,
	MOST_ROWS = 50,
	MOST_LINES = 50,
	MOST_TEXT = 300,
};

/* Writes the part when there is room, and clears it in any case. */
static bool put_within(struct summary *s, size_t most)
{
	bool fits = !s->part.is_cut && s->bytes + s->part.len <= most;

	if (fits) {
		fwrite(s->part.data, 1, s->part.len, s->file);
		s->bytes += s->part.len;
	}
	buf_clear(&s->part);
	return fits;
}

static bool put_part(struct summary *s)
{
	bool fits = put_within(s, MOST_BYTES - LAST_BYTES);

	s->is_cut |= !fits;
	return fits;
}

static void put_head(struct summary *s)
{
	const struct result *result = s->result;

	buf_printf(&s->part, "## Snag: %s, exit %d: %s\n\n**%s**\n\n",
		   result->verdict ? verdict_name(result->verdict)
				   : "no verdict",
		   (int)result->exit, phrase_exit(result),
		   phrase_counts(&s->arena, result));
	if (result->command) {
		markdown_code(&s->part, result->command, MOST_TEXT);
		buf_puts(&s->part, ", ");
	}
	buf_puts(&s->part, "snag ");
	markdown_prose(&s->part, result->tool_version, 64);
	buf_printf(&s->part, "%s%s, %s\n\n", *result->started ? ", " : "",
		   result->started,
		   phrase_duration(&s->arena, result->duration_ms));
	put_part(s);
}

/* The entries first to end in a table, as many as anybody reads. */
static void put_table(struct summary *s, size_t first, size_t end)
{
	size_t last = end - first > MOST_ROWS ? first + MOST_ROWS : end;

	summary_table(s, first, last);
	if (last < end)
		buf_printf(&s->part, "\nand %s more\n",
			   stats_count(&s->arena, end - last));
	buf_puts(&s->part, "\n");
	put_part(s);
}

/* How many of the entries first to end do not stand there in full. */
static size_t put_in_full(struct summary *s, size_t first, size_t end)
{
	size_t left = 0;

	for (size_t i = first; i < end; i++) {
		const struct entry *entry = &s->ledger.entries[i];

		if (s->full >= MOST_FULL || left) {
			left++;
			continue;
		}
		if (entry->finding)
			summary_finding(s, entry);
		else
			summary_subject(s, entry);
		if (put_within(s, FULL_BYTES))
			s->full++;
		else
			left++;
	}
	return left;
}

static void put_left(struct summary *s, size_t left)
{
	if (!left)
		return;
	buf_printf(&s->part,
		   "%s %s not shown in full here; result.json holds all.\n\n",
		   stats_plural(&s->arena, left, "entry", "entries"),
		   left == 1 ? "is" : "are");
	put_part(s);
}

static void put_failing(struct summary *s, size_t end)
{
	if (!end)
		return;
	buf_printf(&s->part, "### What fails\n\n");
	put_table(s, 0, end);
	put_left(s, put_in_full(s, 0, end));
}

/* Of so many, MOST_LINES at most were put. */
static void end_list(struct summary *s, size_t n)
{
	if (n > MOST_LINES)
		buf_printf(&s->part, "- and %s more\n",
			   stats_count(&s->arena, n - MOST_LINES));
	if (n)
		buf_puts(&s->part, "\n");
	put_part(s);
}

static void put_subjects(struct summary *s, enum verdict verdict,
			 const char *title)
{
	const struct result *result = s->result;
	size_t n = 0;

	for (size_t i = 0; i < result->subject_count; i++) {
		const struct subject *subject = &result->subjects[i];

		if (subject->verdict != verdict || n++ >= MOST_LINES)
			continue;
		if (n == 1)
			buf_printf(&s->part, "### %s\n\n", title);
		buf_puts(&s->part, "- ");
		markdown_code(&s->part, subject->id, MOST_TEXT);
		buf_puts(&s->part, ": ");
		markdown_prose(&s->part,
			       subject->why ? subject->why : "no reason given",
			       MOST_TEXT);
		buf_puts(&s->part, "\n");
	}
	end_list(s, n);
}

static void put_note(struct summary *s, size_t number, const char *about,
		     const char *note)
{
	if (number == 1)
		buf_puts(&s->part, "### Notes\n\n");
	if (number > MOST_LINES)
		return;
	buf_puts(&s->part, "- ");
	if (about) {
		markdown_code(&s->part, about, MOST_TEXT);
		buf_puts(&s->part, ": ");
	} else {
		buf_puts(&s->part, "note: ");
	}
	markdown_prose(&s->part, note, MOST_TEXT);
	buf_puts(&s->part, "\n");
}

static void put_notes(struct summary *s)
{
	const struct result *result = s->result;
	size_t n = 0;

	for (size_t i = 0; i < result->note_count; i++)
		put_note(s, ++n, NULL, result->notes[i]);
	for (size_t i = 0; i < result->subject_count; i++) {
		const struct subject *subject = &result->subjects[i];

		for (size_t j = 0; j < subject->note_count; j++)
			put_note(s, ++n, subject->id, subject->notes[j]);
	}
	end_list(s, n);
}

/* "2 findings known, 1 as expected" */
static const char *others_text(struct summary *s, size_t count)
{
	size_t known = s->ledger.known, expected = count - known;

	if (!known)
		return arena_printf(&s->arena, "%s as expected",
				    stats_plural(&s->arena, expected, "finding",
						 "findings"));
	return arena_printf(
		&s->arena, "%s known%s%s%s",
		stats_plural(&s->arena, known, "finding", "findings"),
		expected ? ", " : "",
		expected ? stats_count(&s->arena, expected) : "",
		expected ? " as expected" : "");
}

static void put_others(struct summary *s, size_t first)
{
	size_t count = s->ledger.count - first;

	if (!count)
		return;
	buf_printf(&s->part, "<details><summary>%s</summary>\n\n",
		   others_text(s, count));
	if (!put_part(s))
		return;
	put_table(s, first, s->ledger.count);
	put_left(s, put_in_full(s, first, s->ledger.count));
	fputs("</details>\n", s->file);
}

void render_markdown(const struct result *result, FILE *file,
		     const struct render_options *options)
{
	struct summary s = {.result = result,
			    .options = options,
			    .file = file,
			    .ledger = ledger_begin(result)};

	buf_init(&s.part, MOST_PART);
	put_head(&s);
	put_failing(&s, s.ledger.failing);
	put_subjects(&s, VERDICT_ERROR, "Nothing can be concluded");
	put_notes(&s);
	put_subjects(&s, VERDICT_SKIPPED, "Skipped");
	put_others(&s, s.ledger.failing + s.ledger.errors);
	if (s.is_cut)
		fputs("\nParts of this summary were left out, for it would be "
		      "too long; result.json holds all.\n",
		      file);
	buf_release(&s.part);
	arena_release(&s.arena);
	ledger_end(&s.ledger);
}
