/* The campaign's loop: orders out, events in, until there is no more. */
#include <poll.h>

#include "campaign/campaign_part.h"
#include "campaign/collect.h"
#include "campaign/finding.h"
#include "campaign/hosts.h"
#include "campaign/plan.h"
#include "campaign/progress.h"
#include "judge/tally.h"

enum {
	POLL_MS = 10,
	GRACE_MS = 1500,  /* after the time is up, for batches to end */
	KILLED_MS = 3000, /* for a killed batch to be reaped          */
	MAX_HOST_FAILURES = 3,
};

/* A host that fits the target: its options are fixed when it starts. */
static bool prepare_host(struct campaign *c, struct worker *w,
			 const struct target *target)
{
	bool detects = !target->no_deadlock_detection;
	struct err err = {0};

	if (w->state == WORKER_IDLE && w->has_deadlock_detection != detects)
		worker_stop(w);
	if (w->state == WORKER_IDLE)
		return true;
	if (worker_start(w, c->options->host_path, detects, &err)) {
		c->host_failures = 0;
		return true;
	}
	if (!c->trouble.code)
		c->trouble = err;
	c->host_failures++;
	return false;
}

static bool is_stopped(const struct campaign *c)
{
	return *c->options->is_interrupted || c->is_enough ||
	       clock_ms() >= c->deadline_ms ||
	       c->host_failures >= MAX_HOST_FAILURES;
}

static void hand_out(struct campaign *c)
{
	for (unsigned i = 0; i < c->worker_count && !is_stopped(c); i++) {
		struct worker *w = &c->workers[i];
		struct snag_batch_order order;
		struct cell *cell;
		size_t at;

		if (w->state > WORKER_IDLE ||
		    !plan_next(c, (int)i, &at, &order))
			continue;
		cell = &c->cells[at];
		if (!prepare_host(c, w, &c->targets[cell->target]))
			continue;
		w->cell = at;
		plan_take(c, (int)i, at, &order);
		worker_order(w, &order); /* a lost host shows when polled */
	}
}

static bool is_failure_seen(struct campaign *c, struct subject *s)
{
	return tally_of(c->result, s).forbidden_count &&
	       policy_is_failing(c->result, s, &c->options->policy);
}

static void collect(struct campaign *c, struct worker *w, bool is_lost)
{
	struct cell *cell = &c->cells[w->cell];
	bool has_news = collect_batch(c, w, is_lost);

	plan_update(c, cell, has_news);
	if (!has_news)
		return;
	if ((c->options->until_fail &&
	     is_failure_seen(c, cell_subject(c, cell))) ||
	    (c->options->stop_after &&
	     c->result->finding_count >= c->options->stop_after))
		c->is_enough = true;
}

/* Signatures live as long as their host: before they are full, another one. */
static void renew_host(struct worker *w)
{
	uint32_t used = 0;

	if (w->state != WORKER_IDLE)
		return;
	for (uint32_t i = 0; i < SNAG_SHARED_SIGNATURES; i++)
		used += w->table->signatures[i].is_used != 0;
	if (used > SNAG_SHARED_SIGNATURES / 2)
		worker_stop(w);
}

static void lose_host(struct campaign *c, struct worker *w)
{
	bool had_batch = w->state > WORKER_IDLE;
	const char *id =
		had_batch ? cell_subject(c, &c->cells[w->cell])->id : NULL;

	if (!c->trouble.code)
		err_set(&c->trouble, EXIT_TROUBLE,
			"a host process died or broke the wire's rules%s%s; "
			"what it had counted is kept",
			id ? " while it ran " : "", id ? id : "");
	c->host_failures++;
	if (had_batch) {
		w->ended_by = ENDED_FOR_TIME;
		collect(c, w, true);
	}
	worker_stop(w);
	hosts_end_orphans(c);
}

static void look_after(struct campaign *c, struct worker *w)
{
	struct watch_limits limits = c->limits;
	uint32_t own_ms = c->targets[c->cells[w->cell].target].facts.timeout_ms;
	enum ended_by why;

	if (own_ms)
		limits.iteration_ms = own_ms;
	why = watch_look(w, &limits);
	if (why == ENDED_BY_ITSELF || w->ended_by != ENDED_BY_ITSELF)
		return;
	if (why == ENDED_FOR_SILENCE) {
		lose_host(c, w);
		return;
	}
	if (why == ENDED_FOR_DEADLOCK || why == ENDED_FOR_HANG)
		collect_stacks(c, w, why);
	worker_kill_batch(w, why);
}

static bool is_any_busy(const struct campaign *c)
{
	for (unsigned i = 0; i < c->worker_count; i++)
		if (c->workers[i].state > WORKER_IDLE)
			return true;
	return false;
}

static void wait_for_events(const struct campaign *c)
{
	struct pollfd fds[2 * CAMPAIGN_MAX_JOBS];
	nfds_t n = 0;

	for (unsigned i = 0; i < c->worker_count; i++) {
		if (c->workers[i].state <= WORKER_IDLE)
			continue;
		fds[n++] = (struct pollfd){.fd = c->workers[i].channel.fd,
					   .events = POLLIN};
		fds[n++] = (struct pollfd){.fd = c->workers[i].output_fd,
					   .events = POLLIN};
	}
	poll(fds, n, POLL_MS);
}

static void take_events(struct campaign *c)
{
	for (unsigned i = 0; i < c->worker_count; i++) {
		struct worker *w = &c->workers[i];
		enum worker_event event;

		if (w->state <= WORKER_IDLE)
			continue;
		event = worker_poll(w);
		if (event == WORKER_LOST) {
			lose_host(c, w);
		} else if (event == WORKER_ENDED) {
			c->host_failures = 0;
			collect(c, w, false);
			renew_host(w);
		} else {
			look_after(c, w);
		}
	}
}

/* Time is up, or somebody pressed Ctrl-C: end what still runs, keep what it
 * has counted. */
static void wind_down(struct campaign *c)
{
	uint64_t now_ms = clock_ms();
	uint64_t kill_at =
		now_ms + (*c->options->is_interrupted ? 0 : GRACE_MS);
	uint64_t give_up_at = kill_at + KILLED_MS;

	while (is_any_busy(c)) {
		now_ms = clock_ms();
		for (unsigned i = 0; i < c->worker_count; i++) {
			struct worker *w = &c->workers[i];

			if (now_ms >= kill_at && w->ended_by == ENDED_BY_ITSELF)
				worker_kill_batch(w, ENDED_FOR_TIME);
			if (now_ms >= give_up_at && w->state > WORKER_IDLE)
				lose_host(c, w);
		}
		wait_for_events(c);
		take_events(c);
	}
}

static bool is_anything_left(struct campaign *c)
{
	struct snag_batch_order order;
	size_t cell;

	return is_any_busy(c) || plan_next(c, PLAN_ANY_WORKER, &cell, &order);
}

void campaign_run_cells(struct campaign *c)
{
	while (!is_stopped(c) && is_anything_left(c)) {
		hand_out(c);
		wait_for_events(c);
		take_events(c);
		progress_show(c);
	}
	wind_down(c);
	status_line_clear(&c->progress);
}
