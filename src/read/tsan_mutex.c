#include "read/tsan_part.h"

static struct mutex_info *mutex_of(struct tsan_stream *stream, const char *id)
{
	struct report *report = stream->report;

	for (size_t i = 0; i < report->mutex_count; i++)
		if (!strcmp(report->mutexes[i].id, id))
			return &report->mutexes[i];
	if (report->mutex_count >= TSAN_PARTS)
		return NULL;
	return arena_push(&stream->arena, &report->mutexes,
			  &report->mutex_count, sizeof(struct mutex_info));
}

/* "acquired here while holding mutex M0 in thread T1:" */
static bool read_edge(struct tsan_stream *stream, struct scan in,
		      const char *id)
{
	struct access edge = {.op = OP_LOCK, .acquired = id}, *added;
	struct arena *arena = &stream->arena;

	if (!scan_text(&in, " acquired here while holding mutex ") ||
	    !tsan_read_mutex(&in, arena, &edge.holding) ||
	    !scan_text(&in, " in ") ||
	    !tsan_read_thread(&in, arena, &edge.thread) ||
	    !scan_text(&in, ":") || !scan_done(&in))
		return false;
	added = tsan_add_access(stream, OP_LOCK);
	*added = edge;
	return true;
}

static bool read_held(struct tsan_stream *stream, struct scan in)
{
	struct report *report = stream->report;

	if (!scan_text(&in, " previously acquired by the same thread here:") ||
	    !scan_done(&in) || !report->access_count)
		return false;
	stream->stack = &report->accesses[report->access_count - 1].held_stack;
	return true;
}

bool tsan_read_mutex_line(struct tsan_stream *stream, struct scan in)
{
	struct mutex_info *mutex;
	uint64_t address = 0;
	const char *id;
	bool is_destroyed;

	if (!scan_text(&in, "Mutex ") ||
	    !tsan_read_mutex(&in, &stream->arena, &id))
		return false;
	if (read_edge(stream, in, id) || read_held(stream, in))
		return true;
	is_destroyed = scan_text(&in, " is already destroyed.");
	if (!is_destroyed &&
	    (!scan_text(&in, " (") || !scan_hex(&in, &address) ||
	     !scan_text(&in, ") created at:")))
		return false;
	if (!scan_done(&in))
		return false;
	mutex = mutex_of(stream, id);
	if (!mutex)
		return false;
	mutex->id = id;
	mutex->address = address;
	mutex->is_destroyed = is_destroyed;
	stream->stack = is_destroyed ? NULL : &mutex->created;
	return true;
}

/* "M0 (ADDR) => M1 (ADDR) => M0" */
bool tsan_read_cycle(struct tsan_stream *stream, struct scan in)
{
	struct arena *arena = &stream->arena;
	const char *first = NULL;
	size_t len = 0;

	if (!scan_text(&in, "Cycle in lock order graph: "))
		return false;
	for (;;) {
		struct mutex_info *mutex;
		uint64_t address;
		const char *id;

		if (!tsan_read_mutex(&in, arena, &id))
			return false;
		if (scan_done(&in)) {
			/* It ends where it began, or is wrapped here. */
			if (!first || strcmp(first, id) != 0)
				return false;
			break;
		}
		first = first ? first : id;
		in.at -= in.at[-1] == ' ';
		if (!scan_text(&in, " (") || !scan_hex(&in, &address) ||
		    !scan_text(&in, ") => "))
			return false;
		mutex = mutex_of(stream, id);
		if (!mutex)
			return false;
		mutex->id = id;
		mutex->address = address;
		len++;
	}
	stream->cycle_len = len;
	stream->stack = NULL;
	return len > 0;
}
