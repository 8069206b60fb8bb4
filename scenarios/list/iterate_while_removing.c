/*
 * Iterating while another thread removes: removing an item moves all later
 * ones down by one place, and a reader whose index stands behind that place
 * steps over an item that was in the list all the time.  Right when the reader
 * takes a snapshot under the lock and walks through that.
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { ITEMS = 8, REMOVED = 2 };

/* The item that stays last, and that every walk must therefore meet. */
enum { LAST_ITEM = ITEMS - 1 };

struct list {
	pthread_mutex_t lock;
	size_t length;
	unsigned items[ITEMS];
	atomic_bool skipped; /* did any walk miss the last item? */
};

static bool setup(struct snag_run *run, void *state)
{
	struct list *list = state;

	(void)run;
	pthread_mutex_init(&list->lock, NULL);
	list->length = ITEMS;
	for (unsigned i = 0; i < ITEMS; i++)
		list->items[i] = i;
	return true;
}

static void note(struct list *list, bool met_last)
{
	if (!met_last)
		atomic_store_explicit(&list->skipped, true,
				      memory_order_relaxed);
}

/* Broken: the walk goes on while items move. */

__attribute__((noinline)) static void remove_first(struct list *list)
{
	list->length--;
	memmove(list->items, list->items + 1,
		list->length * sizeof(list->items[0]));
}

__attribute__((noinline)) static bool walk_unlocked(struct snag_self *self,
						    const struct list *list)
{
	bool met_last = false;

	for (size_t i = 0; i < list->length; i++) {
		met_last = met_last || list->items[i] == LAST_ITEM;
		snag_point(self);
	}
	return met_last;
}

static void shrink_unlocked(struct snag_self *self, void *state)
{
	for (int i = 0; i < REMOVED; i++) {
		remove_first(state);
		snag_point(self);
	}
}

static void read_unlocked(struct snag_self *self, void *state)
{
	note(state, walk_unlocked(self, state));
}

/* Repaired: the walk goes through a snapshot. */

static void remove_first_locked(struct list *list)
{
	pthread_mutex_lock(&list->lock);
	remove_first(list);
	pthread_mutex_unlock(&list->lock);
}

static size_t take_snapshot(struct list *list, unsigned snapshot[ITEMS])
{
	size_t length;

	pthread_mutex_lock(&list->lock);
	length = list->length;
	memcpy(snapshot, list->items, length * sizeof(snapshot[0]));
	pthread_mutex_unlock(&list->lock);
	return length;
}

static void shrink_locked(struct snag_self *self, void *state)
{
	for (int i = 0; i < REMOVED; i++) {
		remove_first_locked(state);
		snag_point(self);
	}
}

static void read_snapshot(struct snag_self *self, void *state)
{
	unsigned snapshot[ITEMS];
	size_t length = take_snapshot(state, snapshot);
	bool met_last = false;

	for (size_t i = 0; i < length; i++) {
		met_last = met_last || snapshot[i] == LAST_ITEM;
		snag_point(self);
	}
	note(state, met_last);
}

static void check(struct snag_run *run, void *state)
{
	struct list *list = state;

	snag_outcome(run, atomic_load(&list->skipped) ? "skipped" : "every");
}

static void teardown(void *state)
{
	struct list *list = state;

	pthread_mutex_destroy(&list->lock);
}

SNAG_SCENARIO(list, iterate_while_removing) = {
	.summary = "a list is walked while another thread removes from it",
	.refs = {"CWE-362", "C11 5.1.2.4p25"},
	.tags = "list container iterator",
	.practice = SNAG_IMMUTABLE,
	.lesson =
		"walk_unlocked keeps an index into the list, and the index "
		"means something only as long as the list stands still. "
		"remove_first moves every item down by one place: "
		"the item at i + 1 is now at i, the walk goes on at i + 1, "
		"and steps over an item that was never removed. Here the last "
		"item stays in the list all the time, and some walks do not "
		"meet it. A lock around each step would not help, since the "
		"index would be stale all the same; it must cover the whole "
		"walk. list/iterate_snapshot holds it just for a copy and "
		"walks through the copy, which nobody changes.",
	.in_python =
		"`for x in items` while another thread removes from it skips "
		"items without an error (a dict raises RuntimeError, if it "
		"notices). Write `for x in items.copy()`: the copy is made "
		"under the list's lock.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct list),
	.setup = setup,
	.roles = {{"remover", shrink_unlocked, 1},
		  {"reader", read_unlocked, 0}},
	.check = check,
	.teardown = teardown,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "iterator-invalidated",
		     .grade = SNAG_REQUIRED,
		     .between = {"remove_first", "walk_unlocked"},
		     .why = "items move under the index of the walk"}},
	.outcomes = {{.when = "every",
		      .grade = SNAG_ALLOWED,
		      .why = "nothing was removed during a walk"},
		     {.when = "skipped",
		      .grade = SNAG_ALLOWED,
		      .why = "an item moved to where the walk had been"}},
};

SNAG_SCENARIO(list, iterate_snapshot) = {
	.summary = "a snapshot is walked while another thread removes",
	.repairs = "list/iterate_while_removing",
	.tags = "list container snapshot mutex",
	.practice = SNAG_IMMUTABLE,
	.lesson =
		"take_snapshot copies length and items under the lock, in one "
		"step as seen by the remover. The walk then needs no lock, "
		"however long it takes: the copy belongs to the reader and "
		"does not change. It shows the list as it was at one moment, "
		"which may be out of date when the walk ends; a reader that "
		"cannot live with that must hold the lock for the whole walk.",
	.in_python = "`for x in items.copy(): ...`; the same for "
		     "`list(d.items())` of a dict.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct list),
	.setup = setup,
	.roles = {{"remover", shrink_locked, 1}, {"reader", read_snapshot, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "every",
		      .grade = SNAG_REQUIRED,
		      .why = "a snapshot holds every item of its moment"},
		     {.when = "skipped",
		      .grade = SNAG_FORBIDDEN,
		      .why = "the snapshot would have been taken half moved"}},
};
