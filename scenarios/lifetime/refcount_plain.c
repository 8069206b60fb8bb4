/*
 * A message goes to several readers, and the last one to put it down frees
 * it.
 *
 * Broken: the count is a plain integer, and a lost decrement means that nobody
 * is the last.  Right: an atomic count, decremented with acquire and release.
 */
#include <snag/scenario.h>
#include <stdatomic.h>
#include <stdlib.h>

struct message {
	unsigned plain_refs;
	atomic_uint refs;
	int number;
};

struct mailbox {
	struct message *message;
	atomic_uint frees;
	atomic_int sum;
};

static bool send_message(struct snag_run *run, void *state)
{
	struct mailbox *box = state;
	box->message = malloc(sizeof(*box->message));
	if (!box->message)
		abort();
	box->message->plain_refs = snag_role_threads(run, 0);
	atomic_init(&box->message->refs, snag_role_threads(run, 0));
	box->message->number = 1;
	return true;
}

static void free_message(struct mailbox *box, struct message *message)
{
	atomic_fetch_add_explicit(&box->frees, 1, memory_order_relaxed);
	free(message);
}

static void put_plain(struct mailbox *box, struct message *message)
{
	if (--message->plain_refs == 0)
		free_message(box, message);
}

static void put_atomic(struct mailbox *box, struct message *message)
{
	if (atomic_fetch_sub_explicit(&message->refs, 1,
				      memory_order_acq_rel) == 1)
		free_message(box, message);
}

static void read_message(struct snag_self *self, struct mailbox *box)
{
	atomic_fetch_add_explicit(&box->sum, box->message->number,
				  memory_order_relaxed);
	snag_point(self);
}

static void read_and_put_plain(struct snag_self *self, void *state)
{
	struct mailbox *box = state;
	read_message(self, box);
	put_plain(box, box->message);
}

static void read_and_put_atomic(struct snag_self *self, void *state)
{
	struct mailbox *box = state;
	read_message(self, box);
	put_atomic(box, box->message);
}

static void check(struct snag_run *run, void *state)
{
	struct mailbox *box = state;
	if (box->frees == 1)
		snag_outcome(run, "freed");
	else
		snag_outcome(run, box->frees ? "freed twice" : "leaked");
}

static void free_leaked(void *state)
{
	struct mailbox *box = state;
	if (!box->frees)
		free(box->message);
}

SNAG_SCENARIO(lifetime, refcount_plain) = {
	.summary = "plain reference count: the last reader is not noticed",
	.refs = {"CWE-911: Improper Update of Reference Count",
		 "CWE-362: Race Condition"},
	.tags = "lifetime refcount free",
	.practice = SNAG_LIFETIME,
	.lesson = "put_plain decrements the count and frees the message when "
		  "the count comes to zero. --plain_refs is a load, a "
		  "subtraction and a store: two readers that load the same "
		  "value store the same result, one decrement is lost, zero is "
		  "never reached and the message leaks. A lost increment would "
		  "be worse, since the message would be freed under a reader. "
		  "A plain count has a second fault: nothing makes the other "
		  "readers' accesses happen-before the free, even when the "
		  "arithmetic comes out right. An atomic decrement with "
		  "acquire and release order repairs both.",
	.in_python = "CPython's own counts are safe without the GIL (PEP "
		     "703); an own count with self.refs -= 1 is not, so "
		     "guard it by a lock.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct mailbox),
	.setup = send_message,
	.roles = {{"reader", read_and_put_plain, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = free_leaked,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "refcount",
		     .grade = SNAG_REQUIRED,
		     .between = {"put_plain", "put_plain"},
		     .why = "two readers decrement the count at once"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"free_message", "put_plain"},
		     .why = "the free is not ordered after the decrements"},
		    {.kind = SNAG_DATA_RACE,
		     .grade = SNAG_ALLOWED,
		     .between = {"free_message", "read_message"},
		     .why = "the free is not ordered after the reading"}},
	.outcomes = {{.when = "freed",
		      .grade = SNAG_ALLOWED,
		      .why = "no two decrements overlapped"},
		     {.when = "leaked",
		      .grade = SNAG_ALLOWED,
		      .why = "a lost decrement: nobody saw zero"}},
};

SNAG_SCENARIO(lifetime, refcount_atomic) = {
	.summary = "atomic reference count: the last reader frees",
	.repairs = "lifetime/refcount_plain",
	.refs = {"C11 7.17.7.5"},
	.tags = "lifetime refcount atomics free",
	.practice = SNAG_LIFETIME,
	.lesson = "atomic_fetch_sub returns each value to one reader only, so "
		  "exactly one of them is told 1 and frees the message. "
		  "Release puts a reader's accesses before its decrement; "
		  "acquire puts the last reader's free after all decrements "
		  "that came before. A relaxed decrement would keep the count "
		  "right and leave the free unordered. Some code uses a "
		  "release decrement and an acquire fence before the free; "
		  "that is right as well, but ThreadSanitizer does not model "
		  "fences and would complain.",
	.in_python = "CPython does this for every object (PEP 703).",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct mailbox),
	.setup = send_message,
	.roles = {{"reader", read_and_put_atomic, 0}},
	.min_threads = 2,
	.check = check,
	.teardown = free_leaked,
	.outcomes = {{.when = "freed",
		      .grade = SNAG_REQUIRED,
		      .why = "one reader was the last"}},
};
