/*
 * A name may be registered once: whoever finds it free takes it.  Broken: the
 * test and the insertion are two unlocked steps, and two threads can both find
 * the name free.  Right: one lock is held over both.
 */
#include <pthread.h>
#include <snag/scenario.h>

enum { NAMES = 8, NOBODY = 0 };

struct registry {
	pthread_mutex_t lock;
	unsigned owner[NAMES];            /* NOBODY: the name is free      */
	unsigned taken[SNAG_MAX_THREADS]; /* names each thread was granted */
};

static bool setup(struct snag_run *run, void *state)
{
	struct registry *registry = state;

	(void)run;
	pthread_mutex_init(&registry->lock, NULL);
	return true;
}

static void teardown(void *state)
{
	struct registry *registry = state;

	pthread_mutex_destroy(&registry->lock);
}

static void set_owner(struct registry *registry, unsigned name, unsigned who)
{
	registry->owner[name] = who;
}

/* All threads want all names, in the same order. */
static void insert_unlocked(struct snag_self *self, void *state)
{
	struct registry *registry = state;
	unsigned who = snag_index(self) + 1;

	for (unsigned name = 0; name < NAMES; name++) {
		if (registry->owner[name] == NOBODY) {
			snag_point(self);
			set_owner(registry, name, who);
			registry->taken[snag_index(self)]++;
		}
	}
}

static void insert_locked(struct snag_self *self, void *state)
{
	struct registry *registry = state;
	unsigned who = snag_index(self) + 1;

	for (unsigned name = 0; name < NAMES; name++) {
		pthread_mutex_lock(&registry->lock);
		if (registry->owner[name] == NOBODY) {
			snag_point(self);
			set_owner(registry, name, who);
			registry->taken[snag_index(self)]++;
		}
		pthread_mutex_unlock(&registry->lock);
	}
}

static void check(struct snag_run *run, void *state)
{
	const struct registry *registry = state;
	unsigned granted = 0;

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		granted += registry->taken[i];
	snag_outcome(run, granted == NAMES ? "one-owner" : "two-owners");
}

SNAG_SCENARIO(check_then_act, insert_if_absent) = {
	.summary = "a name is tested and taken in two unlocked steps",
	.refs = {"CWE-362", "CWE-367"},
	.tags = "check-then-act map",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "insert_unlocked reads owner[name], finds NOBODY and then "
		  "calls set_owner.  Between the two lines another thread can "
		  "do the same: both found the name free, both take it, and "
		  "both go on in the belief that it is theirs alone.  The read "
		  "and the write are not ordered, so TSan reports a data race, "
		  "but the race is the smaller half of the error: making owner "
		  "atomic would silence the report and still grant the name "
		  "twice.  What must not be interrupted is the test and the "
		  "action together, so the repair is one lock held over both, "
		  "or a single operation that does both.",
	.in_python =
		"`if name not in d: d[name] = me` is two steps.  The dict "
		"makes each of them safe, not the pair: two threads can both "
		"find the name absent.  d.setdefault(name, me) is one step, "
		"and returns who has it.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct registry),
	.setup = setup,
	.roles = {{"client", insert_unlocked, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.reports =
		{
			{.kind = SNAG_DATA_RACE,
			 .cause = "check-then-act",
			 .grade = SNAG_REQUIRED,
			 .between = {"insert_unlocked", "set_owner"},
			 .why = "one thread tests the name while another takes "
				"it"},
			{.kind = SNAG_DATA_RACE,
			 .grade = SNAG_ALLOWED,
			 .between = {"set_owner", "set_owner"},
			 .why = "two threads found the name free and both take "
				"it"},
		},
	.outcomes =
		{
			{.when = "one-owner",
			 .grade = SNAG_ALLOWED,
			 .why = "no two threads tested the same name at once"},
			{.when = "two-owners",
			 .grade = SNAG_ALLOWED,
			 .why = "a name was granted to several threads"},
		},
};

SNAG_SCENARIO(check_then_act, insert_locked) = {
	.summary = "a name is tested and taken under one lock",
	.repairs = "check_then_act/insert_if_absent",
	.tags = "check-then-act map lock",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "The lock is taken before the test and released after the "
		  "insertion, so no other thread can come between them: what "
		  "the test found is still true when the name is taken.  It is "
		  "not enough that every access is locked; a lock released "
		  "after the test and taken again for the insertion would "
		  "leave the same gap, without any data race to betray it.  A "
		  "collection meant for several threads should offer the pair "
		  "as one operation, insert_if_absent, and lock inside.",
	.in_python =
		"d.setdefault(name, me) is me - one step in the dict; where "
		"more than the dict is involved, a threading.Lock around "
		"test and action.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct registry),
	.setup = setup,
	.roles = {{"client", insert_locked, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "one-owner",
			 .grade = SNAG_ALLOWED,
			 .why = "every name was granted to exactly one thread"},
			{.when = "two-owners",
			 .grade = SNAG_FORBIDDEN,
			 .why = "the lock is held over the test and the "
				"insertion"},
		},
};
