#include "base/text.h"
#include "read/tsan_part.h"

static bool is_plain_ascii(struct slice text)
{
	unsigned bad = 0;

	for (size_t i = 0; i < text.len; i++)
		bad |= (unsigned char)(text.at[i] - 0x20) > 0x7e - 0x20;
	return !bad;
}

const char *tsan_keep(struct arena *arena, struct slice text)
{
	if (!text.len || slice_is(text, "<null>") || slice_is(text, "??"))
		return NULL;
	/* Nearly all is, and needs no second look. */
	if (is_plain_ascii(text))
		return arena_dup_n(arena, text.at, text.len);
	return text_clean(arena, text.at, text.len, false);
}

/*
 * "|pc|module|offset|function offset|file|line|column|function".  Names may
 * hold bars: the numbers between them say where they end.
 */
static void read_machine(struct scan in, struct tsan_frame *frame)
{
	struct scan at, numbers;
	const char *bar = NULL;
	uint64_t ignored;

	if (!scan_text(&in, "|") || !scan_hex(&in, &frame->pc) ||
	    !scan_text(&in, "|"))
		return;
	for (at = in; (bar = scan_find(&at, "|0x")); at.at = bar + 1) {
		numbers = (struct scan){bar + 1, in.end};
		if (scan_hex(&numbers, &frame->offset) &&
		    scan_text(&numbers, "|") && scan_hex(&numbers, &ignored) &&
		    scan_text(&numbers, "|"))
			break;
	}
	if (!bar)
		return;
	frame->module = (struct slice){in.at, (size_t)(bar - in.at)};
	frame->has_offset = !slice_is(frame->module, "<null>");
	in = at = numbers;
	for (; (bar = memchr(at.at, '|', scan_left(&at))); at.at = bar + 1) {
		numbers = (struct scan){bar + 1, in.end};
		if (scan_number(&numbers, &frame->line) &&
		    scan_text(&numbers, "|") &&
		    scan_number(&numbers, &frame->column) &&
		    scan_text(&numbers, "|"))
			break;
	}
	if (!bar)
		return;
	frame->file = (struct slice){in.at, (size_t)(bar - in.at)};
	frame->function =
		slice_trim((struct slice){numbers.at, scan_left(&numbers)});
	frame->is_whole = true;
}

/* Where the "(" is that the ")" at the end closes; NULL: none. */
static const char *group_begin(struct slice text)
{
	const char *at = text.at + text.len;
	int depth = 0;

	while (at > text.at) {
		at--;
		depth += *at == ')';
		depth -= *at == '(';
		if (!depth)
			return at;
	}
	return NULL;
}

/* macOS adds the architecture: "a.out:x86_64". */
static struct slice without_arch(struct slice module)
{
	static const char *const arches[] = {":x86_64", ":x86_64h", ":arm64",
					     ":arm64e", ":i386"};

	for (size_t i = 0; i < sizeof(arches) / sizeof(arches[0]); i++)
		if (slice_ends(module, arches[i]))
			module.len -= strlen(arches[i]);
	return module;
}

/* Takes "(BuildId: ...)" and "(module+0xoffset)", or "(0xpc)", off the end. */
static void take_module(struct slice *rest, struct tsan_frame *frame)
{
	struct slice group;
	struct scan in;
	const char *begin;

	for (int i = 0; i < 2 && slice_ends(*rest, ")"); i++) {
		begin = group_begin(*rest);
		if (!begin)
			return;
		group = (struct slice){
			begin + 1, (size_t)(rest->at + rest->len - begin) - 2};
		in = scan_of(group);
		if (scan_text(&in, "BuildId: ")) {
			;
		} else if (scan_hex(&in, &frame->pc) && !scan_left(&in)) {
			i = 2;
		} else if (scan_until_last(&in, "+0x", &frame->module)) {
			in.at -= 2;
			if (!scan_hex(&in, &frame->offset) || scan_left(&in))
				return;
			frame->module = without_arch(frame->module);
			frame->has_offset = true;
			i = 2;
		} else {
			return;
		}
		rest->len = (size_t)(begin - rest->at);
		*rest = slice_trim(*rest);
		frame->is_whole = true;
	}
}

/* Takes ":digits" or ":?" off the end. */
static bool take_line(struct slice *file, uint64_t *number)
{
	const char *at = file->at + file->len;
	struct scan in;

	if (slice_ends(*file, ":?")) {
		file->len -= 2;
		*number = 0;
		return true;
	}
	while (at > file->at && is_digit(at[-1]))
		at--;
	if (at == file->at + file->len || at == file->at || at[-1] != ':')
		return false;
	in = (struct scan){at, file->at + file->len};
	scan_number(&in, number);
	file->len = (size_t)(at - 1 - file->at);
	return true;
}

static bool looks_like_file(struct slice word)
{
	struct slice rest = word;
	uint64_t ignored;

	if (slice_is(word, "<null>") || slice_is(word, "??"))
		return true;
	if (memchr(word.at, '(', word.len) || memchr(word.at, ')', word.len))
		return false;
	return take_line(&rest, &ignored) || memchr(word.at, '/', word.len) ||
	       memchr(word.at, '.', word.len);
}

/* "FUNCTION FILE:LINE:COLUMN"; both may hold blanks. */
static void read_names(struct slice rest, struct tsan_frame *frame)
{
	const char *end = rest.at + rest.len;
	const char *gap = memmem(rest.at, rest.len, " /", 2);
	struct slice file;

	if (!gap || slice_ends(rest, " <null>"))
		gap = memrchr(rest.at, ' ', rest.len);
	frame->function = rest;
	if (!gap)
		return;
	file = (struct slice){gap + 1, (size_t)(end - gap) - 1};
	if (!looks_like_file(file) && file.at[0] != '/')
		return;
	frame->function.len = (size_t)(gap - rest.at);
	if (take_line(&file, &frame->column)) {
		if (!take_line(&file, &frame->line)) {
			frame->line = frame->column;
			frame->column = 0;
		}
	}
	frame->file = file;
}

bool tsan_frame_read(struct slice text, struct tsan_frame *frame)
{
	struct scan in = scan_of(text);
	struct slice rest;

	*frame = (struct tsan_frame){0};
	if (!scan_text(&in, "#") || !scan_number(&in, &frame->number) ||
	    in.at - text.at > 6 || !scan_left(&in))
		return false;
	if (*in.at == '|') {
		/* One that was cut counts as a frame, of unknown name. */
		read_machine(in, frame);
		return frame->is_whole || scan_text(&in, "|0x");
	}
	if (*in.at != ' ')
		return false;
	rest = slice_trim((struct slice){in.at, scan_left(&in)});
	take_module(&rest, frame);
	in = scan_of(rest);
	if (scan_hex(&in, &frame->pc)) {
		scan_text(&in, " in ");
		rest = slice_trim((struct slice){in.at, scan_left(&in)});
	}
	read_names(rest, frame);
	return true;
}

static unsigned to_unsigned(uint64_t value)
{
	return value > UINT32_MAX ? 0 : (unsigned)value;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Most frames of a stack share a module, and neighbours a file. */
static const char *keep_again(struct arena *arena, struct slice text,
			      const char *last)
{
	return last && slice_is(text, last) ? last : tsan_keep(arena, text);
}

void tsan_frame_store(struct arena *arena, const struct tsan_frame *frame,
		      struct frame *before, struct frame *into)
{
	into->module = keep_again(arena, frame->module,
				  before ? before->module : NULL);
	into->file =
		keep_again(arena, frame->file, before ? before->file : NULL);
	into->function = tsan_keep(arena, frame->function);
	into->pc = frame->pc;
	into->offset = frame->offset;
	into->line = to_unsigned(frame->line);
	into->column = to_unsigned(frame->column);
	into->has_offset = frame->has_offset;
	/* One address twice is a call put inline; the same line twice at one
	 * address is a function that called itself. */
	if (before)
		before->is_inlined =
			before->has_offset && into->has_offset &&
			before->offset == into->offset &&
			is_same(before->module, into->module) &&
			(before->line != into->line ||
			 !is_same(before->function, into->function));
}
