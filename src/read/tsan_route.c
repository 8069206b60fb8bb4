/*
 * Which open report does a line belong to, and does it begin or end one?
 */
#include "read/tsan_part.h"

/* why: what is missing because it ended here; NULL: nothing. */
void tsan_close(struct tsan_parser *parser, struct tsan_stream *stream,
		const char *why)
{
	struct report *report = stream->report;
	struct tsan_found found = {.report = report, .arena = &stream->arena};

	tsan_check(stream, why);
	report_mark_frees(report);
	report->end_byte = stream->end_byte;
	found.text = stream->text.data;
	found.text_len = stream->text_len;
	stream->text.data[stream->text_len] = '\0';
	parser->counts.reports++;
	parser->counts.incomplete += report->is_incomplete;
	parser->sink(parser->context, &found);
	arena_release(&stream->arena);
	stream->is_open = false;
	parser->open_count--;
}

static struct tsan_stream *free_stream(struct tsan_parser *parser)
{
	struct tsan_stream *oldest = &parser->streams[0];

	for (size_t i = 0; i < TSAN_STREAMS; i++) {
		struct tsan_stream *stream = &parser->streams[i];

		if (!stream->is_open)
			return stream;
		if (stream->end_byte < oldest->end_byte)
			oldest = stream;
	}
	tsan_close(parser, oldest, "its end (too many reports at once)");
	return oldest;
}

/* The longest prefix that fits; content: what follows it. */
static struct tsan_stream *stream_of(struct tsan_parser *parser,
				     const struct tsan_line *line,
				     struct slice *content)
{
	const char *end = line->text.at + line->text.len;
	struct tsan_stream *best = NULL;

	for (size_t i = 0; i < TSAN_STREAMS; i++) {
		struct tsan_stream *stream = &parser->streams[i];
		const char *at;

		if (!stream->is_open ||
		    (best && stream->prefix.len <= best->prefix.len))
			continue;
		at = tsan_prefix_match(&stream->prefix, line->text);
		if (!at)
			continue;
		best = stream;
		*content = (struct slice){at, (size_t)(end - at)};
	}
	return best;
}

/* The only open report, when its prefix may have been output that lacked its
 * line end. */
static struct tsan_stream *unsure_stream(struct tsan_parser *parser)
{
	if (parser->open_count != 1)
		return NULL;
	for (size_t i = 0; i < TSAN_STREAMS; i++)
		if (parser->streams[i].is_open)
			return parser->streams[i].prefix_is_sure
				       ? NULL
				       : &parser->streams[i];
	return NULL;
}

static void take_signature(struct tsan_parser *parser,
			   const struct tsan_stream *stream,
			   const struct tsan_message *message)
{
	const char *at =
		tsan_prefix_match(&parser->signature_prefix, message->before);
	struct scan rest = {at, message->before.at + message->before.len};

	if (!parser->has_signature || !at || !scan_done(&rest))
		return;
	stream->report->has_signature = true;
	stream->report->signature = parser->signature;
	parser->has_signature = false;
}

static void open_report(struct tsan_parser *parser,
			const struct tsan_message *message,
			const struct tsan_line *line)
{
	struct tsan_stream *stream = free_stream(parser);

	tsan_stream_open(stream, message, line);
	parser->open_count++;
	if (message->type != TSAN_MESSAGE_SUMMARY)
		parser->has_header = true;
	if (message->type == TSAN_MESSAGE_REPORT)
		take_signature(parser, stream, message);
}

/* FATAL and signals: a second message about the same end is part of the
 * first's report. */
static void take_failure(struct tsan_parser *parser, struct tsan_stream *stream,
			 const struct tsan_message *message,
			 const struct tsan_line *line)
{
	enum kind kind = stream ? stream->report->kind : KIND_UNKNOWN;
	struct scan text = scan_of(message->text);
	bool is_more = message->type == TSAN_MESSAGE_DEADLY
			       ? kind == KIND_DEADLY_SIGNAL
			       : stream && scan_text(&text, "nested bug");

	/* Cut in the name of the signal, or before it. */
	is_more |= kind == KIND_DEADLY_SIGNAL &&
		   (line->is_partial ||
		    (!stream->has_error &&
		     !memchr(message->text.at, ' ', message->text.len)));

	if (message->type == TSAN_MESSAGE_SIGNAL &&
	    kind == KIND_DEADLY_SIGNAL && !stream->has_error) {
		tsan_stream_signal(stream, message);
		tsan_stream_text(stream, line, true);
		return;
	}
	parser->counts.fatal++;
	if (is_more) {
		tsan_stream_text(stream, line, true);
		return;
	}
	if (stream)
		tsan_close(parser, stream, "its end (the process failed)");
	open_report(parser, message, line);
}

static void take_summary(struct tsan_parser *parser, struct tsan_stream *stream,
			 const struct tsan_message *message,
			 const struct tsan_line *line)
{
	bool is_whole;

	if (!stream)
		stream = unsure_stream(parser);
	if (!stream) {
		/* Its report was cut off before the log began; later, it is
		 * the rest of one that was ended already. */
		if (parser->has_header)
			return;
		open_report(parser, message, line);
		for (size_t i = 0; i < TSAN_STREAMS; i++)
			if (parser->streams[i].is_open &&
			    parser->streams[i].has_only_summary)
				stream = &parser->streams[i];
		stream->report->kind =
			kind_by_text(message->text.at, message->text.len);
	} else {
		tsan_stream_text(stream, line, true);
	}
	is_whole = tsan_stream_summary(stream, message, line->is_partial);
	tsan_close(parser, stream,
		   is_whole ? NULL : "the rest of its SUMMARY line");
}

static void take_marker(struct tsan_parser *parser, struct tsan_stream *stream,
			const struct tsan_message *message)
{
	if (stream)
		tsan_close(parser, stream,
			   stream->has_separator ? NULL : "its end");
	parser->has_signature = true;
	parser->signature = message->number;
	tsan_prefix_set(&parser->signature_prefix, message->before);
}

/* False when the line holds no message. */
static bool take_message(struct tsan_parser *parser, struct tsan_stream *stream,
			 const struct tsan_line *line)
{
	struct tsan_message message =
		tsan_message_read(line->text, line->is_partial);

	switch (message.type) {
	case TSAN_MESSAGE_NONE:
		return false;
	case TSAN_MESSAGE_REPORT:
		if (stream)
			tsan_close(parser, stream,
				   "its end (the next report begins)");
		open_report(parser, &message, line);
		break;
	case TSAN_MESSAGE_SUMMARY:
		take_summary(parser, stream, &message, line);
		break;
	case TSAN_MESSAGE_DEADLY:
	case TSAN_MESSAGE_SIGNAL:
	case TSAN_MESSAGE_FATAL:
		take_failure(parser, stream, &message, line);
		break;
	case TSAN_MESSAGE_TRAILER:
		parser->counts.trailers++;
		parser->counts.reported += message.number;
		break;
	case TSAN_MESSAGE_MATCHED:
		parser->counts.suppressed += message.number;
		break;
	case TSAN_MESSAGE_MARKER:
		take_marker(parser, stream, &message);
		break;
	}
	return true;
}

static bool has_message(struct slice text)
{
	return memmem(text.at, text.len, "ThreadSanitizer", 15) ||
	       memmem(text.at, text.len, "@snag ", 6);
}

/* A report of a fatal message ends with its stack, if it has one. */
static bool fatal_is_over(const struct tsan_stream *stream, enum tsan_own own)
{
	if (stream->report->kind != KIND_TSAN_FATAL)
		return false;
	if (stream->report->access_count)
		return own != TSAN_OWN;
	return stream->noise_lines > TSAN_FATAL_NOISE;
}

static void take_part(struct tsan_parser *parser, struct tsan_stream *stream,
		      struct slice content, const struct tsan_line *line)
{
	bool had_separator = stream->has_separator;
	enum tsan_own own = tsan_part_line(stream, content);

	if (fatal_is_over(stream, own)) {
		tsan_close(parser, stream, NULL);
		return;
	}
	/* After a separator without SUMMARY (print_summary=0): the report was
	 * whole, unless it goes on, and the separator was a program's. */
	if (had_separator && own != TSAN_OWN) {
		tsan_close(parser, stream, NULL);
		return;
	}
	stream->has_separator = own == TSAN_SEPARATOR;
	if (own == TSAN_OWN && stream->prefix.len)
		stream->prefix_is_sure = true;
	tsan_stream_text(stream, line, own == TSAN_OWN);
	if (stream->arena.used_bytes > TSAN_MODEL_BYTES)
		tsan_close(parser, stream, "its end (too large)");
}

/* A line without the prefix that the first line had. */
static void take_unprefixed(struct tsan_parser *parser,
			    const struct tsan_line *line)
{
	struct tsan_stream *stream = unsure_stream(parser);

	if (!stream || line->text.len < 3 ||
	    memcmp(line->text.at, "  ", 2) != 0)
		return;
	stream->prefix.len = 0;
	take_part(parser, stream, line->text, line);
}

static void close_quiet(struct tsan_parser *parser, uint64_t byte)
{
	for (size_t i = 0; i < TSAN_STREAMS; i++) {
		struct tsan_stream *stream = &parser->streams[i];

		if (stream->is_open &&
		    byte - stream->end_byte > TSAN_QUIET_BYTES)
			tsan_close(parser, stream,
				   stream->has_separator ? NULL : "its end");
	}
}

static void take_open(struct tsan_parser *parser, const struct tsan_line *line)
{
	struct slice content = line->text;
	struct tsan_stream *stream = stream_of(parser, line, &content);
	struct slice text = slice_trim(content);

	/* A frame names no message, and most lines are frames. */
	if ((!stream || !text.len || text.at[0] != '#') &&
	    has_message(line->text) && take_message(parser, stream, line))
		return;
	if (stream)
		take_part(parser, stream, content, line);
	else
		take_unprefixed(parser, line);
	close_quiet(parser, line->end_byte);
}

void tsan_take_line(struct tsan_parser *parser, const char *at, size_t len,
		    uint64_t bytes, bool is_partial)
{
	struct tsan_line line = {.raw = {at, len},
				 .begin_byte = parser->line_byte,
				 .end_byte = parser->line_byte + bytes,
				 .number = ++parser->line_number,
				 .is_partial = is_partial};

	parser->counts.lines++;
	parser->line_byte = line.end_byte;
	while (len && at[len - 1] == '\r')
		len--;
	line.text = tsan_plain((struct slice){at, len}, &parser->plain);
	if (parser->open_count)
		take_open(parser, &line);
	else if (has_message(line.text))
		take_message(parser, NULL, &line);
}
