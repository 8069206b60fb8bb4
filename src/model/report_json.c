#include <stdlib.h>

#include "model/result_parts.h"

static const char *const location_words[] = {
	[LOCATION_NONE] = "none",     [LOCATION_GLOBAL] = "global",
	[LOCATION_HEAP] = "heap",     [LOCATION_STACK] = "stack",
	[LOCATION_TLS] = "tls",       [LOCATION_FD] = "fd",
	[LOCATION_OBJECT] = "object",
};

#define LOCATION_WORDS (sizeof(location_words) / sizeof(location_words[0]))

static json_t *access_to_json(struct arena *arena, const struct access *access,
			      const struct excerpt *excerpt)
{
	json_t *object = json_object(), *mutexes = json_array();

	put_text(arena, object, "op", op_name(access->op));
	put_flag(object, "atomic", access->is_atomic);
	put_flag_if(object, "previous", access->is_previous);
	put_flag_if(object, "free", access->is_free);
	put_count_if(object, "size", access->size_bytes);
	if (access->address)
		put_hex(object, "address", access->address);
	put_text(arena, object, "object", access->object);
	put_text(arena, object, "thread", access->thread);
	for (size_t i = 0; i < access->mutex_count; i++) {
		json_t *mutex = json_object();

		put_text(arena, mutex, "id", access->mutexes[i].id);
		put_text(arena, mutex, "mode",
			 access->mutexes[i].is_read ? "read" : "write");
		json_array_append_new(mutexes, mutex);
	}
	json_object_set_new(object, "mutexes", mutexes);
	put_text(arena, object, "acquired", access->acquired);
	put_text(arena, object, "holding", access->holding);
	put_text(arena, object, "waits_for", access->waits_for);
	stack_put(arena, object, &access->stack);
	if (access->held_stack.count || access->held_stack.is_lost) {
		json_t *held = json_object();

		stack_put(arena, held, &access->held_stack);
		json_object_set_new(object, "held", held);
	}
	if (excerpt && excerpt->count) {
		json_t *lines = json_object();

		put_text(arena, lines, "file", excerpt->file);
		put_count(lines, "first_line", excerpt->first_line);
		put_count(lines, "line", excerpt->line);
		put_texts(arena, lines, "lines", excerpt->lines,
			  excerpt->count);
		json_object_set_new(object, "excerpt", lines);
	}
	return object;
}

static void mutex_ref_get(struct json_reader *r, const json_t *object,
			  void *slot)
{
	static const char *const modes[] = {"write", "read"};
	struct mutex_ref *mutex = slot;

	mutex->id = need_text(r, object, "id");
	mutex->is_read = get_word(r, object, "mode", modes, 2, 0) == 1;
}

static void held_get(struct json_reader *r, const json_t *object, void *slot)
{
	stack_get(r, object, slot);
}

static void access_get(struct json_reader *r, const json_t *object, void *slot)
{
	static const char *const ops[] = {"unknown", "read", "write",
					  "lock",    "call", "wait"};
	struct access *access = slot;

	access->op = (enum op)get_word(
		r, object, "op", ops, sizeof(ops) / sizeof(ops[0]), OP_UNKNOWN);
	access->is_atomic = get_flag(r, object, "atomic");
	access->is_previous = get_flag(r, object, "previous");
	access->is_free = get_flag(r, object, "free");
	access->size_bytes = get_count(r, object, "size");
	access->address = get_hex(r, object, "address", NULL);
	access->object = get_text(r, object, "object");
	access->thread = get_text(r, object, "thread");
	access->mutexes =
		get_objects(r, object, "mutexes", &access->mutex_count,
			    sizeof(*access->mutexes), mutex_ref_get);
	access->acquired = get_text(r, object, "acquired");
	access->holding = get_text(r, object, "holding");
	access->waits_for = get_text(r, object, "waits_for");
	stack_get(r, object, &access->stack);
	get_object(r, object, "held", held_get, &access->held_stack);
}

static void excerpt_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct excerpt *excerpt = slot;

	excerpt->file = get_text(r, object, "file");
	excerpt->first_line = get_unsigned(r, object, "first_line");
	excerpt->line = get_unsigned(r, object, "line");
	excerpt->lines = get_texts(r, object, "lines", &excerpt->count);
}

/* The accesses once more, for what stands in them but not in the report. */
static void access_excerpt_get(struct json_reader *r, const json_t *object,
			       void *slot)
{
	get_object(r, object, "excerpt", excerpt_get, slot);
}

static json_t *location_to_json(struct arena *arena,
				const struct location *location)
{
	json_t *object = json_object();
	enum location_type type = location->type;

	put_text(arena, object, "type",
		 location_words[type < LOCATION_WORDS ? type : LOCATION_NONE]);
	put_text(arena, object, "name", location->name);
	put_text(arena, object, "module", location->module);
	put_text(arena, object, "file", location->file);
	put_count_if(object, "line", location->line);
	put_text(arena, object, "thread", location->thread);
	put_count_if(object, "size", location->size_bytes);
	if (location->address)
		put_hex(object, "address", location->address);
	if (type == LOCATION_FD) {
		put_count(object, "fd",
			  location->fd < 0 ? 0 : (uint64_t)location->fd);
		put_flag(object, "closed", location->fd_is_closed);
	}
	stack_put(arena, object, &location->stack);
	return object;
}

static void location_get(struct json_reader *r, const json_t *object,
			 void *slot)
{
	struct location *location = slot;
	uint64_t fd = get_count(r, object, "fd");

	if (fd > INT32_MAX) {
		get_fail(r, "fd", "is not a number below 2^31");
		fd = 0;
	}
	location->type =
		(enum location_type)get_word(r, object, "type", location_words,
					     LOCATION_WORDS, LOCATION_NONE);
	location->name = get_text(r, object, "name");
	location->module = get_text(r, object, "module");
	location->file = get_text(r, object, "file");
	location->line = get_unsigned(r, object, "line");
	location->thread = get_text(r, object, "thread");
	location->size_bytes = get_count(r, object, "size");
	location->address = get_hex(r, object, "address", NULL);
	location->fd = (int)fd;
	location->fd_is_closed = get_flag(r, object, "closed");
	stack_get(r, object, &location->stack);
}

static json_t *thread_to_json(struct arena *arena,
			      const struct thread_info *thread)
{
	json_t *object = json_object();

	put_text(arena, object, "id", thread->id);
	put_text(arena, object, "name", thread->name);
	put_count_if(object, "os_id", thread->os_id);
	put_text(arena, object, "state",
		 thread->is_finished  ? "finished"
		 : thread->is_running ? "running"
				      : NULL);
	put_text(arena, object, "parent", thread->parent);
	put_count_if(object, "more_leaks", thread->more_leaks);
	stack_put(arena, object, &thread->created);
	return object;
}

static void thread_get(struct json_reader *r, const json_t *object, void *slot)
{
	static const char *const states[] = {"finished", "running"};
	struct thread_info *thread = slot;
	int state = get_word(r, object, "state", states, 2, -1);

	thread->id = get_text(r, object, "id");
	thread->name = get_text(r, object, "name");
	thread->os_id = get_count(r, object, "os_id");
	thread->is_finished = state == 0;
	thread->is_running = state == 1;
	thread->parent = get_text(r, object, "parent");
	thread->more_leaks = get_unsigned(r, object, "more_leaks");
	stack_get(r, object, &thread->created);
}

static json_t *mutex_to_json(struct arena *arena,
			     const struct mutex_info *mutex)
{
	json_t *object = json_object();

	put_text(arena, object, "id", mutex->id);
	if (mutex->address)
		put_hex(object, "address", mutex->address);
	put_flag_if(object, "destroyed", mutex->is_destroyed);
	stack_put(arena, object, &mutex->created);
	return object;
}

static void mutex_get(struct json_reader *r, const json_t *object, void *slot)
{
	struct mutex_info *mutex = slot;

	mutex->id = get_text(r, object, "id");
	mutex->address = get_hex(r, object, "address", NULL);
	mutex->is_destroyed = get_flag(r, object, "destroyed");
	stack_get(r, object, &mutex->created);
}

static void put_locations(struct arena *arena, json_t *object,
			  const struct report *report)
{
	json_t *more;

	if (!report->location_count)
		return;
	json_object_set_new(object, "location",
			    location_to_json(arena, &report->locations[0]));
	if (report->location_count == 1)
		return;
	more = json_array();
	for (size_t i = 1; i < report->location_count; i++)
		json_array_append_new(
			more, location_to_json(arena, &report->locations[i]));
	json_object_set_new(object, "more_locations", more);
}

static void get_locations(struct json_reader *r, const json_t *object,
			  struct report *report)
{
	struct location first = {0}, *more, *all;
	size_t count;

	if (!get_object(r, object, "location", location_get, &first))
		return;
	more = get_objects(r, object, "more_locations", &count, sizeof(*more),
			   location_get);
	all = arena_alloc(r->arena, (count + 1) * sizeof(*all));
	all[0] = first;
	for (size_t i = 0; i < count; i++)
		all[i + 1] = more[i];
	report->locations = all;
	report->location_count = count + 1;
}

void report_put(struct arena *arena, json_t *object,
		const struct report *report, const struct excerpt *excerpts)
{
	json_t *accesses = json_array(), *threads = json_array(),
	       *mutexes = json_array();

	for (size_t i = 0; i < report->access_count; i++)
		json_array_append_new(
			accesses,
			access_to_json(arena, &report->accesses[i],
				       excerpts ? &excerpts[i] : NULL));
	for (size_t i = 0; i < report->thread_count; i++)
		json_array_append_new(
			threads, thread_to_json(arena, &report->threads[i]));
	for (size_t i = 0; i < report->mutex_count; i++)
		json_array_append_new(
			mutexes, mutex_to_json(arena, &report->mutexes[i]));
	json_object_set_new(object, "accesses", accesses);
	put_locations(arena, object, report);
	json_object_set_new(object, "threads", threads);
	json_object_set_new(object, "mutexes", mutexes);
	if (report->sleep.count || report->sleep.is_lost) {
		json_t *sleep = json_object();

		stack_put(arena, sleep, &report->sleep);
		json_object_set_new(object, "sleep", sleep);
	}
	put_text(arena, object, "summary", report->summary);
	put_count_if(object, "signal",
		     report->signal < 0 ? 0 : (uint64_t)report->signal);
	put_count_if(object, "pid", report->pid);
	put_count_if(object, "first_line", report->first_line);
	put_flag(object, "incomplete", report->is_incomplete);
	put_text(arena, object, "missing", report->missing);
}

void report_get(struct json_reader *r, const json_t *object,
		struct report *report, struct excerpt **excerpts)
{
	size_t count;

	report->accesses =
		get_objects(r, object, "accesses", &report->access_count,
			    sizeof(*report->accesses), access_get);
	*excerpts = get_objects(r, object, "accesses", &count,
				sizeof(**excerpts), access_excerpt_get);
	get_locations(r, object, report);
	report->threads =
		get_objects(r, object, "threads", &report->thread_count,
			    sizeof(*report->threads), thread_get);
	report->mutexes =
		get_objects(r, object, "mutexes", &report->mutex_count,
			    sizeof(*report->mutexes), mutex_get);
	get_object(r, object, "sleep", held_get, &report->sleep);
	report->summary = get_text(r, object, "summary");
	report->signal = (int)(get_unsigned(r, object, "signal") & 0xff);
	report->pid = get_count(r, object, "pid");
	report->first_line = get_count(r, object, "first_line");
	report->is_incomplete = get_flag(r, object, "incomplete");
	report->missing = get_text(r, object, "missing");
}
