/*
 * A sequence lock: the writer makes the sequence odd, writes, and makes it
 * even; a reader copies the data and takes the copy only if the sequence was
 * even and is unchanged.
 *
 * Broken: the data are plain, and readers do read while they are written.
 * Right: the data are atomic too, and the copy is still checked.
 */
#include <snag/scenario.h>
#include <stdatomic.h>

enum { UPDATES = 16, READS = 16, TRIES = 64, SPREAD = 2 };

struct quote {
	int bid, ask;
};

struct feed {
	atomic_uint sequence; /* odd: being written */
	_Alignas(8) struct quote plain;
	atomic_int bid, ask;
	atomic_uint torn;
};

static bool first_quote(struct snag_run *run, void *state)
{
	struct feed *feed = state;
	(void)run;
	feed->plain.ask = SPREAD;
	atomic_init(&feed->ask, SPREAD);
	return true;
}

static void write_plain(struct snag_self *self, struct feed *feed, int bid)
{
	atomic_fetch_add(&feed->sequence, 1);
	feed->plain.bid = bid;
	snag_point(self);
	feed->plain.ask = bid + SPREAD;
	atomic_fetch_add(&feed->sequence, 1);
}

static bool read_plain(struct feed *feed, struct quote *copy)
{
	unsigned before = atomic_load(&feed->sequence);
	*copy = feed->plain;
	return before % 2 == 0 && before == atomic_load(&feed->sequence);
}

/* Release: who sees the new value also sees the sequence odd. */
static void write_atomic(struct snag_self *self, struct feed *feed, int bid)
{
	atomic_fetch_add(&feed->sequence, 1);
	atomic_store_explicit(&feed->bid, bid, memory_order_release);
	snag_point(self);
	atomic_store_explicit(&feed->ask, bid + SPREAD, memory_order_release);
	atomic_fetch_add(&feed->sequence, 1);
}

/* Acquire: the second load of the sequence stays behind the data. */
static bool read_atomic(struct feed *feed, struct quote *copy)
{
	unsigned before = atomic_load(&feed->sequence);
	copy->bid = atomic_load_explicit(&feed->bid, memory_order_acquire);
	copy->ask = atomic_load_explicit(&feed->ask, memory_order_acquire);
	return before % 2 == 0 && before == atomic_load(&feed->sequence);
}

static void update(struct snag_self *self, struct feed *feed,
		   void (*write)(struct snag_self *, struct feed *, int))
{
	for (int bid = 1; bid <= UPDATES; bid++) {
		write(self, feed, bid);
		snag_point(self);
	}
}

static void follow(struct snag_self *self, struct feed *feed,
		   bool (*read)(struct feed *, struct quote *))
{
	for (int i = 0; i < READS; i++) {
		struct quote quote;
		bool is_valid = false;
		for (int n = 0; n < TRIES && !is_valid; n++) {
			is_valid = read(feed, &quote);
			snag_point(self);
		}
		if (is_valid && quote.ask != quote.bid + SPREAD)
			atomic_fetch_add_explicit(&feed->torn, 1,
						  memory_order_relaxed);
	}
}

static void update_plain(struct snag_self *self, void *state)
{
	update(self, state, write_plain);
}

static void follow_plain(struct snag_self *self, void *state)
{
	follow(self, state, read_plain);
}

static void update_atomic(struct snag_self *self, void *state)
{
	update(self, state, write_atomic);
}

static void follow_atomic(struct snag_self *self, void *state)
{
	follow(self, state, read_atomic);
}

static void check(struct snag_run *run, void *state)
{
	struct feed *feed = state;
	snag_outcome(run, feed->torn ? "torn" : "whole");
}

SNAG_SCENARIO(lockfree, seqlock_plain) = {
	.summary = "sequence lock around data that are not atomic",
	.refs = {"H.-J. Boehm, Can Seqlocks Get Along With Programming "
		 "Language Memory Models?, MSPC 2012",
		 "C11 5.1.2.4"},
	.tags = "lockfree seqlock atomics",
	.practice = SNAG_ATOMICS,
	.lesson = "A reader of a sequence lock reads while the writer writes; "
		  "that is its very idea. read_plain copies the whole quote at "
		  "once while write_plain writes its two halves one after the "
		  "other, and throws a mixed copy away afterwards, because the "
		  "sequence has changed. But the copy itself is already a data "
		  "race: the language gives a program with one no meaning at "
		  "all, and the compiler may read the quote again after the "
		  "check, or in pieces. On x86 it usually works, which is why "
		  "the mistake is common. The repair makes the data atomic as "
		  "well; on most processors an acquire load costs what a plain "
		  "load costs.",
	.in_python = "self.quote = (bid, ask): swap one immutable tuple; "
		     "read self.quote once and unpack what you got.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct feed),
	.setup = first_quote,
	.roles = {{"writer", update_plain, 1}, {"reader", follow_plain, 0}},
	.check = check,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "torn-access",
		     .grade = SNAG_REQUIRED,
		     .between = {"write_plain", "read_plain"},
		     .why = "the pair is copied while its halves are written"}},
	.outcomes = {{.when = "whole",
		      .grade = SNAG_ALLOWED,
		      .why = "every mixed copy was thrown away"},
		     {.when = "torn",
		      .grade = SNAG_ALLOWED,
		      .why = "the check did not notice a mixed copy"}},
};

SNAG_SCENARIO(lockfree, seqlock_atomic) = {
	.summary = "sequence lock around atomic data",
	.repairs = "lockfree/seqlock_plain",
	.refs = {"H.-J. Boehm, Can Seqlocks Get Along With Programming "
		 "Language Memory Models?, MSPC 2012"},
	.tags = "lockfree seqlock atomics",
	.practice = SNAG_ATOMICS,
	.lesson = "Both halves of the quote are atomic, so reading them while "
		  "they are written is no data race. A reader that sees a half "
		  "being written has acquired what the writer released, hence "
		  "also the odd sequence before it, and its second load of the "
		  "sequence shows the change. So a copy that passes the check "
		  "is whole. Readers write nothing and never hold up the "
		  "writer; the price is that they may have to try again.",
	.in_python = "One reference to one immutable object does it all.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct feed),
	.setup = first_quote,
	.roles = {{"writer", update_atomic, 1}, {"reader", follow_atomic, 0}},
	.check = check,
	.outcomes = {{.when = "whole",
		      .grade = SNAG_REQUIRED,
		      .why = "a copy that passes the check is whole"}},
};
