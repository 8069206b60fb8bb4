#include "campaign/confirm.h"

#include <string.h>

#include "campaign/confirm_part.h"
#include "judge/own_frame.h"

enum {
	FIRST_SCHEDULES = 250, /* where they show something bad, no more */
	SCHEDULES = 2000,
	EXHAUST_SCHEDULES = 20 * 1000,
	ALL_MS = 30 * 1000,
	LEAST_MS = 1000, /* of all findings, where time allows */
};

static bool is_inversion(const struct finding *f)
{
	return f->report->kind == KIND_LOCK_INVERSION;
}

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

/* Offsets mean something in the host's image alone. */
static bool is_of_host(const struct steering *st, const struct frame *frame)
{
	const char *host = st->campaign->options->host_path;

	return frame->has_offset && frame->module &&
	       !strcmp(base_name(frame->module), base_name(host));
}

static bool has_target(const struct steering *st, uint64_t offset)
{
	for (size_t i = 0; i < st->target_count; i++)
		if (st->targets[i].offset == offset)
			return true;
	return false;
}

/* The access is made at the innermost frame that is compiled into the host,
 * and that may be within what a header of the library has inlined or a call of
 * libc: which, the own frame and all within it are places of.  False: they are
 * places of another side already. */
static bool add_side(struct steering *st, const struct stack *stack,
		     uint32_t side)
{
	size_t own = own_frame_index(stack), before = st->target_count;

	for (size_t i = 0; i <= own && i < stack->count; i++) {
		uint64_t offset = stack->frames[i].offset;

		if (is_of_host(st, &stack->frames[i]) &&
		    !has_target(st, offset) && st->target_count < SNAG_TARGETS)
			st->targets[st->target_count++] = (struct snag_target){
				.offset = offset, .side = side};
	}
	return st->target_count > before;
}

static void find_targets(struct steering *st, const struct finding *f)
{
	for (size_t i = 0; i < f->report->access_count; i++)
		st->sides +=
			add_side(st, &f->report->accesses[i].stack, st->sides);
}

/* With as few threads as showed it. */
static bool find_cell(struct campaign *c, const struct finding *f, size_t *cell)
{
	const struct run *best = NULL;

	for (size_t i = 0; i < c->cell_count; i++) {
		const struct run *run = cell_run(c, &c->cells[i]);

		for (size_t k = 0; k < run->finding_count; k++)
			if (!strcmp(run->findings[k].fingerprint,
				    f->fingerprint) &&
			    (!best || run->threads < best->threads)) {
				best = run;
				*cell = i;
			}
	}
	return best && !c->targets[c->cells[*cell].target].is_over;
}

/* What nothing was seen of may be what nothing can bring about. */
static void exhaust(const struct steering *st, struct seen *seen)
{
	struct seen all = {0};

	confirm_steer(st, "dfs:2", 0, EXHAUST_SCHEDULES, &all);
	/* What steering has seen is not unseen by a bounded search. */
	if (all.of_met.effect > seen->of_met.effect ||
	    (all.is_exhausted && !seen->differences && seen->final_count <= 1 &&
	     seen->name_count <= 1 && (all.met || !seen->met)))
		*seen = all;
}

static void confirm(struct campaign *c, const struct result *scenarios,
		    struct finding *f, uint64_t until_ms)
{
	struct steering st = {.campaign = c, .scenarios = scenarios};
	struct seen seen = {0};
	uint64_t own_ms = clock_ms() + CONFIRM_FINDING_MS;

	if (!find_cell(c, f, &st.cell))
		return;
	find_targets(&st, f);
	if (!st.target_count)
		return;
	st.until_ms = own_ms < until_ms ? own_ms : until_ms;
	confirm_steer(&st, "target", 0, FIRST_SCHEDULES, &seen);
	if (seen.of_met.effect == CONFIRM_NOTHING)
		confirm_steer(&st, "target", FIRST_SCHEDULES, SCHEDULES, &seen);
	if (seen.of_met.effect == CONFIRM_NOTHING)
		exhaust(&st, &seen);
	if (seen.schedules)
		confirm_say(&st, f, &seen);
}

/* Of --time what is left, but a second at least, where that is no more than
 * half of it; else as long as a half of what was spent. */
static uint64_t time_for_all(const struct campaign *c, uint64_t now_ms)
{
	uint64_t time_ms = c->options->time_ms;
	uint64_t left_ms, least_ms = LEAST_MS;

	if (!time_ms) {
		left_ms = (now_ms - c->started_ms) / 2;
	} else {
		uint64_t end_ms = c->started_ms + time_ms;

		left_ms = end_ms > now_ms ? end_ms - now_ms : 0;
		least_ms = time_ms / 2 < least_ms ? time_ms / 2 : least_ms;
	}
	left_ms = left_ms < ALL_MS ? left_ms : ALL_MS;
	return left_ms > least_ms ? left_ms : least_ms;
}

void confirm_findings(struct campaign *c, const struct result *scenarios)
{
	uint64_t now_ms = clock_ms();
	uint64_t until_ms = now_ms + time_for_all(c, now_ms);

	for (size_t i = 0; i < c->result->finding_count; i++) {
		struct finding *f = &c->result->findings[i];

		if (*c->options->is_interrupted || clock_ms() >= until_ms)
			return;
		if (f->report && (confirm_is_race(f) || is_inversion(f)))
			confirm(c, scenarios, f, until_ms);
	}
}
