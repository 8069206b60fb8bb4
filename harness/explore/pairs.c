/*
 * Which write each read saw, by the places in the code: the behaviour that an
 * interleaving has for the program (reads-from: Wolff et al., ASPLOS 2024).
 * Counted as bits of a hash: the tool unites the sets of all batches.
 */
#include "explore/pairs.h"

#include "explore/world_part.h"

enum { SLOTS = 8192, PROBES = 8, ALWAYS_FIRST = 64, THEN_EACH = 16 };

extern const char __executable_start[];

static struct slot {
	uint64_t address, stamp, writer;
} slots[SLOTS];
static uint64_t stamp;
static bool is_on;

void pairs_begin(uint64_t in_batch, bool wanted)
{
	is_on = wanted || in_batch < ALWAYS_FIRST || in_batch % THEN_EACH == 0;
	stamp++;
}

bool pairs_are_on(void)
{
	return is_on;
}

static struct slot *slot_of(uint64_t address)
{
	uint64_t home = (address >> 1) * 0x9e3779b97f4a7c15U >> 40;
	struct slot *s = NULL;

	for (unsigned i = 0; i < PROBES; i++) {
		s = &slots[(home + i) % SLOTS];
		if (s->stamp != stamp)
			*s = (struct slot){.address = address, .stamp = stamp};
		if (s->address == address)
			return s;
	}
	*s = (struct slot){.address = address, .stamp = stamp};
	return s;
}

static void add(uint64_t writer, uint64_t reader)
{
	uint64_t h = (writer * 31 + reader) * 0x9e3779b97f4a7c15U >> 32;
	uint64_t bit = h % SNAG_PAIR_BITS;
	uint8_t *byte = &explore_shared->pairs[bit / 8];

	if (*byte >> bit % 8 & 1)
		return;
	*byte = (uint8_t)(*byte | 1U << bit % 8);
	explore_shared->live_fresh_pairs++;
}

void pairs_note(const struct event *e)
{
	uint64_t place = e->pc - (uint64_t)(uintptr_t)__executable_start;
	struct slot *s = slot_of(e->address);

	if (e->kind != SNAG_EVENT_WRITE && e->kind != SNAG_EVENT_ATOMIC_STORE)
		add(s->writer, place);
	if (event_is_write(e))
		s->writer = place;
}
