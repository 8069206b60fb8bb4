#include "read/tsan_part.h"

/* "main thread" or "thread T1", and what may follow before the end. */
bool tsan_read_thread(struct scan *in, struct arena *arena, const char **thread)
{
	const char *begin;
	uint64_t ignored;

	if (scan_text(in, "main thread")) {
		*thread = "main";
		return true;
	}
	if (!scan_text(in, "thread T"))
		return false;
	begin = in->at - 1;
	scan_text(in, "-");
	if (!scan_number(in, &ignored))
		return false;
	*thread = tsan_keep(arena,
			    (struct slice){begin, (size_t)(in->at - begin)});
	return true;
}

bool tsan_read_mutex(struct scan *in, struct arena *arena, const char **id)
{
	const char *begin = in->at;
	uint64_t ignored;

	if (!scan_text(in, "M") || !scan_number(in, &ignored)) {
		in->at = begin;
		return false;
	}
	*id = tsan_keep(arena, (struct slice){begin, (size_t)(in->at - begin)});
	return true;
}

struct access *tsan_add_access(struct tsan_stream *stream, enum op op)
{
	struct report *report = stream->report;
	struct access *access =
		arena_push(&stream->arena, &report->accesses,
			   &report->access_count, sizeof(*access));

	access->op = op;
	stream->stack = &access->stack;
	return access;
}

/* " (mutexes: write M0, read M1)" */
static bool read_mutexes(struct scan *in, struct arena *arena,
			 struct access *access)
{
	if (!scan_text(in, " (mutexes: "))
		return true;
	do {
		bool is_read = scan_text(in, "read ");
		struct mutex_ref *ref;
		const char *id;

		if ((!is_read && !scan_text(in, "write ")) ||
		    !tsan_read_mutex(in, arena, &id))
			return false;
		ref = arena_push(arena, &access->mutexes, &access->mutex_count,
				 sizeof(*ref));
		*ref = (struct mutex_ref){.id = id, .is_read = is_read};
	} while (scan_text(in, ", "));
	return scan_text(in, ")");
}

static bool read_access_words(struct scan *in, struct access *access)
{
	access->is_atomic = access->is_previous ? scan_text(in, "atomic ")
						: scan_text(in, "Atomic ");
	if (scan_text(in, "Write of size ") || scan_text(in, "write of size "))
		access->op = OP_WRITE;
	else if (scan_text(in, "Read of size ") ||
		 scan_text(in, "read of size "))
		access->op = OP_READ;
	else
		return false;
	return scan_number(in, &access->size_bytes) && scan_text(in, " at ");
}

static bool read_external_words(struct scan *in, struct arena *arena,
				struct access *access)
{
	struct slice object;

	if (scan_text(in, "Modifying ") || scan_text(in, "modifying "))
		access->op = OP_WRITE;
	else if (scan_text(in, "Read-only ") || scan_text(in, "read-only "))
		access->op = OP_READ;
	if (!access->op || !scan_text(in, "access of ") ||
	    !scan_until_last(in, " at 0x", &object))
		return false;
	access->object = tsan_keep(arena, object);
	in->at -= 2;
	return true;
}

static bool read_access(struct tsan_stream *stream, struct scan in)
{
	struct access access = {0}, *added;
	struct arena *arena = &stream->arena;
	struct scan words;

	access.is_previous = scan_text(&in, "Previous ");
	words = in;
	if (!read_access_words(&in, &access)) {
		in = words;
		access.is_atomic = false;
		access.op = OP_UNKNOWN;
		if (!read_external_words(&in, arena, &access))
			return false;
	}
	if (!scan_hex(&in, &access.address) || !scan_text(&in, " by ") ||
	    !tsan_read_thread(&in, arena, &access.thread) ||
	    !read_mutexes(&in, arena, &access) || !scan_text(&in, ":") ||
	    !scan_done(&in))
		return false;
	added = tsan_add_access(stream, access.op);
	*added = access;
	if (access.object && !stream->report->kind)
		stream->report->kind = KIND_EXTERNAL_RACE;
	return true;
}

/* "As if synchronized via sleep:" */
static bool read_sleep(struct tsan_stream *stream, struct scan in)
{
	if (!scan_text(&in, "As if synchronized via sleep:") || !scan_done(&in))
		return false;
	stream->stack = &stream->report->sleep;
	return true;
}

/* "and:": the other stack of a report that is not about memory */
static bool read_and(struct tsan_stream *stream, struct scan in)
{
	if (!scan_text(&in, "and:") || !scan_done(&in) ||
	    !stream->report->access_count)
		return false;
	tsan_add_access(stream, OP_CALL)->is_previous = true;
	return true;
}

/* "And 3 more similar thread leaks." */
static bool read_more(struct tsan_stream *stream, struct scan in)
{
	struct report *report = stream->report;
	uint64_t more;

	if (!scan_text(&in, "And ") || !scan_number(&in, &more) ||
	    !scan_text(&in, " more similar thread leaks.") || !scan_done(&in) ||
	    !report->thread_count)
		return false;
	report->threads[report->thread_count - 1].more_leaks =
		more > UINT32_MAX ? UINT32_MAX : (unsigned)more;
	stream->stack = NULL;
	return true;
}

/* "Signal 10 handler invoked at:", before the stack */
static bool read_handler(struct tsan_stream *stream, struct scan in)
{
	uint64_t number;

	if (!scan_text(&in, "Signal ") || !scan_number(&in, &number) ||
	    !scan_text(&in, " handler invoked at:") || !scan_done(&in))
		return false;
	stream->report->signal = number > 128 ? 0 : (int)number;
	tsan_add_access(stream, OP_CALL);
	return true;
}

static bool read_lost(struct tsan_stream *stream, struct scan in)
{
	if (!scan_text(&in, "[failed to restore the stack]") || !scan_done(&in))
		return false;
	if (!stream->stack && !stream->report->access_count)
		tsan_add_access(stream, OP_CALL)->stack.is_lost = true;
	else if (stream->stack && !stream->stack->count)
		stream->empty_stacks -= stream->empty_stacks > 0;
	stream->stack = NULL;
	return true;
}

static bool read_hint(struct tsan_stream *stream, struct scan in)
{
	(void)stream;
	return scan_text(&in, "Hint: ") || scan_text(&in, "HINT: ");
}

typedef bool read_function(struct tsan_stream *stream, struct scan in);

static const struct {
	const char *begin;
	read_function *read;
} stanzas[] = {
	{"Write of size ", read_access},
	{"Read of size ", read_access},
	{"Previous ", read_access},
	{"Atomic ", read_access},
	{"Modifying access of ", read_access},
	{"Read-only access of ", read_access},
	{"As if synchronized via sleep", read_sleep},
	{"Location is ", tsan_read_location},
	{"Mutex M", tsan_read_mutex_line},
	{"Thread T", tsan_read_thread_line},
	{"Cycle in lock order graph: ", tsan_read_cycle},
	{"and:", read_and},
	{"And ", read_more},
	{"Signal ", read_handler},
	{"[failed to restore", read_lost},
	{"Hint: ", read_hint},
	{"HINT: ", read_hint},
};

enum tsan_fit tsan_stanza_read(struct tsan_stream *stream, struct slice text)
{
	for (size_t i = 0; i < sizeof(stanzas) / sizeof(stanzas[0]); i++) {
		struct scan in = scan_of(text);

		if (!text.len || *text.at != *stanzas[i].begin ||
		    !scan_text(&in, stanzas[i].begin))
			continue;
		return stanzas[i].read(stream, scan_of(text)) ? TSAN_FITS
							      : TSAN_BEGINS;
	}
	return TSAN_NO;
}
