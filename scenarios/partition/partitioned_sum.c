/*
 * A sum over an array, with nothing shared but what is only read: each thread
 * adds up its own part in a local variable, stores the result once into a slot
 * of its own, and the slots are added when all threads are done.
 */
#include <snag/scenario.h>

enum { VALUES = 1024 };

struct sales {
	unsigned values[VALUES];            /* written by setup only */
	uint64_t partial[SNAG_MAX_THREADS]; /* one slot a thread     */
};

static bool setup(struct snag_run *run, void *state)
{
	struct sales *sales = state;

	(void)run;
	for (unsigned i = 0; i < VALUES; i++)
		sales->values[i] = i + 1;
	return true;
}

static void sum_own_part(struct snag_self *self, void *state)
{
	struct sales *sales = state;
	size_t begin = (size_t)VALUES * snag_index(self) / snag_threads(self);
	size_t end =
		(size_t)VALUES * (snag_index(self) + 1) / snag_threads(self);
	uint64_t sum = 0;

	for (size_t i = begin; i < end; i++)
		sum += sales->values[i];
	sales->partial[snag_index(self)] = sum;
}

static void merge(struct snag_run *run, void *state)
{
	const struct sales *sales = state;
	uint64_t total = 0;

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		total += sales->partial[i];
	snag_outcome(run, total == (uint64_t)VALUES * (VALUES + 1) / 2
				  ? "exact"
				  : "wrong");
}

SNAG_SCENARIO(partition, partitioned_sum) = {
	.summary = "each thread sums its own part; the parts are added last",
	.refs = {"CWE-362"},
	.tags = "partition reduce merge",
	.practice = SNAG_PARTITION,
	.lesson =
		"A total that all threads add to must be locked or atomic, "
		"and is then the place where they all wait for each other.  "
		"Here nobody shares it: each thread adds up its part in the "
		"local variable sum and writes it once, into the slot of "
		"partial that only this thread uses.  The input is shared but "
		"nobody writes it after setup, so reading it needs no lock.  "
		"The slots are added after every thread has ended; that end "
		"(a join) is the only synchronisation, and it is enough.",
	.in_python = "total = sum(pool.map(sum, parts)): each task returns its "
		     "own sum and one thread adds them.  Do not write a global "
		     "total += x in the tasks: += is not one step.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct sales),
	.setup = setup,
	.roles = {{"adder", sum_own_part, 0}},
	.min_threads = 2,
	.check = merge,
	.outcomes =
		{
			{.when = "exact",
			 .grade = SNAG_ALLOWED,
			 .why = "every value was added by exactly one thread"},
			{.when = "wrong",
			 .grade = SNAG_FORBIDDEN,
			 .why = "a part would have to be lost or counted "
				"twice"},
		},
};
