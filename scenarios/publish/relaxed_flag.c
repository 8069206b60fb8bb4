/*
 * A message is written, then a flag says that it is there.  Broken: the flag
 * is atomic, but stored with memory_order_relaxed, which orders nothing else.
 * Right: the flag is stored with memory_order_release, so that whoever reads
 * it with memory_order_acquire also sees the message.
 */
#include <snag/scenario.h>
#include <stdatomic.h>

enum { TRIES = 200, ANSWER = 42 };

struct mailbox {
	int message;
	atomic_bool is_full;
	int received[SNAG_MAX_THREADS]; /* by each reader; -1: came too early */
};

static bool setup(struct snag_run *run, void *state)
{
	struct mailbox *mailbox = state;

	for (unsigned i = 0; i < snag_role_threads(run, 1); i++)
		mailbox->received[i] = -1;
	return true;
}

static void post_relaxed(struct snag_self *self, void *state)
{
	struct mailbox *mailbox = state;

	(void)self;
	mailbox->message = ANSWER;
	atomic_store_explicit(&mailbox->is_full, true, memory_order_relaxed);
}

static void post_release(struct snag_self *self, void *state)
{
	struct mailbox *mailbox = state;

	(void)self;
	mailbox->message = ANSWER;
	atomic_store_explicit(&mailbox->is_full, true, memory_order_release);
}

static void receive(struct snag_self *self, void *state)
{
	struct mailbox *mailbox = state;
	int *received = &mailbox->received[snag_index(self)];

	for (int tries = 0; tries < TRIES; tries++) {
		if (atomic_load_explicit(&mailbox->is_full,
					 memory_order_acquire)) {
			*received = mailbox->message;
			return;
		}
		snag_point(self);
	}
}

static void check(struct snag_run *run, void *state)
{
	const struct mailbox *mailbox = state;
	const char *outcome = "unseen";

	for (unsigned i = 0; i < snag_role_threads(run, 1); i++) {
		if (mailbox->received[i] == ANSWER) {
			outcome = "whole";
		} else if (mailbox->received[i] != -1) {
			outcome = "stale";
			break;
		}
	}
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(publish, relaxed_flag) = {
	.summary = "a message is published through a relaxed atomic flag",
	.refs = {"C11 7.17.3", "CWE-362"},
	.tags = "publish atomics memory-order",
	.practice = SNAG_ATOMICS,
	.lesson = "post_relaxed writes the message and then stores the flag "
		  "with memory_order_relaxed.  The flag itself is atomic, so "
		  "it is never torn and never races, but a relaxed store "
		  "orders nothing else: compiler and processor may make the "
		  "flag visible before the message.  The acquire load in "
		  "receive cannot help alone, because an acquire works only "
		  "together with a release on the other side.  So the write "
		  "and the read of message are a data race.  x86 does not "
		  "reorder two stores, which is why the error shows first "
		  "after a move to ARM, or to another compiler.  The repair "
		  "is one word: memory_order_release.",
	.in_python = "Python has no relaxed stores; the mistake lives in C "
		     "extensions that stop relying on the GIL and turn a flag "
		     "into an atomic with the weakest order.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct mailbox),
	.setup = setup,
	.roles = {{"writer", post_relaxed, 1}, {"reader", receive, 0}},
	.check = check,
	.reports = {{
		.kind = SNAG_DATA_RACE,
		.cause = "unsafe-publication",
		.grade = SNAG_REQUIRED,
		.between = {"post_relaxed", "receive"},
		.why = "a relaxed store does not publish the message",
	}},
	.outcomes =
		{
			{.when = "whole",
			 .grade = SNAG_ALLOWED,
			 .why = "x86 keeps stores in order, and so did the "
				"compiler"},
			{.when = "stale",
			 .grade = SNAG_ALLOWED,
			 .why = "the flag overtook the message"},
			{.when = "unseen",
			 .grade = SNAG_ALLOWED,
			 .why = "the readers gave up before the flag was set"},
		},
};

SNAG_SCENARIO(publish, release_flag) = {
	.summary = "a message is published through a release flag",
	.repairs = "publish/relaxed_flag",
	.refs = {"C11 7.17.3"},
	.tags = "publish atomics memory-order",
	.practice = SNAG_ATOMICS,
	.lesson = "The store of the flag has memory_order_release and the load "
		  "memory_order_acquire.  When the load reads what the store "
		  "wrote, the store synchronises with it: all that the writer "
		  "did before the store, the message included, happens-before "
		  "all that the reader does after the load.  The message "
		  "itself may then stay a plain int.  This holds only as long "
		  "as the message is not changed again after the flag is set; "
		  "a second message needs a second flag, or a queue.",
	.in_python = "threading.Event: what a thread did before event.set() is "
		     "seen by whoever returns from event.wait().",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct mailbox),
	.setup = setup,
	.roles = {{"writer", post_release, 1}, {"reader", receive, 0}},
	.check = check,
	.outcomes =
		{
			{.when = "whole",
			 .grade = SNAG_ALLOWED,
			 .why = "whoever saw the flag saw the message"},
			{.when = "unseen",
			 .grade = SNAG_ALLOWED,
			 .why = "the readers gave up before the flag was set"},
			{.when = "stale",
			 .grade = SNAG_FORBIDDEN,
			 .why = "release and acquire order message before "
				"flag"},
		},
};
