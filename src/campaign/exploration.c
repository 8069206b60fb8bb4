#include "campaign/exploration.h"

#include <stdlib.h>
#include <string.h>

#include "base/distinct.h"
#include "base/text.h"
#include "campaign/epoch.h"

/* No batch comes near this many of anything. */
#define MANY ((uint64_t)1 << 48)

static bool is_sound(const struct snag_explore *x)
{
	for (int i = 0; i < SNAG_UNCONTROLLED_KINDS; i++)
		if (x->uncontrolled[i] >= MANY)
			return false;
	for (uint32_t i = 0; i < x->strategy_count && i < SNAG_MAX_STRATEGIES;
	     i++)
		if (x->strategies[i].schedules >= MANY ||
		    x->strategies[i].new_pairs >= MANY ||
		    x->strategies[i].news >= MANY)
			return false;
	return x->steps < MANY && x->switches < MANY && x->preemptions < MANY &&
	       x->most_steps < MANY && x->most_preemptions < MANY &&
	       x->strategy_count <= SNAG_MAX_STRATEGIES;
}

static struct exploration_epoch *epoch_of(struct exploration *e,
					  struct arena *arena, uint64_t first)
{
	size_t n = 0;

	for (uint64_t end = epoch_end(0);
	     end <= first && n < EXPLORATION_EPOCHS - 1; end = epoch_end(end))
		n++;
	if (!e->epochs[n])
		e->epochs[n] = arena_alloc(arena, sizeof(*e->epochs[n]));
	return e->epochs[n];
}

static void add_strategy(struct explored *sum, struct arena *arena,
			 const struct snag_strategy_counts *from)
{
	size_t len = strnlen(from->name, sizeof(from->name));
	const char *name = text_clean(arena, from->name, len, false);
	struct explored_strategy *s = NULL;

	for (size_t i = 0; !s && i < sum->strategy_count; i++)
		if (!strcmp(sum->strategies[i].name, name))
			s = &sum->strategies[i];
	/* There are not so many: somebody else has written these names. */
	if (!s && sum->strategy_count >= SNAG_MAX_STRATEGIES)
		return;
	if (!s) {
		s = arena_push(arena, &sum->strategies, &sum->strategy_count,
			       sizeof(*s));
		s->name = name;
	}
	s->schedules += from->schedules;
	s->new_pairs += from->new_pairs;
	s->news += from->news;
}

static void raise_to(uint64_t *most, uint64_t value)
{
	if (value > *most)
		*most = value;
}

bool exploration_take(struct exploration *e, struct arena *arena,
		      const struct snag_explore *from, uint64_t first,
		      uint64_t ran)
{
	struct explored *sum = &e->sum;
	struct exploration_epoch *epoch;

	if (!ran)
		return true;
	if (!is_sound(from))
		return false;
	epoch = epoch_of(e, arena, first);
	epoch->iterations += ran;
	for (size_t i = 0; i < sizeof(epoch->pairs); i++)
		epoch->pairs[i] |= from->pairs[i];
	distinct_unite(epoch->distinct, from->distinct,
		       SNAG_DISTINCT_REGISTERS);
	sum->steps += from->steps;
	sum->switches += from->switches;
	sum->preemptions += from->preemptions;
	raise_to(&sum->most_steps, from->most_steps);
	raise_to(&sum->most_preemptions, from->most_preemptions);
	if (from->most_threads > sum->most_threads)
		sum->most_threads = from->most_threads;
	for (uint32_t i = 0; i < from->strategy_count; i++)
		add_strategy(sum, arena, &from->strategies[i]);
	for (int i = 0; i < SNAG_UNCONTROLLED_KINDS; i++)
		e->uncontrolled[i] += from->uncontrolled[i];
	if (from->has_diverged == 1 && !sum->divergence)
		sum->divergence = text_clean(
			arena, from->divergence,
			strnlen(from->divergence, sizeof(from->divergence)),
			false);
	return true;
}

static uint64_t bits_of(const uint8_t *bytes, size_t count)
{
	uint64_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += (uint64_t)__builtin_popcount(bytes[i]);
	return n;
}

/* What was known at the end of each epoch. */
static void settle_sets(const struct exploration *e, struct arena *arena,
			struct explored *out)
{
	struct exploration_epoch *known = must_alloc(sizeof(*known));

	for (size_t n = 0; n < EXPLORATION_EPOCHS; n++) {
		const struct exploration_epoch *epoch = e->epochs[n];
		struct explored_growth *sample;

		if (!epoch)
			continue;
		known->iterations += epoch->iterations;
		for (size_t i = 0; i < sizeof(known->pairs); i++)
			known->pairs[i] |= epoch->pairs[i];
		distinct_unite(known->distinct, epoch->distinct,
			       SNAG_DISTINCT_REGISTERS);
		sample = arena_push(arena, &out->growth, &out->growth_count,
				    sizeof(*sample));
		sample->iterations = known->iterations;
		sample->pairs = bits_of(known->pairs, sizeof(known->pairs));
		sample->schedules = distinct_estimate(known->distinct,
						      SNAG_DISTINCT_REGISTERS);
		/* An estimate knows no bound; we do. */
		if (sample->schedules > known->iterations)
			sample->schedules = known->iterations;
		out->pairs = sample->pairs;
		out->distinct = sample->schedules;
	}
	free(known);
}

static void settle_uncontrolled(const struct exploration *e,
				struct arena *arena, struct explored *out)
{
	static const char *const names[SNAG_UNCONTROLLED_KINDS] = {
		[SNAG_RAW_FUTEX] = "raw-futex",
		[SNAG_BLOCKING_CALL] = "blocking-call",
		[SNAG_PROCESS_SHARED] = "process-shared",
		[SNAG_SIGNALS] = "signals",
		[SNAG_REAL_THREADS] = "real-threads",
		[SNAG_FORKS] = "forks",
		[SNAG_REAL_CLOCK] = "real-clock",
	};

	for (int i = 0; i < SNAG_UNCONTROLLED_KINDS; i++) {
		struct explored_uncontrolled *u;

		if (!e->uncontrolled[i])
			continue;
		u = arena_push(arena, &out->uncontrolled,
			       &out->uncontrolled_count, sizeof(*u));
		u->name = names[i] ? names[i] : "other";
		u->count = e->uncontrolled[i];
	}
}

static int by_name(const void *left, const void *right)
{
	const struct explored_strategy *a = left, *b = right;

	return strcmp(a->name, b->name);
}

struct explored *exploration_settle(const struct exploration *e,
				    struct arena *arena)
{
	struct explored *out = arena_alloc(arena, sizeof(*out));

	*out = e->sum;
	if (out->strategy_count)
		qsort(out->strategies, out->strategy_count,
		      sizeof(*out->strategies), by_name);
	settle_sets(e, arena, out);
	settle_uncontrolled(e, arena, out);
	return out;
}
