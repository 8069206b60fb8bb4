/*
 * Accesses that meet at targets: which goes first, and whether that matters.
 *
 * Of two that meet, either order is a schedule.  The one that is run tells of
 * the other too: a read before a write that changes nothing reads the same
 * after it, and two writes of one value leave that value.
 */
#include "explore/target.h"
#include "explore/world_part.h"

enum {
	MOST_BYTES = 4096, /* of memory that is compared */
	/* Addresses differ from iteration to iteration for no reason. */
	LEAST_ADDRESS_BITS = 32,
	MOST_ADDRESS_BITS = 47,
};

/* The last two that met, until both are over. */
static struct {
	bool is_open, is_first_over;
	unsigned first, second; /* threads */
	struct event events[2];
	uint64_t from, to; /* the memory of both */
	uint64_t before, between;
} pair;

void target_begin_iteration(void)
{
	pair.is_open = false;
	explore_shared->confirm.is_met = 0;
	explore_shared->confirm.has_value = 0;
}

/* A number if it is one, else a hash. */
static uint64_t value_of(uint64_t from, uint64_t to)
{
	const uint8_t *p = (const uint8_t *)(uintptr_t)from;
	uint64_t size = to - from, value = 0;

	if (size <= sizeof(value)) {
		for (uint64_t i = 0; i < size; i++)
			value |= (uint64_t)p[i] << 8 * i;
		return value;
	}
	for (uint64_t i = 0; i < size && i < MOST_BYTES; i++)
		value = (value ^ p[i]) * 0x100000001b3U;
	return value;
}

static void meet(unsigned first, const struct event *a, unsigned second,
		 const struct event *b)
{
	struct snag_confirm *c = &explore_shared->confirm;
	int side = target_of(a), other = target_of(b);

	c->is_met = 1;
	c->first[0] += side <= other;
	c->first[1] += side >= other;
	pair.first = first;
	pair.second = second;
	pair.events[0] = *a;
	pair.events[1] = *b;
	pair.from = a->address > b->address ? a->address : b->address;
	pair.to = a->address + a->size < b->address + b->size
			  ? a->address + a->size
			  : b->address + b->size;
	pair.is_first_over = false;
	/* What is freed is not looked at: there, order always matters. */
	pair.is_open = a->kind != SNAG_EVENT_FREE && b->kind != SNAG_EVENT_FREE;
	if (pair.is_open)
		pair.before = value_of(pair.from, pair.to);
	else
		c->differences++;
}

void target_perform(unsigned thread, const struct event *e)
{
	int side = target_of(e);

	if (side < 0)
		return;
	explore_shared->confirm.came[side > 0]++;
	if (!event_is_memory(e))
		return;
	for (unsigned i = 0; i < world_runnable_count; i++) {
		unsigned other = world_runnable[i];
		const struct event *at = &world_events[other];

		if (other != thread && event_is_memory(at) &&
		    target_of(at) >= 0 && event_conflicts(e, at)) {
			meet(thread, e, other, at);
			return;
		}
	}
}

/* The second one is over too. */
static bool is_order_seen(uint64_t after)
{
	bool is_first_write = event_is_write(&pair.events[0]);
	bool is_second_write = event_is_write(&pair.events[1]);

	if (is_first_write && is_second_write)
		return pair.between != after;
	return is_first_write ? pair.before != pair.between
			      : pair.before != after;
}

static void settle_pair(unsigned thread, const struct event *e)
{
	if (!pair.is_first_over && thread == pair.first) {
		pair.is_first_over = true;
		pair.between = value_of(pair.from, pair.to);
	} else if (pair.is_first_over && thread == pair.second &&
		   e->pc == pair.events[1].pc) {
		explore_shared->confirm.differences +=
			is_order_seen(value_of(pair.from, pair.to));
		pair.is_open = false;
	}
}

static bool is_like_an_address(uint64_t value)
{
	return value >> LEAST_ADDRESS_BITS && !(value >> MOST_ADDRESS_BITS);
}

void target_settle(unsigned thread, const struct event *e)
{
	struct snag_confirm *c = &explore_shared->confirm;

	if (pair.is_open)
		settle_pair(thread, e);
	if (!event_is_memory(e) || e->kind == SNAG_EVENT_FREE || !e->size ||
	    e->size > sizeof(c->value) || target_of(e) < 0)
		return;
	c->value = value_of(e->address, e->address + e->size);
	c->has_value = !is_like_an_address(c->value);
}

static bool waits_at_target(const struct snag_stuck *s)
{
	return (s->event == SNAG_EVENT_LOCK ||
		s->event == SNAG_EVENT_READ_LOCK) &&
	       target_of(&world_events[s->thread]) >= 0;
}

void target_stuck(void)
{
	const struct snag_explore *x = explore_shared;

	for (uint32_t i = 0; i < x->stuck_count; i++)
		for (uint32_t k = 0; k < x->stuck_count; k++)
			if (x->stuck[i].holder == (int)x->stuck[k].thread &&
			    waits_at_target(&x->stuck[i]) &&
			    waits_at_target(&x->stuck[k]))
				explore_shared->confirm.is_met = 1;
}

static void add_final(struct snag_confirm *c)
{
	for (uint32_t i = 0; i < c->final_count; i++)
		if (c->finals[i] == c->value)
			return;
	if (c->final_count < SNAG_FINAL_VALUES)
		c->finals[c->final_count++] = c->value;
}

bool target_end_iteration(uint32_t outcome)
{
	struct snag_confirm *c = &explore_shared->confirm;

	if (c->has_value)
		add_final(c);
	if (!c->is_met)
		return false;
	c->met++;
	return outcome < SNAG_MET_OUTCOMES && !c->outcomes[outcome]++;
}
