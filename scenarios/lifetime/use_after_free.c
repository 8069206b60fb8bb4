/*
 * A worker looks a session up under the table's lock and uses it after the
 * unlock, while another thread evicts the session and frees it.
 *
 * Broken: the lock guards the pointer and not what it points to.  Right: keep
 * the lock while the session is in use.
 */
#include <pthread.h>
#include <sched.h>
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { CHUNKS = 4, QUOTA = 10, RATE = 3 };

struct session {
	long rate;
	long quota;
};

struct table {
	pthread_mutex_t lock;
	struct session *session; /* guarded by lock; NULL: evicted */
	atomic_long billed;
};

static bool login(struct snag_run *run, void *state)
{
	struct table *table = state;
	(void)run;
	pthread_mutex_init(&table->lock, NULL);
	table->session = malloc(sizeof(*table->session));
	if (!table->session)
		abort();
	table->session->rate = RATE;
	table->session->quota = QUOTA;
	return true;
}

static void send_chunks(struct snag_self *self, struct table *table,
			const struct session *session)
{
	long sent = 0;
	for (int i = 0; i < CHUNKS; i++) {
		snag_point(self);
		sched_yield(); /* sending takes its time */
		sent += session->quota;
	}
	atomic_fetch_add_explicit(&table->billed, sent * session->rate,
				  memory_order_relaxed);
}

static void serve_after_unlock(struct snag_self *self, void *state)
{
	struct table *table = state;
	pthread_mutex_lock(&table->lock);
	struct session *session = table->session;
	pthread_mutex_unlock(&table->lock);
	if (session)
		send_chunks(self, table, session);
}

static void serve_under_lock(struct snag_self *self, void *state)
{
	struct table *table = state;
	pthread_mutex_lock(&table->lock);
	struct session *session = table->session;
	if (session)
		send_chunks(self, table, session);
	pthread_mutex_unlock(&table->lock);
}

static void evict(struct snag_self *self, void *state)
{
	struct table *table = state;
	snag_point(self);
	pthread_mutex_lock(&table->lock);
	struct session *session = table->session;
	table->session = NULL;
	pthread_mutex_unlock(&table->lock);
	free(session);
}

static void check(struct snag_run *run, void *state)
{
	struct table *table = state;
	bool whole = table->billed % (CHUNKS * QUOTA * RATE) == 0;
	snag_outcome(run, whole ? "whole" : "garbage");
}

static void destroy_lock(void *state)
{
	struct table *table = state;
	pthread_mutex_destroy(&table->lock);
}

SNAG_SCENARIO(lifetime, use_after_free) = {
	.summary = "session freed by one thread while another one uses it",
	.refs = {"CWE-416: Use After Free", "CWE-362: Race Condition"},
	.tags = "lifetime free lock",
	.practice = SNAG_LIFETIME,
	.lesson = "serve_after_unlock takes the lock, copies the pointer and "
		  "unlocks: from then on nothing keeps the session alive. "
		  "evict also follows the rules, since it takes the session "
		  "out of the table under the lock; but its free only knows "
		  "that nobody can look the session up any more, not that "
		  "nobody still has it. The worker then reads memory that has "
		  "been freed and may already belong to something else. A lock "
		  "guards what is done while it is held, and the pointer is "
		  "only half of that. Keep the lock as long as the session is "
		  "used, or count references under it and let the last user "
		  "free (lifetime/refcount_atomic shows the count).",
	.in_python = "The reference keeps the object alive, so memory is "
		     "safe; a session that another thread has closed is not.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct table),
	.setup = login,
	.roles = {{"worker", serve_after_unlock, 0}, {"evictor", evict, 1}},
	.check = check,
	.teardown = destroy_lock,
	.reports = {{.kind = SNAG_USE_AFTER_FREE,
		     .cause = "use-after-free",
		     .grade = SNAG_REQUIRED,
		     .between = {"send_chunks", "evict"},
		     .why = "the session is read after evict freed it"},
		    {.kind = SNAG_DATA_RACE,
		     .cause = "use-after-free",
		     .grade = SNAG_ALLOWED,
		     .between = {"send_chunks", "evict"},
		     .why = "nothing orders the free after the reading"}},
	.outcomes = {{.when = "whole",
		      .grade = SNAG_ALLOWED,
		      .why = "freed memory often keeps its bytes for a while"},
		     {.when = "garbage",
		      .grade = SNAG_ALLOWED,
		      .why = "the memory had been used again"},
		     {.when = "@use-after-free",
		      .grade = SNAG_ALLOWED,
		      .why = "the session is read after evict freed it"}},
};

SNAG_SCENARIO(lifetime, used_under_lock) = {
	.summary = "session used under the lock that its removal takes",
	.repairs = "lifetime/use_after_free",
	.refs = {"CWE-416: Use After Free"},
	.tags = "lifetime free lock",
	.practice = SNAG_LIFETIME,
	.lesson = "serve_under_lock keeps the table's lock from the lookup to "
		  "the last use. evict needs the same lock to take the session "
		  "out, so it comes wholly before (the worker then finds NULL) "
		  "or wholly after, and its free happens-after every read. The "
		  "free itself may stand outside the lock, because once the "
		  "pointer is out of the table nobody else has it. The price "
		  "is that users wait for each other; where a use is long, "
		  "count references instead.",
	.in_python = "with table.lock: session = table.session; use it "
		     "inside the with block, and close it under the same "
		     "lock.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct table),
	.setup = login,
	.roles = {{"worker", serve_under_lock, 0}, {"evictor", evict, 1}},
	.check = check,
	.teardown = destroy_lock,
	.outcomes = {{.when = "whole",
		      .grade = SNAG_REQUIRED,
		      .why = "served while it lived, or not at all"}},
};
