#include "read/tsan_part.h"

void tsan_stream_init(struct tsan_stream *stream)
{
	*stream = (struct tsan_stream){0};
	buf_init(&stream->text, TSAN_TEXT_BYTES);
	buf_init(&stream->wrap, TSAN_WRAP_BYTES);
}

void tsan_stream_release(struct tsan_stream *stream)
{
	arena_release(&stream->arena);
	buf_release(&stream->text);
	buf_release(&stream->wrap);
}

static enum kind kind_of(const struct tsan_message *message)
{
	switch (message->type) {
	case TSAN_MESSAGE_FATAL:
		return KIND_TSAN_FATAL;
	case TSAN_MESSAGE_DEADLY:
	case TSAN_MESSAGE_SIGNAL:
		return KIND_DEADLY_SIGNAL;
	default:
		return kind_by_text(message->text.at, message->text.len);
	}
}

void tsan_stream_open(struct tsan_stream *stream,
		      const struct tsan_message *message,
		      const struct tsan_line *line)
{
	struct tsan_stream fresh = {
		.is_open = true, .text = stream->text, .wrap = stream->wrap};
	struct report *report;

	arena_release(&stream->arena);
	*stream = fresh;
	buf_clear(&stream->text);
	buf_clear(&stream->wrap);
	tsan_prefix_set(&stream->prefix, message->before);
	report = arena_alloc(&stream->arena, sizeof(*report));
	report->kind = kind_of(message);
	report->begin_byte = line->begin_byte;
	report->first_line = line->number;
	stream->report = report;
	if (message->type == TSAN_MESSAGE_SUMMARY) {
		stream->has_only_summary = true;
	} else if (message->type == TSAN_MESSAGE_SIGNAL) {
		tsan_stream_signal(stream, message);
	} else {
		report->pid = message->number;
		if (message->type != TSAN_MESSAGE_DEADLY)
			report->kind_text = tsan_keep(
				&stream->arena, slice_trim(message->text));
	}
	stream->is_broken = line->is_partial && report->kind == KIND_TSAN_FATAL;
	tsan_stream_text(stream, line, true);
}

void tsan_stream_text(struct tsan_stream *stream, const struct tsan_line *line,
		      bool is_own)
{
	buf_add(&stream->text, line->raw.at, line->raw.len);
	buf_add(&stream->text, "\n", 1);
	if (!is_own)
		return;
	stream->text_len = stream->text.len;
	stream->text_is_cut = stream->text.is_cut;
	stream->end_byte = line->end_byte;
}

/* Does it end in the name of a function that the report tells of?  Then it
 * was not cut. */
static bool ends_in_function(const struct report *report, struct slice summary)
{
	const struct stack *stack = NULL;
	struct scan in = scan_of(summary);
	struct slice before;
	bool is_found = false;

	if (!scan_until_last(&in, " in ", &before))
		return false;
	if (report->access_count)
		stack = &report->accesses[0].stack;
	else if (report->thread_count)
		stack = &report->threads[0].created;
	for (size_t i = 0; stack && i < stack->count; i++) {
		const char *function = stack->frames[i].function;

		if (!function || strncmp(function, in.at, scan_left(&in)) != 0)
			continue;
		/* "add" may be what is left of "add_one". */
		if (function[scan_left(&in)])
			return false;
		is_found = true;
	}
	return is_found;
}

bool tsan_stream_summary(struct tsan_stream *stream,
			 const struct tsan_message *message, bool is_partial)
{
	struct report *report = stream->report;
	struct slice text = slice_trim(message->text);
	enum kind kind = kind_by_text(text.at, text.len);
	struct scan in = scan_of(text);

	stream->has_summary = true;
	if (stream->has_only_summary && kind)
		report->kind_text =
			tsan_keep(&stream->arena, tsan_kind_text(text, kind));
	if (report->kind_text && scan_text(&in, report->kind_text))
		scan_spaces(&in);
	else if (report->kind != KIND_TSAN_FATAL && report->kind_text)
		stream->has_other_summary = kind != report->kind || !kind;
	report->summary = tsan_keep(&stream->arena,
				    (struct slice){in.at, scan_left(&in)});
	return !is_partial ||
	       ends_in_function(report, (struct slice){in.at, scan_left(&in)});
}

void tsan_stream_signal(struct tsan_stream *stream,
			const struct tsan_message *message)
{
	struct report *report = stream->report;

	stream->has_error = true;
	report->signal = message->signal;
	report->pid = message->number;
	report->kind_text = tsan_keep(&stream->arena, message->text);
	tsan_add_access(stream, OP_CALL)->address = message->address;
	/* As of a heading: its frames must follow. */
	stream->stack->is_lost = true;
	stream->empty_stacks++;
}
