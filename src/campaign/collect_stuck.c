/* An iteration that could not go on: where each thread stood, what it waited
 * for, and who holds that. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "campaign/collect_part.h"
#include "judge/own_frame.h"
#include "judge/paths.h"

struct standing_still {
	struct collector *r;
	const struct snag_explore *x;
	struct arena *arena;
	struct addresses addresses;
	struct report report;
};

static uint32_t count_of(const struct standing_still *s)
{
	return s->x->stuck_count < SNAG_STUCK_THREADS ? s->x->stuck_count
						      : SNAG_STUCK_THREADS;
}

/* "T2 'writer'" */
static const char *who(const struct standing_still *s, int thread)
{
	for (uint32_t i = 0; i < count_of(s); i++) {
		const struct snag_stuck *t = &s->x->stuck[i];

		if (t->thread == thread && thread && t->name[0])
			return arena_printf(s->arena, "T%d '%s'", thread,
					    collect_name(s->arena, t->name,
							 sizeof(t->name)));
	}
	return thread ? arena_printf(s->arena, "T%d", thread)
		      : "the main thread";
}

static const char *object_word(unsigned event)
{
	switch (event) {
	case SNAG_EVENT_LOCK:
	case SNAG_EVENT_TRYLOCK:
	case SNAG_EVENT_READ_LOCK:
	case SNAG_EVENT_TRY_READ_LOCK:
		return "lock";
	case SNAG_EVENT_WAIT:
		return "condition";
	case SNAG_EVENT_SEM_WAIT:
		return "semaphore";
	case SNAG_EVENT_BARRIER:
		return "barrier";
	case SNAG_EVENT_ONCE:
		return "once-control";
	default:
		return NULL;
	}
}

/* "'a'", or its address where it has no name. */
static const char *object_name(const struct standing_still *s, uint64_t address)
{
	struct symbols *symbols = s->r->campaign->symbols;
	struct symbols_global global = {0};
	const char *module;
	uint64_t offset;

	if (process_map_find(&s->addresses.map, address, &module, &offset) &&
	    symbols_global(symbols, s->arena, module, offset, &global) &&
	    global.name && global.offset == offset)
		return arena_printf(s->arena, "'%s'", global.name);
	if (global.name && global.offset < offset)
		return arena_printf(s->arena, "'%s'+%" PRIu64, global.name,
				    offset - global.offset);
	return arena_printf(s->arena, "0x%" PRIx64, address);
}

static const char *waits_for(const struct standing_still *s,
			     const struct snag_stuck *t)
{
	const char *word = object_word(t->event), *holder = "";

	if (t->event == SNAG_EVENT_JOIN)
		return "the end of a thread";
	if (!word || !t->address)
		return NULL;
	if (t->holder >= 0 && t->holder == (int16_t)t->thread)
		holder = ", which it holds itself";
	else if (t->holder >= 0)
		holder = arena_printf(s->arena, ", held by %s",
				      who(s, t->holder));
	return arena_printf(s->arena, "%s %s%s", word,
			    object_name(s, t->address), holder);
}

static void add_thread(struct standing_still *s, const struct snag_stuck *t)
{
	struct access *a = arena_push(s->arena, &s->report.accesses,
				      &s->report.access_count, sizeof(*a));
	struct thread_info *thread;
	unsigned frames = t->frame_count < SNAG_STUCK_FRAMES
				  ? t->frame_count
				  : SNAG_STUCK_FRAMES;

	a->op = OP_WAIT;
	a->thread = collect_thread_id(s->arena, t->thread);
	a->waits_for = waits_for(s, t);
	collect_frames(&s->addresses, t->frames, frames, &a->stack);
	if (!t->thread)
		return;
	thread = arena_push(s->arena, &s->report.threads,
			    &s->report.thread_count, sizeof(*thread));
	thread->id = a->thread;
	thread->name =
		t->name[0] ? collect_name(s->arena, t->name, sizeof(t->name))
			   : NULL;
}

/* Of the iteration that ended the batch; NULL: it came to none of ours. */
static const char *outcome_of(const struct collector *r)
{
	const struct snag_shared *t = r->worker->table;

	for (uint32_t i = 0; i < t->outcome_count && i < SNAG_SHARED_OUTCOMES;
	     i++)
		if (t->outcomes[i].name[0] == '@' &&
		    t->outcomes[i].first == t->current)
			return text_clean(&r->campaign->scratch,
					  t->outcomes[i].name,
					  strnlen(t->outcomes[i].name,
						  SNAG_OUTCOME_BYTES),
					  false);
	return NULL;
}

void collect_stuck(struct collector *r)
{
	struct campaign *c = r->campaign;
	struct standing_still s = {
		.r = r, .x = r->worker->explore, .arena = &c->scratch};
	const char *outcome = outcome_of(r);
	size_t finding;

	if (!outcome || (!count_of(&s) && !s.x->fault.kind))
		return;
	s.addresses = (struct addresses){
		.symbols = c->symbols,
		.arena = s.arena,
		.map = process_map_read(r->worker->host, s.arena)};
	s.report.kind = kind_by_outcome(outcome);
	s.report.rank = collect_rank(r, r->worker->table->current);
	if (!collect_fault(&s.x->fault, &s.addresses, &s.report))
		for (uint32_t i = 0; i < count_of(&s); i++)
			add_thread(&s, &s.x->stuck[i]);
	own_frame_keep_sides(&s.report);
	collect_strip(&s.report);
	paths_shorten(c->result, &s.report);
	finding = finding_add(c, &s.report, outcome, cell_subject(c, r->cell));
	finding_count(c, finding, 1);
	r->has_news |=
		finding_hit(c, r->cell, finding, r->worker->table->current);
	r->stuck = finding + 1;
	r->stuck_outcome = outcome;
}
