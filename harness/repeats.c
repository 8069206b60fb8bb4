#include "repeats.h"

#include "explore/world.h"
#include "internal.h"

enum { SLOTS = 1024, PROBES = 8 };

/* The name is C++'s: MD5Hash __tsan::md5_hash(const void *, uptr), by the
 * linker's --wrap. */
struct md5 {
	uint64_t hash[2];
};
struct md5
real_md5(const void *data,
	 unsigned long bytes) __asm__("__real__ZN6__tsan8md5_hashEPKvm");
struct md5
repeats_md5(const void *data,
	    unsigned long bytes) __asm__("__wrap__ZN6__tsan8md5_hashEPKvm");

const void *__sanitizer_get_allocated_begin(const void *p);

static struct known {
	uint64_t race;
	uint32_t signature;
} known[SLOTS];
static uint64_t first_stack, race_now;
static bool has_first;
static uint64_t different; /* stacks so far that are equal to no others */

uint64_t repeats_take(void)
{
	uint64_t race = race_now;

	race_now = 0;
	return race;
}

void repeats_learn(uint64_t race, uint32_t signature)
{
	for (uint64_t i = 0; race && i < PROBES; i++) {
		struct known *k = &known[(race + i) % SLOTS];

		if (k->race && k->race != race)
			continue;
		*k = (struct known){race, signature};
		return;
	}
}

static const struct known *find(uint64_t race)
{
	for (uint64_t i = 0; race && i < PROBES; i++) {
		const struct known *k = &known[(race + i) % SLOTS];

		if (k->race == race)
			return k;
	}
	return NULL;
}

static uint64_t hash_stack(const uint64_t *pcs, unsigned long count,
			   uint64_t salt)
{
	uint64_t h = salt;

	for (unsigned long i = 0; i < count; i++)
		h = random_mix(h, pcs[i]);
	return h;
}

/* The event that a virtual thread performs now, if it is the access at that
 * place, to a block that the heap has: what the place in the code does not say
 * of a race. */
static const struct event *access_at(uint64_t pc)
{
	const struct event *e;

	if (!world.is_active || !snag_thread_is_virtual)
		return NULL;
	e = world_pending(world.current);
	if (e->pc != pc || !event_is_memory(e) ||
	    !__sanitizer_get_allocated_begin((const void *)e->address))
		return NULL;
	return e;
}

/* ThreadSanitizer asks for the two stacks of a race, the newer first, with all
 * of its locks held. */
struct md5 repeats_md5(const void *data, unsigned long bytes)
{
	const struct md5 same = {{0, 0}};
	const uint64_t *pcs = data;
	unsigned long count = bytes / sizeof(pcs[0]);
	const struct event *e;
	const struct known *k;

	if (!snag_table)
		return real_md5(data, bytes);
	has_first = !has_first;
	if (has_first) {
		/* The innermost frame is the last. */
		e = count ? access_at(pcs[count - 1]) : NULL;
		first_stack = e ? hash_stack(pcs, count, e->kind) : 0;
		return same;
	}
	race_now = first_stack ? hash_stack(pcs, count, first_stack) : 0;
	k = find(race_now);
	if (k && hook_count_repeat(k->signature))
		return same;
	/* The first is the one that repeats are equal to. */
	return (struct md5){{different++, 0}};
}
