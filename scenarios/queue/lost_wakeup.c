/*
 * Lost wakeup: the gate is opened and the wakeup sent without the lock, so
 * both can fall between a waiter's test and its sleep, and the waiter sleeps
 * for ever.  An atomic flag cures the data race and keeps the bug.  Right when
 * the gate is opened with the lock held.
 */
#include <snag/scenario.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/* Opened once; until then everybody waits. */
struct gate {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	bool is_open;
	atomic_bool is_open_atomic; /* the same, of the atomic twins */
};

static bool setup(struct snag_run *run, void *state)
{
	struct gate *gate = state;

	(void)run;
	pthread_mutex_init(&gate->lock, NULL);
	pthread_cond_init(&gate->opened, NULL);
	return true;
}

/* When anybody waits for ever, the iteration does not come to this. */
static void check(struct snag_run *run, void *state)
{
	(void)state;
	snag_outcome(run, "passed");
}

static void teardown(void *state)
{
	struct gate *gate = state;

	pthread_cond_destroy(&gate->opened);
	pthread_mutex_destroy(&gate->lock);
}

static void wait_open(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	pthread_mutex_lock(&gate->lock);
	while (!gate->is_open)
		pthread_cond_wait(&gate->opened, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

/* Broken: without the lock. */

static void open_unlocked(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	gate->is_open = true;
	pthread_cond_broadcast(&gate->opened);
}

/* Broken as well: an atomic flag, but without the lock. */

static void wait_open_atomic(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	pthread_mutex_lock(&gate->lock);
	while (!atomic_load(&gate->is_open_atomic)) {
		sched_yield(); /* a last chance to open it before we sleep */
		pthread_cond_wait(&gate->opened, &gate->lock);
	}
	pthread_mutex_unlock(&gate->lock);
}

static void open_atomic(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	atomic_store(&gate->is_open_atomic, true);
	pthread_cond_broadcast(&gate->opened);
}

/* Repaired: with the lock held. */

static void open_locked(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	pthread_mutex_lock(&gate->lock);
	gate->is_open = true;
	pthread_cond_broadcast(&gate->opened);
	pthread_mutex_unlock(&gate->lock);
}

static void open_atomic_locked(struct snag_self *self, void *state)
{
	struct gate *gate = state;

	(void)self;
	pthread_mutex_lock(&gate->lock);
	atomic_store(&gate->is_open_atomic, true);
	pthread_cond_broadcast(&gate->opened);
	pthread_mutex_unlock(&gate->lock);
}

SNAG_SCENARIO(queue, lost_wakeup) = {
	.summary = "a flag is set and the wakeup sent without the lock",
	.refs = {"CWE-362", "POSIX pthread_cond_broadcast()"},
	.tags = "queue condition wakeup",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "wait_open holds the lock from its test of is_open until it "
		  "sleeps, so that nothing may happen in between; but that "
		  "binds only those who take the lock, and open_unlocked does "
		  "not. It can set the flag and wake everybody just after a "
		  "waiter has found the gate closed and before it sleeps: "
		  "the wakeup finds nobody, and the waiter then sleeps for "
		  "ever. A condition variable does not remember wakeups. "
		  "The plain flag is a data race besides, which "
		  "ThreadSanitizer reports in nearly every run, while the hang "
		  "shows once in a hundred or a thousand. queue/wakeup_locked "
		  "takes the lock to set the flag: the waiter is then either "
		  "before its test or already asleep.",
	.in_python =
		"Condition.notify_all() without the lock raises RuntimeError, "
		"but the flag can still be set or tested outside `with cond:` "
		"and the same wakeup is lost. threading.Event gets it right.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct gate),
	.setup = setup,
	.roles = {{"opener", open_unlocked, 1}, {"waiter", wait_open, 0}},
	.check = check,
	.teardown = teardown,
	.reports =
		{{.kind = SNAG_DATA_RACE,
		  .cause = "missing-lock",
		  .grade = SNAG_REQUIRED,
		  .between = {"open_unlocked", "wait_open"},
		  .why = "the flag is tested with and set without the lock"}},
	.outcomes = {{.when = "passed",
		      .grade = SNAG_ALLOWED,
		      .why = "the wakeup came early enough or late enough"},
		     {.when = "@deadlock",
		      .grade = SNAG_ALLOWED,
		      .why = "the wakeup fell between a test and a sleep"}},
};

SNAG_SCENARIO(queue, wakeup_locked) = {
	.summary = "a flag is set and the wakeup sent with the lock held",
	.repairs = "queue/lost_wakeup",
	.refs = {"POSIX pthread_cond_broadcast()"},
	.tags = "queue condition wakeup",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson =
		"open_locked changes what the waiters test only while it "
		"holds their lock. A waiter holds that lock from its test "
		"until pthread_cond_wait has put it to sleep, so the change "
		"comes either before the test, and the waiter does not sleep, "
		"or after it is asleep, and the wakeup finds it. The "
		"broadcast itself may also follow the unlock; what counts is "
		"that the flag is set under the lock.",
	.in_python = "`with cond: is_open = True; cond.notify_all()`, or "
		     "threading.Event: set() and wait().",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct gate),
	.setup = setup,
	.roles = {{"opener", open_locked, 1}, {"waiter", wait_open, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "passed",
		      .grade = SNAG_REQUIRED,
		      .why = "no wakeup comes between a test and a sleep"},
		     {.when = "@deadlock",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a wakeup would have been lost"}},
};

SNAG_SCENARIO(queue, lost_wakeup_atomic) = {
	.summary = "an atomic flag is set and the wakeup sent without the lock",
	.refs = {"CWE-833", "POSIX pthread_cond_broadcast()"},
	.tags = "queue condition wakeup atomics",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson = "Somebody has seen the data race of queue/lost_wakeup and "
		  "made the flag atomic. ThreadSanitizer is silent now, and "
		  "the program still hangs: open_atomic can set the flag and "
		  "wake everybody after wait_open_atomic has loaded false and "
		  "before it sleeps. No single access was wrong; what is "
		  "missing is that test and sleep are one step for the opener. "
		  "queue/wakeup_atomic_locked takes the lock around the store, "
		  "and could have left the flag plain. Real threads hang here "
		  "in some of every hundred iterations.",
	.in_python =
		"Every store is atomic in Python, and the wakeup is lost all "
		"the same if the flag is set outside `with cond:`. "
		"threading.Event sets it inside.",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct gate),
	.setup = setup,
	.roles = {{"opener", open_atomic, 1}, {"waiter", wait_open_atomic, 1}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "@deadlock",
		      .grade = SNAG_REQUIRED,
		      .why = "the wakeup fell between the test and the sleep",
		      .cause = "order-violation"},
		     {.when = "passed",
		      .grade = SNAG_ALLOWED,
		      .why = "the wakeup came early enough or late enough"}},
};

SNAG_SCENARIO(queue, wakeup_atomic_locked) = {
	.summary = "an atomic flag is set under the lock of its waiters",
	.repairs = "queue/lost_wakeup_atomic",
	.refs = {"POSIX pthread_cond_broadcast()"},
	.tags = "queue condition wakeup atomics",
	.practice = SNAG_THREAD_SAFE_COLLECTION,
	.lesson =
		"The flag is still atomic, for those who look at it in "
		"passing without the lock. Whoever sets it for sleepers takes "
		"their lock, so the store cannot fall between a waiter's test "
		"and its sleep. The atomic keeps single accesses whole; the "
		"lock keeps test and sleep together. One does not replace "
		"the other.",
	.in_python = "`with cond: is_open = True; cond.notify_all()`, or "
		     "threading.Event: set() and wait().",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct gate),
	.setup = setup,
	.roles = {{"opener", open_atomic_locked, 1},
		  {"waiter", wait_open_atomic, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes = {{.when = "passed",
		      .grade = SNAG_REQUIRED,
		      .why = "no wakeup comes between a test and a sleep"},
		     {.when = "@deadlock",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a wakeup would have been lost"}},
};
