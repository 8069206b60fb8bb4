#include "strategy/reads_from.h"

enum { WORD = 8, FREED_WORDS = 32 };

void reads_from_begin(struct reads_from *rf, bool is_learning)
{
	if (!rf->by_code.epoch) {
		table_clear(&rf->by_code);
		table_clear(&rf->by_read);
	}
	table_clear(&rf->by_address);
	rf->is_learning = is_learning;
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
	struct reads_from_place *p;

	if (n < 0)
		return NULL;
	p = &rf->places[n];
	if ((uint32_t)n == before) {
		p->last_write = READS_FROM_INIT;
		p->owner = (uint16_t)thread;
		p->is_shared = false;
		p->read_count = p->write_count = 0;
	}
	return p;
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

void reads_from_saw(struct reads_from *rf, unsigned pair)
{
	rf->fresh += !rf->pairs[pair].is_seen;
	rf->pairs[pair].is_seen = true;
}

static void read_place(struct reads_from *rf, struct reads_from_place *p,
		       uint64_t read)
{
	int n;

	if (list_code(p->reads, &p->read_count, read) && p->is_shared)
		pair_read(rf, p, read);
	if (!p->is_shared)
		return;
	n = add_pair(rf, read, p->last_write);
	if (n >= 0)
		reads_from_saw(rf, (unsigned)n);
}

static void write_place(struct reads_from *rf, struct reads_from_place *p,
			uint64_t write)
{
	p->last_write = write;
	if (rf->is_learning && list_code(p->writes, &p->write_count, write) &&
	    p->is_shared)
		for (unsigned i = 0; i < p->read_count; i++)
			add_pair(rf, p->reads[i], write);
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

void reads_from_event(struct reads_from *rf, const struct event *e,
		      unsigned thread)
{
	bool is_read = rf->is_learning && reads_from_is_read(e);
	bool is_write = reads_from_is_write(e);
	struct reads_from_place *p;

	if (!is_read && !is_write)
		return;
	p = find_place(rf, e->address, thread);
	if (!p)
		return;
	if (!p->is_shared && p->owner != thread)
		share(rf, p);
	if (is_read)
		read_place(rf, p, e->pc);
	if (is_write)
		write_place(rf, p, e->pc);
	if (e->kind == SNAG_EVENT_FREE)
		free_block(rf, e, thread);
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
