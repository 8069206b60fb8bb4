#include <string.h>

#include "base/stats.h"
#include "reports/markdown_parts.h"
#include "reports/markdown_text.h"
#include "reports/phrase.h"

enum { MOST_TEXT = 400, MOST_LINE = 300, MOST_COMMAND = 1000, MOST_ENDS = 8 };

/* Does it need no quotes? */
static bool is_plain(const char *id)
{
	return !id[strspn(id, "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/")];
}

const char *summary_command(struct summary *s, const struct entry *entry)
{
	const struct subject *subject = entry->subject;
	const char *command = s->result->command;

	if (!subject)
		return NULL;
	for (size_t i = 0; i < subject->source_count; i++)
		if (subject->sources[i].command) {
			command = subject->sources[i].command;
			break;
		}
	if (command && subject->type == SUBJECT_SCENARIO &&
	    is_plain(subject->id) && !strncmp(command, "snag run", 8) &&
	    !strstr(command, subject->id))
		return arena_printf(&s->arena, "%s %s", command, subject->id);
	return command;
}

static void put_end(struct summary *s, const struct run_outcome *outcome)
{
	size_t count;
	const char **lines =
		phrase_last_lines(&s->arena, outcome->words, &count);

	if (!count)
		return;
	buf_printf(&s->part, "Run %s ended with ",
		   stats_count(&s->arena, outcome->first));
	markdown_code(&s->part, *outcome->name ? outcome->name : "exit 0",
		      MOST_TEXT);
	buf_puts(&s->part, ", and printed last:\n\n");
	/* "|" keeps a log's reader from taking a line for its own. */
	for (size_t i = 0; i < count; i++)
		lines[i] = arena_printf(&s->arena, "| %s", lines[i]);
	markdown_block(&s->part, "text", lines, count, MOST_LINE);
	buf_puts(&s->part, "\n");
}

void summary_subject(struct summary *s, const struct entry *entry)
{
	const struct subject *subject = entry->subject;
	const char *command = summary_command(s, entry);
	size_t ends = 0;

	buf_puts(&s->part, "<details><summary>");
	markdown_code(&s->part, subject->id, MOST_TEXT);
	buf_printf(&s->part, ": %s</summary>\n\n",
		   verdict_name(subject->verdict));
	if (entry->why) {
		buf_puts(&s->part, "**Why:** ");
		markdown_prose(&s->part, entry->why, MOST_TEXT);
		buf_puts(&s->part, "\n\n");
	}
	for (size_t i = 0; i < subject->run_count && i < MOST_ENDS; i++) {
		const char *explored =
			phrase_explored(&s->arena, &subject->runs[i]);

		if (!explored)
			continue;
		buf_puts(&s->part, "**Explored:** ");
		markdown_prose(&s->part, explored, MOST_TEXT);
		buf_puts(&s->part, "\n\n");
	}
	for (size_t i = 0; i < subject->run_count; i++)
		for (size_t j = 0;
		     j < subject->runs[i].outcome_count && ends < MOST_ENDS;
		     j++, ends++)
			put_end(s, &subject->runs[i].outcomes[j]);
	if (command) {
		buf_puts(&s->part, "**To repeat it:**\n\n");
		markdown_block(&s->part, "sh", &command, 1, MOST_COMMAND);
		buf_puts(&s->part, "\n");
	}
	buf_puts(&s->part, "</details>\n\n");
}
