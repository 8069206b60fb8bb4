#include "read/tsan_part.h"

/* "global 'NAME' of size N at ADDR (MODULE+0xOFFSET)" */
static bool read_global(struct scan in, struct arena *arena,
			struct location *location)
{
	struct slice name, module;

	if (!scan_text(&in, "global '"))
		return false;
	if (scan_until_last(&in, "' of size ", &name)) {
		if (!scan_number(&in, &location->size_bytes) ||
		    !scan_text(&in, " at "))
			return false;
	} else if (scan_until_last(&in, "' at 0x", &name)) {
		in.at -= 2;
	} else {
		return false;
	}
	if (!scan_hex(&in, &location->address) || !scan_text(&in, " (") ||
	    !scan_until_last(&in, "+0x", &module))
		return false;
	in.at -= 2;
	if (!scan_hex(&in, &location->offset) || !scan_text(&in, ")"))
		return false;
	location->type = LOCATION_GLOBAL;
	location->name = tsan_keep(arena, name);
	location->module = tsan_keep(arena, module);
	return true;
}

/* "heap block of size N at ADDR allocated by THREAD:", or another object's */
static bool read_block(struct scan in, struct arena *arena,
		       struct location *location)
{
	struct slice object;

	if (!scan_until_last(&in, " of size ", &object) ||
	    !scan_number(&in, &location->size_bytes) ||
	    !scan_text(&in, " at ") || !scan_hex(&in, &location->address) ||
	    !scan_text(&in, " allocated by ") ||
	    !tsan_read_thread(&in, arena, &location->thread))
		return false;
	if (slice_is(object, "heap block")) {
		location->type = LOCATION_HEAP;
	} else {
		location->type = LOCATION_OBJECT;
		location->name = tsan_keep(arena, object);
	}
	scan_text(&in, " at");
	return scan_text(&in, ":") && scan_done(&in);
}

static bool read_thread_memory(struct scan in, struct arena *arena,
			       struct location *location)
{
	if (scan_text(&in, "stack of "))
		location->type = LOCATION_STACK;
	else if (scan_text(&in, "TLS of "))
		location->type = LOCATION_TLS;
	else
		return false;
	return tsan_read_thread(&in, arena, &location->thread) &&
	       scan_text(&in, ".") && scan_done(&in);
}

static bool read_fd(struct scan in, struct arena *arena,
		    struct location *location)
{
	uint64_t fd;

	if (!scan_text(&in, "file descriptor ") || !scan_number(&in, &fd))
		return false;
	location->type = LOCATION_FD;
	location->fd = fd > INT32_MAX ? -1 : (int)fd;
	location->fd_is_closed = scan_text(&in, " destroyed");
	if ((!location->fd_is_closed && !scan_text(&in, " created")) ||
	    !scan_text(&in, " by ") ||
	    !tsan_read_thread(&in, arena, &location->thread))
		return false;
	scan_text(&in, " at");
	return scan_text(&in, ":") && scan_done(&in);
}

/* Where it has no name for it, clang 14 to 19 calls the main thread's stack a
 * global of a module "[stack]", some of them besides the right name. */
static bool is_main_stack(struct location *location)
{
	if (location->type != LOCATION_GLOBAL || location->name ||
	    !location->module || strcmp(location->module, "[stack]") != 0)
		return false;
	location->type = LOCATION_STACK;
	location->thread = "main";
	location->module = NULL;
	location->offset = 0;
	return true;
}

static bool has_stack(const struct report *report)
{
	for (size_t i = 0; i < report->location_count; i++)
		if (report->locations[i].type == LOCATION_STACK)
			return true;
	return false;
}

bool tsan_read_location(struct tsan_stream *stream, struct scan in)
{
	typedef bool read_function(struct scan, struct arena *,
				   struct location *);
	static read_function *const readers[] = {
		read_global, read_fd, read_thread_memory, read_block};
	struct report *report = stream->report;

	if (!scan_text(&in, "Location is "))
		return false;
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		struct location location = {0}, *added;

		if (!readers[i](in, &stream->arena, &location))
			continue;
		stream->stack = NULL;
		if (is_main_stack(&location) && has_stack(report))
			return true;
		added = arena_push(&stream->arena, &report->locations,
				   &report->location_count, sizeof(*added));
		*added = location;
		if (location.type == LOCATION_HEAP ||
		    location.type == LOCATION_FD ||
		    location.type == LOCATION_OBJECT)
			stream->stack = &added->stack;
		return true;
	}
	return false;
}

static bool read_thread_tail(struct scan *in, struct arena *arena,
			     struct thread_info *thread)
{
	if (!scan_text(in, "(tid=") || !scan_number(in, &thread->os_id))
		return false;
	thread->is_running = scan_text(in, ", running)");
	thread->is_finished =
		!thread->is_running && scan_text(in, ", finished)");
	if (!thread->is_running && !thread->is_finished)
		return false;
	if (scan_text(in, " is a GCD worker thread"))
		return scan_done(in);
	if (!scan_text(in, " created"))
		return false;
	if (scan_text(in, " by ") &&
	    !tsan_read_thread(in, arena, &thread->parent))
		return false;
	scan_text(in, " at:");
	return scan_done(in);
}

/* "Thread T1 'name' (tid=N, running) created by main thread at:" */
bool tsan_read_thread_line(struct tsan_stream *stream, struct scan in)
{
	struct arena *arena = &stream->arena;
	struct report *report = stream->report;
	struct thread_info thread = {0}, *added;
	struct slice name = {0};
	const char *begin;
	uint64_t ignored;

	if (!scan_text(&in, "Thread T"))
		return false;
	begin = in.at - 1;
	scan_text(&in, "-");
	if (!scan_number(&in, &ignored))
		return false;
	thread.id = tsan_keep(arena,
			      (struct slice){begin, (size_t)(in.at - begin)});
	if (!scan_text(&in, " "))
		return false;
	if (scan_text(&in, "'")) {
		if (!scan_until_last(&in, "' (tid=", &name))
			return false;
		in.at -= strlen("(tid=");
	}
	thread.name = tsan_keep(arena, name);
	if (!read_thread_tail(&in, arena, &thread))
		return false;
	added = arena_push(arena, &report->threads, &report->thread_count,
			   sizeof(*added));
	*added = thread;
	stream->stack =
		slice_ends((struct slice){begin, (size_t)(in.end - begin)},
			   "GCD worker thread")
			? NULL
			: &added->created;
	return true;
}
