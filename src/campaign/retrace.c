/* What a batch wrote down, as a reader knows it. */
#include <snag/scenario.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "campaign/retrace_part.h"

static const struct {
	const char *verb;
	enum trace_kind kind;
	bool is_atomic;
} words[SNAG_EVENT_KINDS] = {
	[SNAG_EVENT_READ] = {NULL, TRACE_READ, false},
	[SNAG_EVENT_ATOMIC_LOAD] = {NULL, TRACE_READ, true},
	[SNAG_EVENT_WRITE] = {NULL, TRACE_WRITE, false},
	[SNAG_EVENT_READ_WRITE] = {NULL, TRACE_UPDATE, false},
	[SNAG_EVENT_ATOMIC_STORE] = {NULL, TRACE_WRITE, true},
	[SNAG_EVENT_ATOMIC_UPDATE] = {NULL, TRACE_UPDATE, true},
	[SNAG_EVENT_FREE] = {"free", TRACE_FREE, false},
	[SNAG_EVENT_LOCK] = {"lock", TRACE_LOCK, false},
	[SNAG_EVENT_TRYLOCK] = {"try lock", TRACE_TRYLOCK, false},
	[SNAG_EVENT_UNLOCK] = {"unlock", TRACE_UNLOCK, false},
	[SNAG_EVENT_READ_LOCK] = {"read-lock", TRACE_LOCK, false},
	[SNAG_EVENT_TRY_READ_LOCK] = {"try read-lock", TRACE_TRYLOCK, false},
	[SNAG_EVENT_WAIT] = {"wait on", TRACE_WAIT, false},
	[SNAG_EVENT_SIGNAL] = {"signal", TRACE_SIGNAL, false},
	[SNAG_EVENT_BROADCAST] = {"broadcast", TRACE_SIGNAL, false},
	[SNAG_EVENT_SEM_WAIT] = {"sem_wait", TRACE_OTHER, false},
	[SNAG_EVENT_SEM_POST] = {"sem_post", TRACE_OTHER, false},
	[SNAG_EVENT_BARRIER] = {"barrier", TRACE_OTHER, false},
	[SNAG_EVENT_ONCE] = {"once", TRACE_OTHER, false},
	[SNAG_EVENT_CREATE] = {"creates a thread", TRACE_CREATE, false},
	[SNAG_EVENT_BEGIN] = {"begins", TRACE_BEGIN, false},
	[SNAG_EVENT_JOIN] = {"join", TRACE_JOIN, false},
	[SNAG_EVENT_END] = {"ends", TRACE_END, false},
	[SNAG_EVENT_CANCEL] = {"cancel", TRACE_OTHER, false},
	[SNAG_EVENT_YIELD] = {"yields", TRACE_YIELD, false},
	[SNAG_EVENT_SLEEP] = {"sleeps", TRACE_SLEEP, false},
	[SNAG_EVENT_POINT] = {"snag_point", TRACE_OTHER, false},
	[SNAG_EVENT_IO] = {"input or output", TRACE_OTHER, false},
	[SNAG_EVENT_OTHER] = {"call", TRACE_OTHER, false},
};

static void touch(struct retrace *t, const struct snag_trace_event *e)
{
	uint64_t end = e->address + (e->size ? e->size : 1);

	/* Of a range, so much as accesses elsewhere may meet. */
	for (uint64_t a = e->address >> 3;
	     a << 3 < end && a < (e->address >> 3) + 8; a++) {
		struct retrace_object *o = retrace_object(t, t->granules, a);

		if (!o->thread)
			o->thread = e->thread + 1U;
		else if (o->thread != e->thread + 1U)
			o->thread = RETRACE_SHARED;
	}
}

static bool is_private(struct retrace *t, const struct snag_trace_event *e)
{
	uint64_t end = e->address + (e->size ? e->size : 1);

	for (uint64_t a = e->address >> 3;
	     a << 3 < end && a < (e->address >> 3) + 8; a++)
		if (retrace_object(t, t->granules, a)->thread == RETRACE_SHARED)
			return false;
	return true;
}

static void set_place(struct retrace *t, const struct snag_trace_event *e,
		      struct trace_event *out)
{
	const struct retrace_place *p = retrace_place(t, e);
	const char *source = p->source;
	size_t len = p->source_len;

	out->file = p->file;
	out->function = p->function;
	out->line = p->line;
	while (source && len && (*source == ' ' || *source == '\t')) {
		source++;
		len--;
	}
	if (source && len)
		out->source = text_clean(t->arena, source, len, false);
}

static void set_event(struct retrace *t, const struct snag_trace_event *e,
		      struct trace_event *out)
{
	unsigned kind = e->kind < SNAG_EVENT_KINDS ? e->kind : SNAG_EVENT_OTHER;
	struct retrace_object *o;

	out->thread = e->thread;
	out->kind = words[kind].kind;
	out->verb = words[kind].verb;
	out->is_atomic = words[kind].is_atomic;
	out->address = e->address;
	out->size = e->size;
	out->is_choice = e->is_choice != 0;
	out->is_blocked = e->is_blocked != 0;
	set_place(t, e, out);
	if (!retrace_has_object(e))
		return;
	o = retrace_object(t, t->objects, e->address);
	out->object = o->name;
	if (!retrace_is_memory(e))
		return;
	out->is_private = is_private(t, e);
	out->value = retrace_value(t, e);
	/* What it overwrites, if that is another thread's doing. */
	if (out->kind != TRACE_READ && o->last && o->last != e->thread + 1U)
		out->before = o->value;
	o->value = out->value;
	o->last = e->thread + 1U;
}

static struct trace_thread *thread_of(struct retrace *t, struct trace *trace,
				      uint16_t number)
{
	struct trace_thread *thread;

	for (size_t i = 0; i < trace->thread_count; i++)
		if (trace->threads[i].number == number)
			return &trace->threads[i];
	thread = arena_push(t->arena, &trace->threads, &trace->thread_count,
			    sizeof(*thread));
	thread->number = number;
	return thread;
}

static int by_number(const void *a, const void *b)
{
	return ((const struct trace_thread *)a)->number -
	       ((const struct trace_thread *)b)->number;
}

static const char *name_of(const struct retrace *t, uint16_t number)
{
	const struct snag_explore *x = rerun_worker(t->rerun)->explore;
	const char *name = x->trace_names[number % SNAG_TRACE_NAMES];

	if (!number)
		return "main";
	if (number >= SNAG_TRACE_NAMES || !*name)
		return NULL;
	return text_clean(t->arena, name, strnlen(name, SNAG_THREAD_NAME),
			  false);
}

static void add_threads(struct retrace *t, struct trace *trace)
{
	for (size_t i = 0; i < trace->event_count; i++)
		thread_of(t, trace, trace->events[i].thread)->events++;
	if (trace->thread_count)
		qsort(trace->threads, trace->thread_count,
		      sizeof(*trace->threads), by_number);
	for (size_t i = 0; i < trace->thread_count; i++)
		trace->threads[i].name = name_of(t, trace->threads[i].number);
}

static void prepare(struct retrace *t, struct rerun *r, struct arena *arena)
{
	const struct snag_explore *x = rerun_worker(r)->explore;
	size_t slots = 1024;

	t->rerun = r;
	t->arena = arena;
	t->map = process_map_read(rerun_worker(r)->host, arena);
	t->count = x->trace_count < SNAG_TRACE_EVENTS ? (size_t)x->trace_count
						      : SNAG_TRACE_EVENTS;
	/* Each event has one place, one object and at most nine granules. */
	while (slots < t->count * 16)
		slots *= 2;
	t->mask = slots - 1;
	t->places = must_alloc(slots * sizeof(*t->places));
	t->objects = must_alloc(slots * sizeof(*t->objects));
	t->granules = must_alloc(slots * sizeof(*t->granules));
	/* Of our own: what was read once does not change any more. */
	t->events = memcpy(must_alloc((t->count + 1) * sizeof(*t->events)),
			   x->trace, t->count * sizeof(*t->events));
}

/* All places first: what stands in one column is told apart by them. */
static void look_around(struct retrace *t)
{
	for (size_t i = 0; i < t->count; i++) {
		retrace_place(t, &t->events[i]);
		if (retrace_is_memory(&t->events[i]))
			touch(t, &t->events[i]);
	}
	retrace_find_labels(t);
	retrace_names(t);
}

void retrace(struct rerun *r, struct arena *arena, struct trace *trace)
{
	struct retrace t = {0};
	uint64_t number = 0;

	prepare(&t, r, arena);
	look_around(&t);
	for (size_t i = 0; i < t.count; i++) {
		struct trace_event *e = arena_push(
			arena, &trace->events, &trace->event_count, sizeof(*e));

		set_event(&t, &t.events[i], e);
		e->number = e->is_blocked ? 0 : ++number;
	}
	if (rerun_worker(r)->explore->trace_count > t.count)
		trace->left_out =
			rerun_worker(r)->explore->trace_count - t.count;
	add_threads(&t, trace);
	retrace_stuck(&t, trace);
	retrace_locks(&t, trace);
	retrace_leaves(trace);
	retrace_notes(&t, trace);
	free(t.places);
	free(t.objects);
	free(t.granules);
	free((void *)(uintptr_t)t.events);
}
