/*
 * Most lines of a report are frames, so these are tried first.  A line that
 * is neither frame nor stanza may be the rest of a wrapped line, or a line of
 * the report after foreign output that lacked its line end; else it is
 * foreign itself.
 */
#include "read/tsan_part.h"

enum { WRAP_MAX_LINES = 6, GLUED_MAX = 16 };

/* A stack is lost until its first frame: so a heading that nothing follows
 * is seen as such. */
static void begin_stack(struct tsan_stream *stream)
{
	struct stack *stack = stream->stack;

	if (stack && !stack->count && !stack->is_lost) {
		stack->is_lost = true;
		stream->empty_stacks++;
	}
}

/* The stack that frame #number belongs to; NULL: to none. */
static struct stack *stack_for(struct tsan_stream *stream, uint64_t number)
{
	const struct report *report = stream->report;

	if (!stream->stack && !report->access_count &&
	    !kind_is_race(report->kind) &&
	    report->kind != KIND_LOCK_INVERSION) {
		tsan_add_access(stream, OP_CALL);
		begin_stack(stream);
	}
	/* Frame 0 of a stack whose heading was lost, or is new to us. */
	if (!number && stream->stack && stream->stack->count)
		stream->stack = NULL;
	if (!stream->stack || number < stream->stack->count) {
		stream->has_stray_frames = true;
		return NULL;
	}
	return stream->stack;
}

static void add_frame(struct tsan_stream *stream,
		      const struct tsan_frame *frame)
{
	struct stack *stack = stack_for(stream, frame->number);
	bool is_first;
	struct frame *into;

	if (!stack || stack->count >= TSAN_FRAMES)
		return;
	is_first = !stack->count;
	if (is_first) {
		stack->is_lost = false;
		stream->empty_stacks -= stream->empty_stacks > 0;
	}
	if (frame->number > stack->count && !stream->has_gap) {
		stack->is_lost = true;
		stream->has_gap = stream->has_lost_frames = true;
	}
	into = arena_push(&stream->arena, &stack->frames, &stack->count,
			  sizeof(*into));
	tsan_frame_store(&stream->arena, frame, is_first ? NULL : into - 1,
			 into);
}

static void wrap_end(struct tsan_stream *stream)
{
	if (stream->wrap.len && !stream->wrap_is_frame)
		stream->is_broken = true;
	buf_clear(&stream->wrap);
	stream->wrap_lines = 0;
}

static void wrap_begin(struct tsan_stream *stream, struct slice text,
		       bool is_frame)
{
	wrap_end(stream);
	stream->wrap_is_frame = is_frame;
	buf_add(&stream->wrap, text.at, text.len);
}

/* Does a blank belong where a frame was wrapped?  Where file, module or build
 * begin on the new line, and after a comma. */
static bool needs_blank(const struct buf *wrap, struct slice rest)
{
	const struct slice before = {wrap->data, wrap->len};
	struct scan in = scan_of(rest);

	if (slice_ends(before, " "))
		return false;
	if (slice_ends(before, ",") || slice_ends(before, "(BuildId:") ||
	    scan_text(&in, "<null>"))
		return true;
	if (scan_text(&in, "../"))
		return !memmem(wrap->data, wrap->len, " ../", 4);
	if (scan_text(&in, "/"))
		return !memmem(wrap->data, wrap->len, " /", 2);
	return scan_text(&in, "(") &&
	       (scan_find(&in, "+0x") || scan_find(&in, "BuildId"));
}

static bool rejoin_frame(struct tsan_stream *stream)
{
	struct stack *stack = stream->stack;
	struct tsan_frame frame;
	struct frame *into;

	if (!tsan_frame_read(
		    (struct slice){stream->wrap.data, stream->wrap.len},
		    &frame) ||
	    !frame.is_whole)
		return false;
	stream->frame_is_part = false;
	if (!stack || !stack->count)
		return true;
	into = &stack->frames[stack->count - 1];
	*into = (struct frame){0};
	tsan_frame_store(&stream->arena, &frame,
			 stack->count > 1 ? into - 1 : NULL, into);
	return true;
}

static bool rejoin_stanza(struct tsan_stream *stream, size_t joint)
{
	struct buf *wrap = &stream->wrap;
	struct slice text = {wrap->data, wrap->len};

	if (tsan_stanza_read(stream, slice_trim(text)) == TSAN_FITS)
		return true;
	/* Once more with a blank where the line was broken. */
	buf_add(wrap, " ", 1);
	text = (struct slice){wrap->data, wrap->len};
	memmove(wrap->data + joint + 1, wrap->data + joint,
		wrap->len - joint - 1);
	wrap->data[joint] = ' ';
	if (tsan_stanza_read(stream, slice_trim(text)) == TSAN_FITS)
		return true;
	memmove(wrap->data + joint, wrap->data + joint + 1,
		wrap->len - joint - 1);
	wrap->len--;
	return false;
}

static bool rejoin(struct tsan_stream *stream, struct slice content)
{
	struct buf *wrap = &stream->wrap;
	struct slice rest = slice_trim(content);
	size_t joint = wrap->len;
	bool is_done;

	if (!wrap->len || wrap->len + rest.len + 2 > TSAN_WRAP_BYTES ||
	    ++stream->wrap_lines > WRAP_MAX_LINES)
		return false;
	if (stream->wrap_is_frame && needs_blank(wrap, rest))
		buf_add(wrap, " ", 1);
	rest.len = (size_t)(content.at + content.len - rest.at);
	buf_add(wrap, rest.at, rest.len);
	is_done = stream->wrap_is_frame ? rejoin_frame(stream)
					: rejoin_stanza(stream, joint);
	if (is_done) {
		buf_clear(wrap);
		stream->wrap_lines = 0;
		begin_stack(stream);
	}
	return is_done;
}

static bool is_separator(struct slice text)
{
	return slice_ends(text, "==================");
}

static bool read_glued(struct tsan_stream *stream, struct slice text)
{
	struct tsan_frame frame;

	if (text.at[0] != '#') {
		if (tsan_stanza_read(stream, text) != TSAN_FITS)
			return false;
		begin_stack(stream);
		return true;
	}
	if (!tsan_frame_read(text, &frame) || !frame.is_whole ||
	    frame.number != (stream->stack ? stream->stack->count : 0))
		return false;
	add_frame(stream, &frame);
	return true;
}

/* A line of the report after output that did not end its own. */
static bool find_glued(struct tsan_stream *stream, struct slice content)
{
	struct scan in = scan_of(slice_trim(content));
	const char *at;

	for (int i = 0; i < GLUED_MAX && (at = scan_find(&in, "  ")); i++) {
		struct slice text;

		in.at = at;
		scan_spaces(&in);
		text = (struct slice){in.at, scan_left(&in)};
		if (text.len && read_glued(stream, text))
			return true;
	}
	return false;
}

static bool take_frame(struct tsan_stream *stream, struct slice content,
		       struct slice text)
{
	struct tsan_frame frame;

	if (!tsan_frame_read(text, &frame))
		return false;
	/* "#1 is fixed" of a program, unless indentation was lost. */
	if (!frame.is_whole && text.at == content.at && !stream->is_flat)
		return false;
	add_frame(stream, &frame);
	stream->frame_is_part = !frame.is_whole;
	text.len = (size_t)(content.at + content.len - text.at);
	if (!frame.is_whole)
		wrap_begin(stream, text, true);
	else if (stream->wrap.len)
		wrap_end(stream);
	return true;
}

enum tsan_own tsan_part_line(struct tsan_stream *stream, struct slice content)
{
	struct slice text = slice_trim(content);
	enum tsan_fit fit;

	if (!text.len) {
		wrap_end(stream);
		return TSAN_BLANK;
	}
	if (text.at[0] == '#' && take_frame(stream, content, text))
		return TSAN_OWN;
	if (is_separator(text) && text.len == 18) {
		wrap_end(stream);
		return TSAN_SEPARATOR;
	}
	fit = tsan_stanza_read(stream, text);
	if (fit == TSAN_FITS) {
		wrap_end(stream);
		stream->has_gap = false;
		stream->is_flat |= text.at == content.at;
		begin_stack(stream);
		return TSAN_OWN;
	}
	if (rejoin(stream, content))
		return TSAN_OWN;
	if (fit == TSAN_BEGINS && (text.at > content.at || stream->is_flat)) {
		text.len = (size_t)(content.at + content.len - text.at);
		wrap_begin(stream, text, false);
		return TSAN_OWN;
	}
	if (find_glued(stream, content))
		return TSAN_OWN;
	if (is_separator(text))
		return TSAN_SEPARATOR;
	stream->noise_lines++;
	return TSAN_FOREIGN;
}

/* The text ends too early: the last stack may have had more frames, and of its
 * last one perhaps half is there. */
static void cut_stack(struct tsan_stream *stream)
{
	struct stack *stack = stream->stack;

	if (!stack || !stack->count)
		return;
	stack->is_lost = true;
	if (!stream->frame_is_part)
		return;
	stack->count--;
	stream->has_lost_frames = true;
}

void tsan_part_end(struct tsan_stream *stream, bool is_cut)
{
	if (is_cut)
		cut_stack(stream);
	wrap_end(stream);
}
