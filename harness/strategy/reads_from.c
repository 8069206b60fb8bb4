#include "strategy/reads_from.h"

enum { WORD = 8, FREED_WORDS = 32 };

bool reads_from_is_read(const struct event *e)
{
	switch (e->kind) {
	case SNAG_EVENT_READ:
	case SNAG_EVENT_ATOMIC_LOAD:
	case SNAG_EVENT_READ_WRITE:
	case SNAG_EVENT_ATOMIC_UPDATE:
	case SNAG_EVENT_LOCK:
	case SNAG_EVENT_TRYLOCK:
	case SNAG_EVENT_READ_LOCK:
	case SNAG_EVENT_TRY_READ_LOCK:
	case SNAG_EVENT_WAIT:
	case SNAG_EVENT_SEM_WAIT:
	case SNAG_EVENT_ONCE:
		return e->address != 0;
	default:
		return false;
	}
}

bool reads_from_is_write(const struct event *e)
{
	switch (e->kind) {
	case SNAG_EVENT_LOCK:
	case SNAG_EVENT_TRYLOCK:
	case SNAG_EVENT_UNLOCK:
	case SNAG_EVENT_SIGNAL:
	case SNAG_EVENT_BROADCAST:
	case SNAG_EVENT_SEM_POST:
	case SNAG_EVENT_ONCE:
		return e->address != 0;
	default:
		return e->address && event_is_write(e);
	}
}

void reads_from_begin(struct reads_from *rf)
{
	if (!rf->by_code.epoch) {
		table_clear(&rf->by_code);
		table_clear(&rf->by_read);
	}
	table_clear(&rf->by_address);
	rf->fresh = 0;
}

static int add_pair(struct reads_from *rf, uint64_t read, uint64_t write)
{
	uint32_t before = rf->by_code.count, reads = rf->by_read.count;
	int n = table_add(&rf->by_code, read, write), r;

	if (n < 0 || (uint32_t)n != before)
		return n;
	r = table_add(&rf->by_read, read, 0);
	if ((uint32_t)r == reads)
		rf->pair_heads[r] = 0;
	rf->pairs[n] = (struct reads_from_pair){
		.read = read,
		.write = write,
		.next_of_read = rf->pair_heads[r],
	};
	rf->pair_heads[r] = (uint32_t)n + 1;
	return n;
}

static struct reads_from_place *find_place(struct reads_from *rf,
					   uint64_t address, unsigned thread)
{
	uint32_t before = rf->by_address.count;
	int n = table_add(&rf->by_address, address, 0);

	if (n < 0)
		return NULL;
	if ((uint32_t)n == before)
		rf->places[n] =
			(struct reads_from_place){.owner = (uint16_t)thread};
	return &rf->places[n];
}

/* True: it was not there before, and is now. */
static bool list_code(uint64_t *list, uint8_t *count, uint64_t pc)
{
	for (unsigned i = 0; i < *count; i++)
		if (list[i] == pc)
			return false;
	if (*count == READS_FROM_SIDE)
		return false;
	list[(*count)++] = pc;
	return true;
}

static void pair_read(struct reads_from *rf, const struct reads_from_place *p,
		      uint64_t read)
{
	add_pair(rf, read, READS_FROM_INIT);
	for (unsigned i = 0; i < p->write_count; i++)
		add_pair(rf, read, p->writes[i]);
}

static void share(struct reads_from *rf, struct reads_from_place *p)
{
	p->is_shared = true;
	for (unsigned i = 0; i < p->read_count; i++)
		pair_read(rf, p, p->reads[i]);
}

static int see(struct reads_from *rf, struct reads_from_place *p, uint64_t read)
{
	int n;

	if (list_code(p->reads, &p->read_count, read) && p->is_shared)
		pair_read(rf, p, read);
	if (!p->is_shared)
		return -1;
	n = add_pair(rf, read, p->last_write);
	if (n >= 0 && !rf->pairs[n].is_seen) {
		rf->pairs[n].is_seen = true;
		rf->fresh++;
	}
	return n;
}

static void write_place(struct reads_from *rf, struct reads_from_place *p,
			uint64_t write)
{
	if (list_code(p->writes, &p->write_count, write) && p->is_shared)
		for (unsigned i = 0; i < p->read_count; i++)
			add_pair(rf, p->reads[i], write);
	p->last_write = write;
}

/* All that was met inside the block is written by this. */
static void free_block(struct reads_from *rf, const struct event *e,
		       unsigned thread)
{
	uint32_t words = e->size / WORD;

	if (words > FREED_WORDS)
		words = FREED_WORDS;
	for (uint32_t i = 1; i < words; i++) {
		int n = table_find(&rf->by_address, e->address + i * WORD, 0);
		struct reads_from_place *p;

		if (n < 0)
			continue;
		p = &rf->places[n];
		if (!p->is_shared && p->owner != thread)
			share(rf, p);
		write_place(rf, p, e->pc);
	}
}

int reads_from_event(struct reads_from *rf, const struct event *e,
		     unsigned thread)
{
	bool is_read = reads_from_is_read(e), is_write = reads_from_is_write(e);
	struct reads_from_place *p;
	int pair = -1;

	if (!is_read && !is_write)
		return -1;
	p = find_place(rf, e->address, thread);
	if (!p)
		return -1;
	if (!p->is_shared && p->owner != thread)
		share(rf, p);
	if (is_read)
		pair = see(rf, p, e->pc);
	if (is_write)
		write_place(rf, p, e->pc);
	if (e->kind == SNAG_EVENT_FREE)
		free_block(rf, e, thread);
	return pair;
}

uint64_t reads_from_last(struct reads_from *rf, uint64_t address)
{
	int n = table_find(&rf->by_address, address, 0);

	return n < 0 ? READS_FROM_INIT : rf->places[n].last_write;
}

uint32_t reads_from_first(struct reads_from *rf, uint64_t read)
{
	int n = table_find(&rf->by_read, read, 0);

	return n < 0 ? 0 : rf->pair_heads[n];
}
