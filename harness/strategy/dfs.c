/*
 * A schedule is what the default does, but for its deviations: (choice,
 * alternative) in the order of the choices.  By default the last thread goes
 * on, or else the one after it that can, and a number is 0.  Each set of
 * deviations is run once: as a child of the set without its last one.  A child
 * passes its parent's choices up to where it deviates, so children are made
 * from the last choice down to the first: each finds the next one on its way,
 * and nothing of a run need be kept but one or two nodes.
 *
 * The default is fair, so that loops in which threads wait for each other end;
 * so do those in which one does something until another stops it, for by
 * default nobody goes on for more than STRATEGY_PATIENCE choices.
 * To leave a thread that waits is free; but were it free for ever to go to
 * another one that waits, there would be no end of schedules.  So after a
 * thread has waited FREE_WAITS times, any way but the default's costs as much
 * as a preemption.
 */
#include <string.h>

#include "strategy/members.h"

enum {
	MAX_NODES = 1 << 24, /* 512 MB if all were used */
	MAX_DEVIATIONS = 1 << 16,
	FREE_WAITS = 4,
	NONE = 0, /* no node, no choice: both are counted from 1 */
};

enum kind { FREE, PREEMPTION, KINDS };

struct deviation {
	uint32_t choice, alternative;
};

/* A choice, and how many alternatives there are; 0 is the default. */
struct choice {
	uint32_t number, count;
};

/* A run, and its children of one kind that are still to be run. */
struct node {
	uint32_t parent;
	struct deviation own;  /* the run's last; its others are the parent's */
	struct choice at;      /* where the next child deviates */
	uint32_t alternative;  /* how */
	uint32_t next_in_list; /* its lowest bit: enum kind */
	uint32_t uses;         /* by a list, or the run; by its children */
};

struct dfs {
	unsigned bound, level; /* preemptions: at most, and now */
	bool is_begun, is_open;
	bool is_lossy; /* what is said to be run once may be not, or twice */
	uint32_t node_count, unused; /* nodes: ever used, and free again */
	uint32_t lists[KINDS]; /* with children of this level, of the next */
	/* The run, and the node whose child it is. */
	uint32_t source, passed; /* choices */
	struct deviation own;
	enum kind own_kind;
	struct choice after[KINDS]; /* the last one after its own deviation */
	struct choice before;       /* the last one before it, of its kind */
	uint32_t deviation_count, deviations_done;
	unsigned favourite, favours; /* who was picked last; how often */
	unsigned known;              /* threads */
	uint8_t waits[STRATEGY_THREADS];
	/* Of these only what is in use was ever written. */
	struct deviation deviations[MAX_DEVIATIONS];
	struct node nodes[MAX_NODES];
};

static bool dfs_init(void *state, const char *argument)
{
	struct dfs *d = state;

	memset(d, 0, offsetof(struct dfs, deviations));
	d->bound = 2;
	d->node_count = 1;
	return strategy_read_number(argument, 0, 1000000, &d->bound);
}

static void put(struct dfs *d, enum kind list, uint32_t node, enum kind kind)
{
	d->nodes[node].next_in_list = d->lists[list] << 1 | kind;
	d->lists[list] = node;
}

static uint32_t new_node(struct dfs *d)
{
	uint32_t n = d->unused;

	if (n) {
		d->unused = d->nodes[n].next_in_list;
		return n;
	}
	if (d->node_count < MAX_NODES)
		return d->node_count++;
	d->is_lossy = true;
	return NONE;
}

static void keep_children(struct dfs *d, enum kind kind)
{
	uint32_t n;

	if (d->after[kind].number == NONE)
		return;
	n = new_node(d);
	if (!n)
		return;
	d->nodes[n] = (struct node){
		.parent = d->source,
		.own = d->own,
		.at = d->after[kind],
		.alternative = 1,
		.uses = 1,
	};
	if (d->source)
		d->nodes[d->source].uses++;
	put(d, kind, n, kind);
}

static bool has_sibling(const struct dfs *d)
{
	const struct node *n = &d->nodes[d->source];

	return d->source &&
	       (n->alternative + 1 < n->at.count || d->before.number != NONE);
}

/* One use less; a node without any is free, and uses its parent no more. */
static void drop(struct dfs *d, uint32_t n)
{
	while (n && !--d->nodes[n].uses) {
		uint32_t parent = d->nodes[n].parent;

		d->nodes[n].next_in_list = d->unused;
		d->unused = n;
		n = parent;
	}
}

static void keep_siblings(struct dfs *d)
{
	struct node *n = &d->nodes[d->source];

	if (!has_sibling(d)) {
		drop(d, d->source);
		return;
	}
	if (++n->alternative >= n->at.count) {
		n->at = d->before;
		n->alternative = 1;
	}
	put(d, FREE, d->source, d->own_kind);
}

/* The run is over, or its process is.  One that did not come to where it was
 * to deviate was another one: the program did not do the same again. */
static void close_run(struct dfs *d)
{
	if (!d->is_open)
		return;
	d->is_open = false;
	d->is_lossy |= d->deviations_done < d->deviation_count;
	keep_children(d, PREEMPTION);
	keep_children(d, FREE);
	keep_siblings(d);
}

static void unroll(struct dfs *d)
{
	uint32_t count = d->source != NONE, at;

	for (uint32_t n = d->source; n; n = d->nodes[n].parent)
		count += d->nodes[n].own.choice != NONE;
	if (count > MAX_DEVIATIONS) {
		d->is_lossy = true;
		count = 0;
	}
	d->deviation_count = at = count;
	if (at)
		d->deviations[--at] = d->own;
	for (uint32_t n = d->source; at; n = d->nodes[n].parent)
		d->deviations[--at] = d->nodes[n].own;
}

static void take_node(struct dfs *d)
{
	struct node *n;

	if (!d->lists[FREE]) {
		d->lists[FREE] = d->lists[PREEMPTION];
		d->lists[PREEMPTION] = NONE;
		d->level += d->lists[FREE] != NONE;
	}
	d->source = d->lists[FREE];
	d->own = (struct deviation){NONE, 0};
	if (!d->source)
		return;
	n = &d->nodes[d->source];
	d->lists[FREE] = n->next_in_list >> 1;
	d->own_kind = (enum kind)(n->next_in_list & 1);
	d->own = (struct deviation){n->at.number, n->alternative};
}

static void dfs_begin(void *state, uint64_t seed)
{
	struct dfs *d = state;

	(void)seed;
	close_run(d);
	take_node(d);
	unroll(d);
	d->is_begun = d->is_open = true;
	d->passed = d->deviations_done = d->known = d->favours = 0;
	d->after[FREE].number = d->after[PREEMPTION].number = NONE;
	d->before.number = NONE;
}

/* The alternative of the run's next choice. */
static uint32_t choose(struct dfs *d, uint32_t count, enum kind kind)
{
	uint32_t number = ++d->passed;
	const struct deviation *next = &d->deviations[d->deviations_done];

	if (d->deviations_done == d->deviation_count) {
		if (kind == FREE || d->level < d->bound)
			d->after[kind] = (struct choice){number, count};
		return 0;
	}
	if (next->choice == number) {
		d->deviations_done++;
		d->is_lossy |= next->alternative >= count;
		return next->alternative % count;
	}
	if (d->deviations_done + 1 == d->deviation_count && kind == d->own_kind)
		d->before = (struct choice){number, count};
	return 0;
}

/* Is it still free to choose who goes on in the place of the last thread? */
static bool is_free(struct dfs *d, const struct strategy_view *view)
{
	uint8_t *waits = &d->waits[view->last];

	for (; d->known < view->thread_count; d->known++)
		d->waits[d->known] = 0;
	if (!view->is_last_waiting)
		return true;
	*waits += *waits <= FREE_WAITS;
	return *waits <= FREE_WAITS;
}

/* The first whose number is higher than the last thread's. */
static unsigned after_last(const struct strategy_view *view)
{
	for (unsigned i = 0; i < view->runnable_count; i++)
		if (view->runnable[i] > view->last)
			return i;
	return 0;
}

static unsigned favour(struct dfs *d, const struct strategy_view *view,
		       unsigned at)
{
	if (view->runnable[at] != d->favourite)
		d->favours = 0;
	d->favourite = view->runnable[at];
	d->favours++;
	return at;
}

/* Where the last thread stands if it goes on by default; or -1. */
static int find_default(const struct dfs *d, const struct strategy_view *view)
{
	bool has_had_enough =
		d->favours > STRATEGY_PATIENCE && d->favourite == view->last;

	if (!view->is_last_runnable || view->is_last_waiting || has_had_enough)
		return -1;
	return strategy_find(view, view->last);
}

static unsigned dfs_next(void *state, const struct strategy_view *view)
{
	struct dfs *d = state;
	int last = find_default(d, view);
	bool is_preemption = view->is_last_runnable && !view->is_last_waiting;
	enum kind kind = is_free(d, view) && !is_preemption ? FREE : PREEMPTION;
	uint32_t a = choose(d, view->runnable_count, kind), n = (uint32_t)last;

	if (last < 0)
		n = (after_last(view) + a) % view->runnable_count;
	else if (a) /* the last thread comes first, the others in order */
		n = a <= n ? a - 1 : a;
	return favour(d, view, n);
}

static uint32_t dfs_number(void *state, uint32_t below)
{
	struct dfs *d = state;

	d->is_lossy |= !below;
	return below > 1 ? choose(d, below, FREE) : 0;
}

static void dfs_end(void *state, const struct strategy_end *end)
{
	(void)end;
	close_run(state);
}

/* Asked while the run is open, too, if its process ended before it did. */
static bool dfs_is_exhausted(const void *state)
{
	const struct dfs *d = state;

	if (!d->is_begun || d->is_lossy || d->lists[FREE] ||
	    d->lists[PREEMPTION])
		return false;
	return !d->is_open ||
	       (d->deviations_done == d->deviation_count && !has_sibling(d) &&
		!d->after[FREE].number && !d->after[PREEMPTION].number);
}

const struct strategy strategy_dfs = {
	.name = "dfs",
	.paper = "Musuvathi, Qadeer: Iterative context bounding for "
		 "systematic testing of multithreaded programs, PLDI 2007; "
		 "nothing is pruned; who goes on for a thread that has "
		 "waited often is chosen as if by a preemption",
	.argument = "preemptions at most",
	.state_bytes = sizeof(struct dfs),
	.init = dfs_init,
	.begin = dfs_begin,
	.next = dfs_next,
	.end = dfs_end,
	.number = dfs_number,
	.is_exhausted = dfs_is_exhausted,
	.is_lasting = true,
};
