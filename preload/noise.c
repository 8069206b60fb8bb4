/*
 * Which deed at which point.  Points of synchronisation are far rarer than the
 * accesses at which a scenario host makes noise, so each has to count for
 * more; and a loop that locks a million times must not sleep at every fifth.
 * So the first points of a sort have the full dose, in each thread, and later
 * ones less and less, down to what a hot loop can bear.
 */
#include "noise.h"

#include <stddef.h>

struct dose { /* of 65,536 early points of a sort, so many ... */
	const char *name;
	uint32_t yield, spin, sleep, move;
	/* ... for at most 2^n turns or nanoseconds, with n up to this. */
	unsigned spin_bits, sleep_bits;
	bool has_heap;
};

enum {
	EARLY = 64,   /* points of a sort have the full dose */
	RAREST = 128, /* by this the last ones' dose is divided */
	MOOD_POINTS = 16,
	SPIN_LEAST = 6,
	START_BITS = 2,   /* to make a thread takes longer than to lock */
	SLEEP_LEAST = 15, /* the kernel adds some 50 us of its own */
};

static const struct dose doses[] = {
	{"light", 2048, 2048, 512, 64, 12, 17, false},
	{"heavy", 4096, 4096, 8192, 512, 15, 20, true},
};

bool noise_is_on, noise_has_threads;
static const struct dose *dose = &doses[0];
static __thread struct self noise_self;

static bool is_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

bool noise_choose(const char *level)
{
	for (size_t i = 0; i < sizeof(doses) / sizeof(doses[0]); i++) {
		if (!is_equal(level, doses[i].name))
			continue;
		dose = &doses[i];
		return true;
	}
	return false;
}

bool noise_wants_heap(void)
{
	return dose->has_heap;
}

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

void noise_enter(uint64_t key)
{
	noise_self = (struct self){.key = key, .random = key};
	noise_self.is_known = true;
}

bool noise_child_key(uint64_t *key)
{
	uint64_t state = noise_self.key;

	state = random_next(&state) ^ ++noise_self.made;
	*key = random_next(&state);
	return noise_self.is_known;
}

static enum deed choose(uint32_t roll)
{
	if (roll < dose->yield)
		return DEED_YIELD;
	roll -= dose->yield;
	if (roll < dose->spin)
		return DEED_SPIN;
	roll -= dose->spin;
	if (roll < dose->sleep)
		return DEED_SLEEP;
	return roll - dose->sleep < dose->move ? DEED_MOVE : DEED_NONE;
}

/* Any length is as likely as its double: which of them turns the order of two
 * threads round, nobody knows. */
static uint64_t length(uint64_t r, unsigned least, unsigned most)
{
	unsigned bits = least + (unsigned)(r & 0xff) % (most - least + 1);

	return (r >> 8) & ((1ULL << bits) - 1);
}

static uint64_t amount(enum deed deed, enum sort sort, uint64_t r)
{
	unsigned more = sort == SORT_START ? START_BITS : 0;

	if (deed == DEED_SPIN)
		return length(r, SPIN_LEAST, dose->spin_bits);
	if (deed == DEED_SLEEP)
		return length(r, SLEEP_LEAST, dose->sleep_bits + more);
	return deed == DEED_MOVE ? r & 0xffff : 0;
}

/* If all are held up alike, their order stays: so for some points each thread
 * is slower than usual, or faster. */
static uint32_t with_mood(struct self *self, uint32_t roll)
{
	static const uint32_t quarters[] = {1, 4, 16};

	if (self->points % MOOD_POINTS == 0)
		self->mood = random_next(&self->random) % 3;
	return roll * quarters[self->mood] / 4;
}

/* A lower roll does more: this many times higher, it does as much less. */
static uint32_t rarity(uint32_t passed)
{
	uint32_t by = passed / EARLY;

	if (by < 1)
		return 1;
	return by < RAREST ? by : RAREST;
}

void noise_point(enum sort sort, const char *name)
{
	struct self *self = &noise_self;
	enum deed deed;
	uint32_t roll;
	uint64_t r;

	if (!self->is_known ||
	    !__atomic_load_n(&noise_has_threads, __ATOMIC_RELAXED))
		return;
	roll = with_mood(self, (uint32_t)(random_next(&self->random) & 0xffff));
	self->points++;
	deed = choose(roll * rarity(self->passed[sort]++));
	if (deed == DEED_NONE)
		return;
	r = amount(deed, sort, random_next(&self->random));
	if (trace_fd >= 0)
		trace_deed(self, name, deed, r);
	deed_do(deed, r);
}
