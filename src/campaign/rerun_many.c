#include <stdio.h>
#include <string.h>

#include "campaign/rerun_part.h"

/* So many fit: the turns of all that are not done, up to the bounds. */
static size_t load_many(struct rerun *r, const struct rerun_tried *tried,
			size_t count)
{
	struct snag_explore *x = rerun_worker(r)->explore;
	uint32_t at = 0;
	size_t n = 0;

	while (n < count && n < SNAG_REPLAYS &&
	       tried[n].turn_count <= SNAG_REPLAY_TURNS - at) {
		at = rerun_load(r, tried[n].turns, tried[n].turn_count, at);
		x->replay_ends[n++] = at;
	}
	x->replay_count = at;
	x->replay_schedules = (uint32_t)n;
	memset(x->replayed, 0, n * sizeof(x->replayed[0]));
	return n;
}

/* Was the finding reported in that one?  Or, as a deadlock is, made of how it
 * ended. */
static bool has_finding(struct rerun *r, uint64_t number,
			const char *fingerprint)
{
	const struct worker *w = rerun_worker(r);
	const struct run *run = &r->result.subjects[0].runs[0];
	uint32_t n = w->table->event_count;

	for (size_t i = 0; i < run->finding_count; i++)
		if (run->findings[i].first == number + 1 &&
		    !strcmp(run->findings[i].fingerprint, fingerprint))
			return true;
	if (n > SNAG_SHARED_EVENTS)
		n = SNAG_SHARED_EVENTS;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t s = w->table->events[i].signature;
		int32_t f = s < SNAG_SHARED_SIGNATURES ? w->finding_of[s] : -1;

		if (w->table->events[i].iteration == number && f >= 0 &&
		    (size_t)f < r->result.finding_count &&
		    !strcmp(r->result.findings[f].fingerprint, fingerprint))
			return true;
	}
	return false;
}

static void take(struct rerun *r, size_t place, const struct schedule *s,
		 struct rerun_tried *out)
{
	struct snag_replayed seen = rerun_worker(r)->explore->replayed[place];
	struct rerun_seen as_one = {.outcome = seen.outcome};

	seen.outcome[sizeof(seen.outcome) - 1] = '\0';
	out->is_done = true;
	out->switches = seen.switches;
	out->preemptions = seen.preemptions;
	out->steps = seen.steps;
	out->left_at = seen.left_at;
	out->trace_hash = seen.hash;
	memcpy(out->outcome, seen.outcome, sizeof(out->outcome));
	if (s->fingerprint &&
	    has_finding(r, r->order.first + place, s->fingerprint)) {
		as_one.fingerprints = (const char *[]){s->fingerprint};
		as_one.fingerprint_count = 1;
	}
	out->is_shown = rerun_shows(r, &as_one, s);
}

/* One that ends its process in the middle: what it shows is its own. */
static bool take_alone(struct rerun *r, const struct schedule *s,
		       struct rerun_tried *out, struct err *err)
{
	struct rerun_seen seen;

	if (!rerun_turns(r, out->turns, out->turn_count, &seen, err))
		return false;
	out->is_done = true;
	out->is_shown = rerun_shows(r, &seen, s);
	out->switches = schedule_switches(seen.turns, seen.turn_count);
	out->preemptions = seen.preemptions;
	out->steps = seen.steps;
	out->left_at = seen.left_at;
	out->trace_hash = seen.trace_hash;
	snprintf(out->outcome, sizeof(out->outcome), "%s",
		 seen.outcome ? seen.outcome : "");
	return true;
}

bool rerun_many(struct rerun *r, struct rerun_tried *tried, size_t count,
		const struct schedule *schedule, struct err *err)
{
	struct snag_batch_order order = r->order;
	size_t at = 0;

	snprintf(order.strategy, sizeof(order.strategy), "replay");
	while (at < count) {
		size_t n, done = 0;

		if (!rerun_prepare_host(r, err))
			return false;
		n = load_many(r, tried + at, count - at);
		order.count = n;
		if (n && !rerun_order(r, &order, err))
			return false;
		while (done < n &&
		       rerun_worker(r)->explore->replayed[done].is_done) {
			take(r, done, schedule, &tried[at + done]);
			done++;
		}
		at += done;
		if (done)
			continue;
		if (n && !take_alone(r, schedule, &tried[at], err))
			return false;
		at++;
	}
	return true;
}
