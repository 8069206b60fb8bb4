#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stats.h"
#include "base/text.h"
#include "gather/gather_part.h"

enum { CHUNK_BYTES = 256 * 1024, MAGIC_BYTES = 64 };

struct gather *gather_new(struct result *result,
			  const struct gather_options *options)
{
	struct gather *g = must_alloc(sizeof(*g));

	*g = (struct gather){.result = result,
			     .options = options,
			     .progress = {.file = options->progress}};
	g->unite = unite_new(result);
	unite_defer(g->unite);
	g->parser = tsan_parser_new(gather_take, g);
	return g;
}

void gather_free(struct gather *g)
{
	if (!g)
		return;
	tsan_parser_free(g->parser);
	unite_free(g->unite);
	free(g->slots);
	free(g);
}

/* A new subject, with a run for what it holds. */
static void begin_subject(struct gather *g, const char *id)
{
	struct result *r = g->result;

	g->subject = arena_push(&r->arena, &r->subjects, &r->subject_count,
				sizeof(*g->subject));
	g->subject->id = id;
	g->subject->type = SUBJECT_LOG;
	g->run = arena_push(&r->arena, &g->subject->runs,
			    &g->subject->run_count, sizeof(*g->run));
	g->run->engine = "log";
	g->before = *tsan_parser_counts(g->parser);
	g->cut = g->cut_line = g->warnings = 0;
	g->fatal = NULL;
	if (g->slots)
		memset(g->slots, 0, g->slot_count * sizeof(*g->slots));
}

static bool is_stopped(const struct gather *g)
{
	return g->options->is_interrupted && *g->options->is_interrupted;
}

static void show_progress(struct gather *g, const struct log_file *file,
			  uint64_t bytes)
{
	struct arena arena = {0};

	if (!status_line_is_due(&g->progress))
		return;
	status_line_show(
		&g->progress,
		arena_printf(
			&arena, "%s: %s of %s MiB  %s reports  %zu findings",
			text_clean(&arena, file->name, strlen(file->name),
				   false),
			stats_count(&arena, bytes >> 20),
			file->size_bytes
				? stats_count(&arena, file->size_bytes >> 20)
				: "?",
			stats_count(&arena, g->run->reports),
			g->result->finding_count));
	arena_release(&arena);
}

/* The next bytes, at least so many unless the file ends; 0 at its end, and
 * when interrupted; -1 with errno. */
static ssize_t read_chunk(const struct gather *g, int fd, char *chunk,
			  size_t least)
{
	size_t len = 0;

	do {
		ssize_t n = read(fd, chunk + len, CHUNK_BYTES - len);

		if (is_stopped(g))
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		len += (size_t)n;
	} while (len < least);
	return (ssize_t)len;
}

/* false: not to its end, or not at all, and err says why. */
static bool read_all(struct gather *g, const struct log_file *file,
		     struct err *err)
{
	char *chunk = must_alloc(CHUNK_BYTES);
	uint64_t bytes = 0;
	bool is_good = true;
	ssize_t n;

	while ((n = read_chunk(g, file->fd, chunk, bytes ? 1 : MAGIC_BYTES)) >
	       0) {
		if (!bytes &&
		    !(is_good = log_file_check(file, chunk, (size_t)n, err)))
			break;
		tsan_parser_feed(g->parser, chunk, (size_t)n);
		bytes += (uint64_t)n;
		show_progress(g, file, bytes);
	}
	if (n < 0)
		is_good = err_errno(err, EXIT_TROUBLE,
				    "cannot read '%s' to its end", file->name);
	tsan_parser_end(g->parser);
	status_line_clear(&g->progress);
	free(chunk);
	return is_good;
}

static bool is_known(const struct result *r, const char *id)
{
	for (size_t i = 0; i < r->subject_count; i++)
		if (!strcmp(r->subjects[i].id, id))
			return true;
	return false;
}

bool gather_log(struct gather *g, const char *name, struct err *err)
{
	struct arena *arena = &g->result->arena;
	const char *id = strcmp(name, "-") != 0
				 ? text_clean(arena, name, strlen(name), false)
				 : "stdin";
	struct log_file file;
	struct err why = {0};
	bool is_read;

	if (is_known(g->result, id)) {
		result_note(g->result, "%s was named twice and read once", id);
		return true;
	}
	begin_subject(g, id);
	is_read = log_file_open(&file, name, &why);
	if (is_read) {
		is_read = read_all(g, &file, &why);
		log_file_close(&file);
	}
	if (is_stopped(g))
		g->result->is_interrupted = true;
	if (!is_read) {
		g->subject->verdict = VERDICT_ERROR;
		g->subject->why = arena_dup(arena, why.text);
		*err = why;
	}
	gather_say(g);
	return is_read;
}

void gather_text(struct gather *g, const char *id, const char *text, size_t len)
{
	begin_subject(g, text_clean(&g->result->arena, id, strlen(id), false));
	tsan_parser_feed(g->parser, text, len);
	tsan_parser_end(g->parser);
	gather_say(g);
}

void gather_end(struct gather *g)
{
	unite_settle(g->unite);
}
