/* What the events of a trace mean for each other. */
#include <string.h>

#include "campaign/retrace_part.h"
#include "model/kind.h"

enum { MAX_HELD = 256 };

/* Locks that are held, the latest last. */
struct held {
	struct {
		uint64_t address;
		const char *name;
		uint16_t thread;
		unsigned depth;
	} locks[MAX_HELD];
	size_t count;
};

static size_t find(const struct held *h, uint64_t address)
{
	size_t i = 0;

	while (i < h->count && h->locks[i].address != address)
		i++;
	return i;
}

static void take(struct held *h, const struct trace_event *e)
{
	size_t i = find(h, e->address);

	if (i < h->count && h->locks[i].thread == e->thread) {
		h->locks[i].depth++;
	} else if (h->count < MAX_HELD) {
		h->locks[h->count].address = e->address;
		h->locks[h->count].name = e->object;
		h->locks[h->count].thread = e->thread;
		h->locks[h->count++].depth = 1;
	}
}

static void drop_at(struct held *h, size_t i)
{
	if (i >= h->count || --h->locks[i].depth)
		return;
	h->count--;
	memmove(&h->locks[i], &h->locks[i + 1],
		(h->count - i) * sizeof(h->locks[0]));
}

static void drop(struct held *h, const struct trace_event *e)
{
	size_t i = 0;

	while (i < h->count && (h->locks[i].address != e->address ||
				h->locks[i].thread != e->thread))
		i++;
	drop_at(h, i);
}

/* Which mutex a wait gives away is not written down: that taken last. */
static void drop_last(struct held *h, const struct trace_event *e)
{
	for (size_t i = h->count; i; i--) {
		if (h->locks[i - 1].thread == e->thread) {
			drop_at(h, i - 1);
			return;
		}
	}
}

/* Is this a wait's begin, and not its end? */
static bool begins_wait(const struct trace *trace, size_t i)
{
	const struct trace_event *e = &trace->events[i];

	for (size_t j = i + 1; j < trace->event_count; j++) {
		const struct trace_event *next = &trace->events[j];

		if (next->thread == e->thread)
			return next->kind == TRACE_WAIT &&
			       next->address == e->address;
	}
	return false;
}

/* A lock that was tried and is given back later was taken. */
static bool is_taken(const struct trace *trace, size_t i)
{
	const struct trace_event *e = &trace->events[i];

	for (size_t j = i + 1; j < trace->event_count; j++) {
		const struct trace_event *next = &trace->events[j];

		if (next->thread != e->thread || next->address != e->address)
			continue;
		return next->kind == TRACE_UNLOCK;
	}
	return false;
}

static const char *list_of(struct retrace *t, const struct held *h,
			   uint16_t thread)
{
	const char *list = NULL;

	for (size_t i = 0; i < h->count; i++)
		if (h->locks[i].thread == thread)
			list = list ? arena_printf(t->arena, "%s, %s", list,
						   h->locks[i].name)
				    : h->locks[i].name;
	return list;
}

static void step(struct retrace *t, struct trace *trace, size_t i,
		 struct held *h)
{
	struct trace_event *e = &trace->events[i];

	if (e->is_blocked) {
		size_t at = find(h, e->address);

		if (e->kind == TRACE_LOCK && at < h->count)
			e->holder = arena_printf(t->arena, "T%u",
						 h->locks[at].thread);
		return;
	}
	if (e->kind == TRACE_LOCK ||
	    (e->kind == TRACE_TRYLOCK && is_taken(trace, i)))
		take(h, e);
	else if (e->kind == TRACE_UNLOCK)
		drop(h, e);
	else if (e->kind == TRACE_WAIT && begins_wait(trace, i))
		drop_last(h, e);
}

void retrace_locks(struct retrace *t, struct trace *trace)
{
	struct held held = {.count = 0};

	for (size_t i = 0; i < trace->event_count; i++)
		step(t, trace, i, &held);
	for (size_t i = 0; i < trace->thread_count; i++)
		trace->threads[i].held =
			list_of(t, &held, trace->threads[i].number);
}

static bool is_stuck(const struct trace *trace, uint16_t thread)
{
	for (size_t i = 0; i < trace->thread_count; i++)
		if (trace->threads[i].number == thread)
			return trace->threads[i].is_stuck;
	return false;
}

static enum trace_leave leave_of(const struct trace *trace, size_t i)
{
	const struct trace_event *e = &trace->events[i];

	for (size_t j = i + 1; j < trace->event_count; j++) {
		const struct trace_event *next = &trace->events[j];

		if (next->thread != e->thread)
			continue;
		if (next->is_blocked)
			return TRACE_BLOCKED;
		return next->kind == TRACE_YIELD || next->kind == TRACE_SLEEP
			       ? TRACE_WAITS
			       : TRACE_PREEMPTED;
	}
	return is_stuck(trace, e->thread) ? TRACE_PREEMPTED : TRACE_ENDED;
}

static size_t next_step(const struct trace *trace, size_t i)
{
	do {
		i++;
	} while (i < trace->event_count && trace->events[i].is_blocked);
	return i;
}

void retrace_leaves(struct trace *trace)
{
	for (size_t i = 0; i < trace->event_count; i++) {
		size_t next = next_step(trace, i);

		if (trace->events[i].is_blocked || next == trace->event_count ||
		    trace->events[next].thread == trace->events[i].thread)
			continue;
		trace->events[i].leave = leave_of(trace, i);
	}
}

static bool overlaps(const struct trace_event *a, const struct trace_event *b)
{
	return a->address < b->address + b->size &&
	       b->address < a->address + a->size;
}

/* The older access of a race: the last of another thread on the same bytes, of
 * which at least one writes; in the line that the report names, if any is. */
static size_t older_of(const struct trace *trace, size_t i, unsigned line)
{
	const struct trace_event *e = &trace->events[i];

	for (size_t j = i; j--;) {
		const struct trace_event *o = &trace->events[j];

		if (!o->is_blocked && o->thread != e->thread &&
		    overlaps(o, e) && (!line || o->line == line) &&
		    (o->kind != TRACE_READ || e->kind != TRACE_READ))
			return j;
	}
	return line ? older_of(trace, i, 0) : SIZE_MAX;
}

static unsigned older_line(const struct report *report)
{
	for (size_t i = 0; report && i < report->access_count; i++)
		if (report->accesses[i].is_previous &&
		    report->accesses[i].stack.count)
			return report->accesses[i].stack.frames[0].line;
	return 0;
}

/* False: the finding has its note. */
static bool add_note(struct retrace *t, struct trace *trace,
		     const struct trace_event *e, const struct finding *f)
{
	const char *print =
		arena_printf(t->arena, "(finding %.12s)", f->fingerprint);
	const char **slot;

	for (size_t i = 0; i < trace->note_count; i++)
		if (strstr(trace->notes[i], print))
			return false;
	slot = arena_push(t->arena, &trace->notes, &trace->note_count,
			  sizeof(*slot));
	*slot = arena_printf(t->arena, "%s%s%s %s", kind_name(f->report->kind),
			     e->object ? " on " : "",
			     e->object ? e->object : "", print);
	return true;
}

void retrace_notes(struct retrace *t, struct trace *trace)
{
	const struct result *r = &t->rerun->result;

	for (size_t i = 0; i < t->count; i++) {
		uint32_t s = t->events[i].signature;
		int32_t at =
			t->events[i].is_reported && s < SNAG_SHARED_SIGNATURES
				? rerun_worker(t->rerun)->finding_of[s]
				: -1;
		size_t older;

		/* The first time tells it all. */
		if (at < 0 || (size_t)at >= r->finding_count ||
		    !add_note(t, trace, &trace->events[i], &r->findings[at]))
			continue;
		trace->events[i].note = (unsigned)trace->note_count;
		if (!retrace_is_memory(&t->events[i]))
			continue;
		older = older_of(trace, i, older_line(r->findings[at].report));
		if (older == SIZE_MAX || trace->events[older].note)
			continue;
		trace->events[older].note = trace->events[i].note;
		trace->events[older].is_first = true;
	}
}
