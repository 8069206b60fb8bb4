/*
 * Seats are booked through atomic variables.  Broken: a load finds the seat
 * free and a store takes it; each is atomic, the pair is not, and there is no
 * data race to report.  Right: one compare-and-exchange tests and takes.
 */
#include <snag/scenario.h>
#include <stdatomic.h>

enum { SEATS = 32, FREE = 0 };

struct theatre {
	atomic_uint seats[SEATS];        /* FREE, or who has booked it */
	unsigned sold[SNAG_MAX_THREADS]; /* seats each thread thinks it has */
};

/* All threads want all seats, in the same order. */
static void book_load_store(struct snag_self *self, void *state)
{
	struct theatre *theatre = state;
	unsigned who = snag_index(self) + 1;

	for (unsigned i = 0; i < SEATS; i++) {
		if (atomic_load(&theatre->seats[i]) == FREE) {
			snag_point(self);
			atomic_store(&theatre->seats[i], who);
			theatre->sold[snag_index(self)]++;
		}
	}
}

static void book_compare_exchange(struct snag_self *self, void *state)
{
	struct theatre *theatre = state;
	unsigned who = snag_index(self) + 1;

	for (unsigned i = 0; i < SEATS; i++) {
		unsigned expected = FREE;

		if (atomic_compare_exchange_strong(&theatre->seats[i],
						   &expected, who))
			theatre->sold[snag_index(self)]++;
	}
}

static void check(struct snag_run *run, void *state)
{
	const struct theatre *theatre = state;
	unsigned sold = 0;

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		sold += theatre->sold[i];
	snag_outcome(run, sold == SEATS ? "one-owner" : "two-owners");
}

SNAG_SCENARIO(check_then_act, test_then_set_atomics) = {
	.summary = "a seat is tested and taken by two separate atomic steps",
	.refs = {"CWE-362", "CWE-367",
		 "Lu et al., Learning from Mistakes, ASPLOS 2008"},
	.tags = "check-then-act atomics",
	.practice = SNAG_ATOMICS,
	.lesson =
		"Every access to a seat is atomic, so there is no data race "
		"and ThreadSanitizer is rightly silent.  The program is wrong "
		"all the same: between the atomic_load that finds the seat "
		"free and the atomic_store that takes it, another thread may "
		"have loaded FREE too, and both sell the seat.  Atomic steps "
		"do not add up to an atomic whole.  Only a check of the "
		"result can show this: more seats were sold than there are.  "
		"The repair is one operation that tests and takes at once, "
		"atomic_compare_exchange_strong.",
	.in_python =
		"Making each line safe does not make two lines safe: `if "
		"seats[i] is None: seats[i] = me` needs a lock around both "
		"lines; for a dict there is d.setdefault(i, me).",
	.expect = SNAG_BLIND,
	.state_size = sizeof(struct theatre),
	.roles = {{"agent", book_load_store, 0}},
	.min_threads = 2,
	.check = check,
	.outcomes =
		{
			{.when = "two-owners",
			 .grade = SNAG_REQUIRED,
			 .why = "two threads found a seat free and both sold "
				"it",
			 .cause = "atomicity-violation"},
			{.when = "one-owner",
			 .grade = SNAG_ALLOWED,
			 .why = "no two threads tested the same seat at once"},
		},
};

SNAG_SCENARIO(check_then_act, compare_exchange) = {
	.summary = "a seat is tested and taken by one compare-and-exchange",
	.repairs = "check_then_act/test_then_set_atomics",
	.refs = {"C11 7.17.7.4"},
	.tags = "check-then-act atomics",
	.practice = SNAG_ATOMICS,
	.lesson = "atomic_compare_exchange_strong stores who only if the seat "
		  "still holds FREE, and says whether it did; test and store "
		  "are one indivisible step.  Of all the threads that try, "
		  "exactly one is told that it succeeded, whatever the "
		  "schedule.  The weak form may fail although the value is as "
		  "expected and belongs in a loop; here there is no loop, so "
		  "the strong one is right.  This works because the whole "
		  "decision fits into one word; where it does not, use a lock.",
	.in_python =
		"dict.setdefault is the nearest thing: one step that stores "
		"only if absent and returns what is there.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct theatre),
	.roles = {{"agent", book_compare_exchange, 0}},
	.min_threads = 2,
	.check = check,
	.outcomes =
		{
			{.when = "one-owner",
			 .grade = SNAG_ALLOWED,
			 .why = "every seat was sold exactly once"},
			{.when = "two-owners",
			 .grade = SNAG_FORBIDDEN,
			 .why = "only one exchange can find the seat free"},
		},
};
