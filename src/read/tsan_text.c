/*
 * Two speeds.  While no report is open, only lines that name the tool or bear
 * our marker matter: memmem finds them, and the lines between are counted.
 * While one is open, each line is looked at.
 */
#include "read/tsan_text.h"

#include <stdlib.h>

#include "read/tsan_part.h"

struct tsan_parser *tsan_parser_new(tsan_sink *sink, void *context)
{
	struct tsan_parser *parser = must_alloc(sizeof(*parser));

	*parser = (struct tsan_parser){.sink = sink, .context = context};
	for (size_t i = 0; i < TSAN_STREAMS; i++)
		tsan_stream_init(&parser->streams[i]);
	buf_init(&parser->carry, TSAN_LINE_BYTES);
	buf_init(&parser->plain, TSAN_LINE_BYTES);
	return parser;
}

void tsan_parser_free(struct tsan_parser *parser)
{
	if (!parser)
		return;
	for (size_t i = 0; i < TSAN_STREAMS; i++)
		tsan_stream_release(&parser->streams[i]);
	buf_release(&parser->carry);
	buf_release(&parser->plain);
	free(parser);
}

const struct tsan_counts *tsan_parser_counts(const struct tsan_parser *parser)
{
	return &parser->counts;
}

/* Lines up to a place, without looking at them. */
static void skip_lines(struct tsan_parser *parser, const char *at, size_t len)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < len; i++)
		lines += at[i] == '\n';
	parser->counts.lines += lines;
	parser->line_number += lines;
	parser->line_byte += len;
}

/* The next places of interest in what was fed; NULL: none, or to be sought
 * again. */
struct ahead {
	const char *end; /* of the last whole line */
	const char *tool, *marker;
};

static const char *next_of(const char **next, const char *at, const char *end,
			   const char *text)
{
	if (*next >= at)
		return *next;
	*next = memmem(at, (size_t)(end - at), text, strlen(text));
	if (!*next)
		*next = end;
	return *next;
}

/* Where the next line of interest begins, or the end of whole lines. */
static const char *skip_idle(struct tsan_parser *parser, struct ahead *ahead,
			     const char *at)
{
	const char *tool =
		next_of(&ahead->tool, at, ahead->end, "ThreadSanitizer");
	const char *next = next_of(&ahead->marker, at, ahead->end, "@snag ");
	const char *line_end;

	if (tool < next)
		next = tool;
	if (next < ahead->end) {
		line_end = memrchr(at, '\n', (size_t)(next - at));
		next = line_end ? line_end + 1 : at;
	}
	skip_lines(parser, at, (size_t)(next - at));
	return next;
}

static void carry_add(struct tsan_parser *parser, const char *at, size_t len)
{
	buf_add(&parser->carry, at, len);
	parser->carry_bytes += len;
}

static void carry_end(struct tsan_parser *parser, size_t newline_bytes)
{
	uint64_t bytes = parser->carry_bytes + newline_bytes;
	bool is_partial = parser->carry.is_cut || !newline_bytes;

	parser->carry_bytes = 0;
	tsan_take_line(parser, parser->carry.data, parser->carry.len, bytes,
		       is_partial);
	buf_clear(&parser->carry);
}

void tsan_parser_feed(struct tsan_parser *parser, const char *data, size_t len)
{
	const char *at = data, *end = data + len, *newline;
	struct ahead ahead = {0};

	parser->counts.bytes += len;
	if (!len)
		return;
	if (parser->carry_bytes) {
		newline = memchr(at, '\n', len);
		carry_add(parser, at, (size_t)((newline ? newline : end) - at));
		if (!newline)
			return;
		carry_end(parser, 1);
		at = newline + 1;
	}
	newline = memrchr(at, '\n', (size_t)(end - at));
	ahead.end = newline ? newline + 1 : at;
	while (at < ahead.end) {
		if (!parser->open_count)
			at = skip_idle(parser, &ahead, at);
		if (at == ahead.end)
			break;
		newline = memchr(at, '\n', (size_t)(end - at));
		len = (size_t)(newline - at);
		tsan_take_line(parser, at,
			       len < TSAN_LINE_BYTES ? len : TSAN_LINE_BYTES,
			       len + 1, len > TSAN_LINE_BYTES);
		at = newline + 1;
	}
	if (at < end)
		carry_add(parser, at, (size_t)(end - at));
}

void tsan_parser_end(struct tsan_parser *parser)
{
	if (parser->carry_bytes)
		carry_end(parser, 0);
	for (size_t i = 0; i < TSAN_STREAMS; i++) {
		struct tsan_stream *stream = &parser->streams[i];
		bool is_whole;

		if (!stream->is_open)
			continue;
		is_whole = stream->has_separator ||
			   stream->report->kind == KIND_TSAN_FATAL;
		tsan_close(parser, stream,
			   is_whole ? NULL : "its end (the text ends here)");
	}
	parser->line_byte = 0;
	parser->line_number = 0;
	parser->has_header = parser->has_signature = false;
}

struct kept {
	struct arena *arena;
	struct report *reports;
	size_t count;
};

static void keep(void *context, const struct tsan_found *found)
{
	struct kept *kept = context;
	struct report *report = arena_push(kept->arena, &kept->reports,
					   &kept->count, sizeof(*report));

	*report = *report_copy(kept->arena, found->report);
}

void tsan_parse(struct arena *arena, const char *data, size_t len,
		struct report **reports, size_t *count)
{
	struct kept kept = {.arena = arena};
	struct tsan_parser *parser = tsan_parser_new(keep, &kept);

	tsan_parser_feed(parser, data, len);
	tsan_parser_end(parser);
	tsan_parser_free(parser);
	*reports = kept.reports;
	*count = kept.count;
}
