/*
 * Five philosophers at a round table share five forks, and each needs the two
 * beside the plate.  Broken: all take the left fork first, and when all do so
 * at once nobody ever eats again.  Right: each takes the fork with the smaller
 * number first, which for one of them is the right one.
 */
#include <pthread.h>
#include <snag/scenario.h>

enum { SEATS = 5, MEALS = 2 };

struct table {
	pthread_mutex_t forks[SEATS];
	unsigned meals[SEATS];
};

static bool setup(struct snag_run *run, void *state)
{
	struct table *table = state;

	(void)run;
	for (unsigned i = 0; i < SEATS; i++)
		pthread_mutex_init(&table->forks[i], NULL);
	return true;
}

static void teardown(void *state)
{
	struct table *table = state;

	for (unsigned i = 0; i < SEATS; i++)
		pthread_mutex_destroy(&table->forks[i]);
}

/* Before dinner everyone wipes the two forks, one after the other. */
static void wipe_forks(struct table *table, unsigned seat)
{
	for (unsigned i = seat; i < seat + 2; i++) {
		pthread_mutex_lock(&table->forks[i % SEATS]);
		pthread_mutex_unlock(&table->forks[i % SEATS]);
	}
}

static void eat(struct table *table, unsigned seat)
{
	table->meals[seat]++;
}

static void dine_left_first(struct snag_self *self, void *state)
{
	struct table *table = state;
	unsigned left = snag_index(self);
	unsigned right = (left + 1) % SEATS;

	wipe_forks(table, left);
	for (unsigned i = 0; i < MEALS; i++) {
		pthread_mutex_lock(&table->forks[left]);
		pthread_mutex_lock(&table->forks[right]);
		eat(table, left);
		pthread_mutex_unlock(&table->forks[right]);
		pthread_mutex_unlock(&table->forks[left]);
	}
}

static void dine_lower_first(struct snag_self *self, void *state)
{
	struct table *table = state;
	unsigned left = snag_index(self);
	unsigned right = (left + 1) % SEATS;
	unsigned lower = left < right ? left : right;
	unsigned higher = left < right ? right : left;

	wipe_forks(table, left);
	for (unsigned i = 0; i < MEALS; i++) {
		pthread_mutex_lock(&table->forks[lower]);
		pthread_mutex_lock(&table->forks[higher]);
		eat(table, left);
		pthread_mutex_unlock(&table->forks[higher]);
		pthread_mutex_unlock(&table->forks[lower]);
	}
}

static void check(struct snag_run *run, void *state)
{
	const struct table *table = state;
	const char *outcome = "all-ate";

	(void)run;
	for (unsigned i = 0; i < SEATS; i++)
		if (table->meals[i] != MEALS)
			outcome = "hungry";
	snag_outcome(run, "%s", outcome);
}

SNAG_SCENARIO(lock, philosophers) = {
	.summary = "five philosophers all take the left fork first",
	.refs = {"Dijkstra, Hierarchical Ordering of Sequential Processes, "
		 "Acta Informatica 1, 1971",
		 "CWE-833"},
	.tags = "lock deadlock order philosophers",
	.practice = SNAG_LOCKING,
	.lesson = "In dine_left_first every thread locks the fork on its left "
		  "and then the one on its right, which is its neighbour's "
		  "left.  No "
		  "two threads take the same two locks in opposite orders; yet "
		  "the five orders together form a circle.  When all five hold "
		  "their left fork, all wait for ever.  That is very rare, "
		  "which makes it worse.  TSan finds the circle without it, "
		  "from the orders that it has seen.  The repair is to number "
		  "the forks and always to take the smaller number first: the "
		  "last philosopher then reaches right first, and the circle "
		  "is cut.",
	.in_python = "The same program with threading.Lock hangs the same way; "
		     "sort the two locks, or use one lock for the whole table.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct table),
	.setup = setup,
	.roles = {{"philosopher", dine_left_first, SEATS}},
	.check = check,
	.teardown = teardown,
	.reports = {{
		.kind = SNAG_LOCK_INVERSION,
		.cause = "lock-order",
		.grade = SNAG_REQUIRED,
		.between = {"dine_left_first", "dine_left_first"},
		.why = "the orders of the five threads form a circle",
	}},
	.outcomes =
		{
			{.when = "all-ate",
			 .grade = SNAG_ALLOWED,
			 .why = "the philosophers did not all reach out at "
				"once"},
			{.when = "@deadlock",
			 .grade = SNAG_ALLOWED,
			 .why = "everyone holds a left fork and waits for the "
				"right",
			 .cause = "deadlock"},
		},
};

SNAG_SCENARIO(lock, philosophers_ordered) = {
	.summary = "five philosophers take the lower fork first",
	.repairs = "lock/philosophers",
	.refs = {"Dijkstra, Hierarchical Ordering of Sequential Processes, "
		 "Acta Informatica 1, 1971"},
	.tags = "lock deadlock order philosophers",
	.practice = SNAG_LOCKING,
	.lesson = "The forks are numbered and everyone takes the smaller "
		  "number first.  For four philosophers that is the left fork; "
		  "for the last, who sits between fork 4 and fork 0, it is the "
		  "right.  Whoever holds a fork waits only for a higher one, "
		  "and whoever holds the highest waits for nobody, so somebody "
		  "can always eat.  The rule is local: no thread needs to know "
		  "what the others do, only the number of the locks that it "
		  "takes itself.",
	.in_python =
		"for lock in sorted((left, right), key=id): take it - or an "
		"ExitStack over the sorted locks.",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct table),
	.setup = setup,
	.roles = {{"philosopher", dine_lower_first, SEATS}},
	.check = check,
	.teardown = teardown,
	.outcomes =
		{
			{.when = "all-ate",
			 .grade = SNAG_ALLOWED,
			 .why = "everyone ate as often as planned"},
			{.when = "@deadlock",
			 .grade = SNAG_FORBIDDEN,
			 .why = "one order of forks has no cycle"},
		},
};
