/*
 * A map of counts shared by all: each thread looks up its words and adds one
 * to their counts.  Two threads that meet the same word lose an update.  Right
 * when each thread fills a tally of its own and the tallies are added up once
 * all threads are done.
 */
#include <snag/scenario.h>

#include <stdlib.h>
#include <string.h>

enum { WORDS = 3 };

/* The words are fixed before the threads start; only counts change. */
struct entry {
	const char *word;
	unsigned count;
};

struct tally {
	struct entry entry[WORDS];
};

struct shared {
	struct tally total;
};

struct partitioned {
	struct tally *part; /* one for each thread */
};

static const char *const text[] = {"the", "cat", "and", "the"};

enum { TEXT_WORDS = sizeof(text) / sizeof(text[0]), THE_IN_TEXT = 2 };

static const struct tally empty_tally = {
	.entry = {{"the", 0}, {"and", 0}, {"cat", 0}},
};

static struct entry *entry_of(struct tally *tally, const char *word)
{
	struct entry *entry = tally->entry;

	while (strcmp(entry->word, word) != 0)
		entry++;
	return entry;
}

static void name_outcome(struct snag_run *run, struct tally *total)
{
	unsigned texts = snag_role_threads(run, 0);
	unsigned words = 0;

	for (int i = 0; i < WORDS; i++)
		words += total->entry[i].count;
	if (words == texts * TEXT_WORDS &&
	    entry_of(total, "the")->count == texts * THE_IN_TEXT)
		snag_outcome(run, "exact");
	else
		snag_outcome(run, "lost");
}

/* Broken: one tally for all. */

static bool setup_shared(struct snag_run *run, void *state)
{
	struct shared *shared = state;

	(void)run;
	shared->total = empty_tally;
	return true;
}

__attribute__((noinline)) static void count_shared(struct tally *tally,
						   const char *word)
{
	entry_of(tally, word)->count++;
}

static void count_text_shared(struct snag_self *self, void *state)
{
	struct shared *shared = state;

	(void)self;
	for (int i = 0; i < TEXT_WORDS; i++)
		count_shared(&shared->total, text[i]);
}

static void check_shared(struct snag_run *run, void *state)
{
	struct shared *shared = state;

	name_outcome(run, &shared->total);
}

/* Repaired: one tally a thread, merged when all are done. */

static bool setup_parts(struct snag_run *run, void *state)
{
	struct partitioned *all = state;

	all->part = calloc(snag_role_threads(run, 0), sizeof(*all->part));
	if (!all->part)
		abort();
	return true;
}

static void count_text_alone(struct snag_self *self, void *state)
{
	struct partitioned *all = state;
	struct tally own = empty_tally;

	for (int i = 0; i < TEXT_WORDS; i++)
		entry_of(&own, text[i])->count++;
	all->part[snag_index(self)] = own;
}

static void merge(struct tally *total, const struct tally *part)
{
	for (int i = 0; i < WORDS; i++)
		total->entry[i].count += part->entry[i].count;
}

static void check_merged(struct snag_run *run, void *state)
{
	struct partitioned *all = state;
	struct tally total = empty_tally;

	for (unsigned i = 0; i < snag_role_threads(run, 0); i++)
		merge(&total, &all->part[i]);
	name_outcome(run, &total);
}

static void teardown_parts(void *state)
{
	struct partitioned *all = state;

	free(all->part);
}

SNAG_SCENARIO(counter, tally_shared) = {
	.summary = "several threads count words in one shared map",
	.refs = {"CWE-362", "C11 5.1.2.4p25"},
	.tags = "counter map tally",
	.practice = SNAG_PARTITION,
	.lesson =
		"Every thread adds its words to one map. The lookup in "
		"entry_of only reads what no longer changes, and is fine; "
		"the ->count++ in count_shared is a load, an add and a store "
		"on memory that other threads write too, and when two threads "
		"meet the same word one of their increments is lost. A "
		"lock around each word would be right and slow: all threads "
		"would queue for it. counter/tally_merged shares nothing "
		"while it counts: each thread fills a tally of its own, and "
		"the tallies are added up after the threads have ended.",
	.in_python =
		"counts[word] += 1 on a shared dict or Counter loses updates: "
		"the dict makes the load and the store safe, not the pair. "
		"Fill "
		"one Counter a thread; add them up after join.",
	.expect = SNAG_BROKEN,
	.state_size = sizeof(struct shared),
	.setup = setup_shared,
	.roles = {{"counter", count_text_shared, 0}},
	.min_threads = 2,
	.check = check_shared,
	.reports = {{.kind = SNAG_DATA_RACE,
		     .cause = "lost-update",
		     .grade = SNAG_REQUIRED,
		     .between = {"count_shared", "count_shared"},
		     .why = "two threads increment the count of one word"}},
	.outcomes = {{.when = "exact",
		      .grade = SNAG_ALLOWED,
		      .why = "no two increments overlapped this time"},
		     {.when = "lost",
		      .grade = SNAG_ALLOWED,
		      .why = "two threads loaded the same count"}},
};

SNAG_SCENARIO(counter, tally_merged) = {
	.summary = "each thread counts words alone; counts are merged last",
	.repairs = "counter/tally_shared",
	.tags = "counter map tally merge",
	.practice = SNAG_PARTITION,
	.lesson = "Each thread counts into a tally on its own stack and at the "
		  "end stores it in the one element of part[] that belongs to "
		  "it. Nothing is written by two threads, so there is "
		  "nothing to lock and nothing to lose. Whoever has waited for "
		  "the threads to end merges the parts: waiting for a thread "
		  "makes all that it wrote visible. This also scales best: the "
		  "threads do not fight over a lock or a cache line while they "
		  "work.",
	.in_python = "Each task returns its own Counter; then total = "
		     "sum((f.result() for f in futures), Counter()).",
	.expect = SNAG_CLEAN,
	.state_size = sizeof(struct partitioned),
	.setup = setup_parts,
	.roles = {{"counter", count_text_alone, 0}},
	.min_threads = 2,
	.check = check_merged,
	.teardown = teardown_parts,
	.outcomes = {{.when = "exact",
		      .grade = SNAG_REQUIRED,
		      .why = "every thread counted alone, and all were merged"},
		     {.when = "lost",
		      .grade = SNAG_FORBIDDEN,
		      .why = "a part would be missing from the total"}},
};
