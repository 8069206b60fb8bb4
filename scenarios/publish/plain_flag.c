/*
 * A sensor fills in a reading and raises a flag; whoever sees the flag uses
 * the reading.  Broken: the flag is a plain bool, so that neither it nor the
 * reading is ordered.  Right: both are guarded by one lock, and readers wait
 * on a condition variable.
 */
#include <pthread.h>
#include <snag/scenario.h>

enum { TRIES = 200, DEGREES = 21, PASCALS = 101325 };

enum sight { UNSEEN, WHOLE, STALE };

struct reading {
	int degrees;
	int pascals;
};

struct station {
	struct reading reading;
	bool is_ready;
	pthread_mutex_t lock;
	pthread_cond_t ready;
	enum sight seen[SNAG_MAX_THREADS]; /* one for each display */
};

static bool setup(struct snag_run *run, void *state)
{
	struct station *station = state;

	(void)run;
	pthread_mutex_init(&station->lock, NULL);
	pthread_cond_init(&station->ready, NULL);
	return true;
}

static void teardown(void *state)
{
	struct station *station = state;

	pthread_cond_destroy(&station->ready);
	pthread_mutex_destroy(&station->lock);
}

static void fill(struct reading *reading)
{
	reading->degrees = DEGREES;
	reading->pascals = PASCALS;
}

static enum sight look(const struct reading *reading)
{
	return reading->degrees == DEGREES && reading->pascals == PASCALS
		       ? WHOLE
		       : STALE;
}

static void publish_plain(struct snag_self *self, void *state)
{
	struct station *station = state;

	(void)self;
	fill(&station->reading);
	station->is_ready = true;
}

static void display_plain(struct snag_self *self, void *state)
{
	struct station *station = state;

	for (int tries = 0; tries < TRIES; tries++) {
		if (station->is_ready) {
			station->seen[snag_index(self)] =
				look(&station->reading);
			return;
		}
		snag_point(self);
	}
}

static void publish_locked(struct snag_self *self, void *state)
{
	struct station *station = state;

	(void)self;
	pthread_mutex_lock(&station->lock);
	fill(&station->reading);
	station->is_ready = true;
	pthread_cond_broadcast(&station->ready);
	pthread_mutex_unlock(&station->lock);
}

static void display_locked(struct snag_self *self, void *state)
{
	struct station *station = state;

	pthread_mutex_lock(&station->lock);
	while (!station->is_ready)
		pthread_cond_wait(&station->ready, &station->lock);
	station->seen[snag_index(self)] = look(&station->reading);
	pthread_mutex_unlock(&station->lock);
}

static void check(struct snag_run *run, void *state)
{
	const struct station *station = state;
	const char *outcome = "unseen";

	for (unsigned i = 0; i < snag_role_threads(run, 1); i++) {
		if (station->seen[i] == STALE) {
			outcome = "stale";
			break;
		}
		if (station->seen[i] == WHOLE)
			outcome = "whole";
	}
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(publish, plain_flag) = {
	.summary = "a reading is published through a plain bool",
	.refs = {"C11 5.1.2.4", "CWE-362", "SEI CERT CON43-C"},
	.tags = "publish flag",
	.practice = SNAG_IMMUTABLE,
	.lesson = "publish_plain fills in the reading and then sets is_ready; "
		  "display_plain sees is_ready and reads the reading.  In the "
		  "source the order looks right, but a plain variable promises "
		  "nothing to other threads: the compiler may move the stores "
		  "past each other or read the flag once and never again, and "
		  "other processors may see the stores in another order.  Both "
		  "the flag and the reading are data races, and a display may "
		  "show a reading that is not there yet.  volatile would not "
		  "help, since it orders nothing between threads.  The repair "
		  "is to change and test flag and reading under one lock, or "
		  "to make the flag atomic with release and acquire.",
	.in_python =
		"CPython orders its own stores, so `self.reading = r; "
		"self.ready = True` is seen in that order; but no document "
		"promises it, and polling wastes a core.  threading.Event "
		"(set, wait) and queue.Queue promise it.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct station),
	.setup = setup,
	.roles = {{"sensor", publish_plain, 1}, {"display", display_plain, 0}},
	.check = check,
	.teardown = teardown,
	.reports =
		{
			{.kind = SNAG_DATA_RACE,
			 .cause = "unsafe-publication",
			 .grade = SNAG_REQUIRED,
			 .between = {"fill", "look"},
			 .why = "a plain flag does not publish the reading"},
			{.kind = SNAG_DATA_RACE,
			 .grade = SNAG_ALLOWED,
			 .between = {"publish_plain", "display_plain"},
			 .why = "the flag itself is written and read "
				"unordered"},
		},
	.outcomes =
		{
			{.when = "whole",
			 .grade = SNAG_ALLOWED,
			 .why = "x86 keeps stores in order, and so did the "
				"compiler"},
			{.when = "stale",
			 .grade = SNAG_ALLOWED,
			 .why = "the flag overtook the reading"},
			{.when = "unseen",
			 .grade = SNAG_ALLOWED,
			 .why = "the displays gave up before the flag was set"},
		},
};

SNAG_SCENARIO(publish, locked_flag) = {
	.summary = "a reading and its flag are guarded by one lock",
	.repairs = "publish/plain_flag",
	.refs = {"POSIX.1-2017 XSH pthread_cond_wait"},
	.tags = "publish condition-variable",
	.practice = SNAG_LOCKING,
	.lesson = "The flag and what it announces change together under one "
		  "lock, and a display tests the flag and reads the reading "
		  "under the same lock.  Unlocking a mutex happens-before the "
		  "next locking of it, so a display that finds is_ready set "
		  "also finds the reading whole.  Instead of polling it waits "
		  "on the condition variable, in a loop that tests is_ready "
		  "again, because a wait may return without a signal.  A "
		  "display that comes late does not wait at all.",
	.in_python =
		"with cond: cond.wait_for(lambda: self.ready) - or simply a "
		"threading.Event, or a queue.Queue that carries the reading.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct station),
	.setup = setup,
	.roles = {{"sensor", publish_locked, 1},
		  {"display", display_locked, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "whole",
			 .grade = SNAG_ALLOWED,
			 .why = "every display waited for the reading"},
			{.when = "stale",
			 .grade = SNAG_FORBIDDEN,
			 .why = "the lock orders the reading before the flag "
				"is seen"},
		},
};
