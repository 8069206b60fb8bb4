/*
 * Two numbers must agree, and the writer changes them under a lock.  Broken:
 * the reader takes no lock ("it only reads") and can see one number new and
 * the other old.  Right: the reader takes the same lock.
 */
#include <pthread.h>
#include <snag/scenario.h>

enum { STEPS = 16, PACKET_BYTES = 100 };

/* Invariant, whenever the lock is free: bytes == packets * PACKET_BYTES. */
struct traffic {
	pthread_mutex_t lock;
	long packets;
	long bytes;
	bool is_torn[SNAG_MAX_THREADS]; /* did this reader see them differ? */
};

static bool setup(struct snag_run *run, void *state)
{
	struct traffic *traffic = state;

	(void)run;
	pthread_mutex_init(&traffic->lock, NULL);
	return true;
}

static void teardown(void *state)
{
	struct traffic *traffic = state;

	pthread_mutex_destroy(&traffic->lock);
}

static void count_locked(struct snag_self *self, void *state)
{
	struct traffic *traffic = state;

	for (int i = 0; i < STEPS; i++) {
		pthread_mutex_lock(&traffic->lock);
		traffic->packets++;
		snag_point(self);
		traffic->bytes += PACKET_BYTES;
		pthread_mutex_unlock(&traffic->lock);
	}
}

static void report_unlocked(struct snag_self *self, void *state)
{
	struct traffic *traffic = state;

	for (int i = 0; i < STEPS; i++) {
		long packets = traffic->packets;
		long bytes = traffic->bytes;

		if (bytes != packets * PACKET_BYTES)
			traffic->is_torn[snag_index(self)] = true;
		snag_point(self);
	}
}

static void report_locked(struct snag_self *self, void *state)
{
	struct traffic *traffic = state;

	for (int i = 0; i < STEPS; i++) {
		long packets, bytes;

		pthread_mutex_lock(&traffic->lock);
		packets = traffic->packets;
		bytes = traffic->bytes;
		pthread_mutex_unlock(&traffic->lock);
		if (bytes != packets * PACKET_BYTES)
			traffic->is_torn[snag_index(self)] = true;
	}
}

static void check(struct snag_run *run, void *state)
{
	const struct traffic *traffic = state;
	const char *outcome = "whole";

	for (unsigned i = 0; i < snag_role_threads(run, 1); i++)
		if (traffic->is_torn[i])
			outcome = "torn";
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(lock, one_side_unlocked) = {
	.summary = "the writer takes the lock, the reader does not",
	.refs = {"CWE-820", "CWE-362"},
	.tags = "lock mutex invariant",
	.practice = SNAG_LOCKING,
	.lesson = "count_locked changes packets and bytes under the lock, so "
		  "that they agree whenever the lock is free.  report_unlocked "
		  "reads both without the lock.  A mutex stops only those who "
		  "take it: the reader comes while it is held, and sees a "
		  "packet counted whose bytes are not.  Each read is also a "
		  "data race with the write on the other side, and the "
		  "compiler may assume that there is none.  \"It only reads\" "
		  "is no excuse, for a reader needs the lock as much as a "
		  "writer does.  The repair is to take the same lock, copy "
		  "both numbers, release it, and work on the copies.",
	.in_python =
		"Reading one attribute is safe, reading two that must agree "
		"is not: p, b = self.packets, self.bytes belongs inside with "
		"self.lock: too.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct traffic),
	.setup = setup,
	.roles = {{"counter", count_locked, 0},
		  {"reporter", report_unlocked, 0}},
	.check = check,
	.teardown = teardown,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "missing-lock",
		.grade = SNAG_REQUIRED,
		.between = {"count_locked", "report_unlocked"},
		.why = "the writer holds the lock and the reader does not",
	}},
	.outcomes =
		{
			{.when = "whole",
			 .grade = SNAG_ALLOWED,
			 .why = "no reader came between the two changes"},
			{.when = "torn",
			 .grade = SNAG_ALLOWED,
			 .why = "a reader saw packets and bytes that do not "
				"agree"},
		},
};

SNAG_SCENARIO(lock, both_sides_locked) = {
	.summary = "writer and reader take the same lock",
	.repairs = "lock/one_side_unlocked",
	.tags = "lock mutex invariant",
	.practice = SNAG_LOCKING,
	.lesson = "The reader takes the lock as well, copies both numbers and "
		  "releases it.  While it holds the lock no writer is half "
		  "way, so the two numbers agree, and the unlock of the last "
		  "writer happens-before the reader's lock, so it sees them.  "
		  "Comparing and printing is done on the copies, after the "
		  "unlock: hold a lock for as long as the invariant is being "
		  "read or broken, and no longer.",
	.in_python =
		"with self.lock: packets, bytes = self.packets, self.bytes - "
		"or keep both in one tuple and replace it whole.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct traffic),
	.setup = setup,
	.roles = {{"counter", count_locked, 0}, {"reporter", report_locked, 0}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "whole",
			 .grade = SNAG_ALLOWED,
			 .why = "every reader saw numbers that agree"},
			{.when = "torn",
			 .grade = SNAG_FORBIDDEN,
			 .why = "a reader would have to come while the lock is "
				"held"},
		},
};
