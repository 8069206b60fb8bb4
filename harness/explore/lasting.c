/*
 * Strategies that go on over batches, and over hosts: their state is in a file
 * in memory that the tool keeps for its worker, in a place for each cell.  The
 * host maps it before it forks the batch.
 */
#include "explore/lasting.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "explore/world_part.h"
#include "internal.h"

/* What nobody wrote takes no memory. */
#define PLACE_BYTES ((size_t)1 << 30)

enum { STATE_AT = 4096 };

/* Whose the state is. */
struct head {
	uint32_t scenario, threads;
	uint64_t seed;
	char name[SNAG_STRATEGY_BYTES];
	uint64_t is_made;
};

_Static_assert(sizeof(struct head) <= STATE_AT, "the state is after it");

static char *mapped; /* NULL: none is */
static uint64_t mapped_place;
static const struct strategy *now; /* of the batch that is ordered */

static bool make_room(off_t end)
{
	struct stat st;

	return !fstat(SNAG_FD_LASTING, &st) &&
	       (st.st_size >= end || !ftruncate(SNAG_FD_LASTING, end));
}

static bool map_place(uint64_t place)
{
	const off_t at = (off_t)(place * PLACE_BYTES);
	void *p;

	if (mapped && place == mapped_place)
		return true;
	if (mapped)
		munmap(mapped, PLACE_BYTES);
	mapped = NULL;
	if (!make_room(at + (off_t)PLACE_BYTES))
		return false;
	p = mmap(NULL, PLACE_BYTES, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_NORESERVE, SNAG_FD_LASTING, at);
	if (p == MAP_FAILED)
		return false;
	mapped = p;
	mapped_place = place;
	return true;
}

static bool is_of(const struct head *h, const struct snag_batch_order *o)
{
	return h->is_made && h->scenario == o->scenario &&
	       h->threads == o->threads && h->seed == o->seed &&
	       !strcmp(h->name, o->strategy);
}

/* An order for the first iteration begins afresh. */
void lasting_prepare(const struct snag_batch_order *o)
{
	struct head *h;
	bool is_new;

	now = NULL;
	if (o->engine != SNAG_EXPLORE || !strategy_is_lasting(o->strategy) ||
	    !map_place(explore_shared->lasting_place))
		return;
	h = (struct head *)mapped;
	is_new = !o->first || !is_of(h, o);
	now = strategy_in(o->strategy, mapped + STATE_AT,
			  PLACE_BYTES - STATE_AT, is_new);
	if (!is_new)
		return;
	*h = (struct head){.scenario = o->scenario,
			   .threads = o->threads,
			   .seed = o->seed,
			   .is_made = now != NULL};
	memcpy(h->name, o->strategy, sizeof(h->name));
}

const struct strategy *lasting_strategy(void **state)
{
	if (now)
		*state = mapped + STATE_AT;
	return now;
}
