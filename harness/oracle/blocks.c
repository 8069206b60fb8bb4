/*
 * Two tables over the range of addresses in which ThreadSanitizer's allocator
 * has its size classes, of which only touched pages exist: a byte for eight of
 * memory that says what may be used (as AddressSanitizer's: Serebryany et al.,
 * USENIX ATC 2012), and a number for sixteen that says which block begins
 * there.  A chunk of the allocator's is always of one size, so that a block's
 * entry is made once and used for each later block at its address.
 */
#include "oracle/blocks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SPAN (UINT64_C(1) << 41)

enum {
	GRANULE = 8,
	CHUNK = 16,           /* the allocator's least */
	LARGEST = 256 * 1024, /* of its size classes, at most */
	MAX_BLOCKS = 2 * 1024 * 1024,
};

const void *__sanitizer_get_allocated_begin(const void *p);

static uint64_t low;
static uint8_t *shadow;
static uint32_t *numbers; /* of the block that begins there; 0: none */
static struct block *blocks;
static uint32_t block_count = 1;

static void *map(size_t bytes)
{
	long at = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == -1)
		return NULL;
	syscall(SYS_madvise, at, bytes, MADV_DONTDUMP);
	/* A few bytes here and there: a huge page for each would cost more
	 * than all the rest. */
	syscall(SYS_madvise, at, bytes, MADV_NOHUGEPAGE);
	return (void *)at;
}

bool blocks_open(void)
{
	void *probe = malloc(CHUNK);

	if (!probe)
		return false;
	low = (uint64_t)(uintptr_t)probe & ~(SPAN - 1);
	free(probe);
	/* A page more: the check looks at the last byte of an access. */
	shadow = map(SPAN / GRANULE + 4096);
	numbers = map(SPAN / CHUNK * sizeof(*numbers));
	blocks = map(MAX_BLOCKS * sizeof(*blocks));
	return shadow && numbers && blocks;
}

const uint8_t *blocks_shadow(void)
{
	return shadow;
}

uint64_t blocks_low(void)
{
	return low;
}

uint64_t blocks_span(void)
{
	return SPAN;
}

static uint32_t number_at(uint64_t address)
{
	uint64_t at = address - low;

	return at < SPAN ? numbers[at / CHUNK] : 0;
}

struct block *block_at(uint64_t begin)
{
	uint32_t n = begin % CHUNK ? 0 : number_at(begin);

	return n ? &blocks[n] : NULL;
}

static bool is_there(const struct block *b)
{
	return b->state == BLOCK_LIVE || b->state == BLOCK_KEPT;
}

struct block *block_near(uint64_t address)
{
	uint64_t from = address & ~(uint64_t)(CHUNK - 1);

	/* In the front of one that begins at the next chunk? */
	if (address - low < SPAN &&
	    shadow[(address - low) / GRANULE] == SHADOW_FRONT) {
		struct block *next = block_at(from + CHUNK);

		return next && is_there(next) ? next : NULL;
	}
	for (uint64_t back = 0; back <= LARGEST && from - back >= low;
	     back += CHUNK) {
		struct block *b = block_at(from - back);

		if (b && is_there(b))
			return address <= b->begin + b->extent ? b : NULL;
	}
	return NULL;
}

static void mark(uint64_t from, uint64_t to, uint8_t what)
{
	if (from < to)
		memset(&shadow[(from - low) / GRANULE], what,
		       (to - from) / GRANULE);
}

/* What lies just before the first block of a chunk's neighbourhood may never
 * have been anybody's. */
static void close_front(const struct block *b)
{
	uint8_t *at = &shadow[(b->begin - CHUNK - low) / GRANULE];

	if (b->begin - CHUNK < low || at[0] || at[1])
		return;
	if (__sanitizer_get_allocated_begin((void *)(b->begin - 1)))
		return;
	at[0] = at[1] = SHADOW_FRONT;
}

static struct block *new_block(uint64_t begin)
{
	struct block *b;

	if (!blocks || block_count == MAX_BLOCKS)
		return NULL;
	b = blocks + block_count;
	b->begin = begin;
	numbers[(begin - low) / CHUNK] = block_count++;
	return b;
}

struct block *block_born(uint64_t begin, uint64_t size, uint64_t extent)
{
	uint64_t whole = size & ~(uint64_t)(GRANULE - 1);
	struct block *b;

	if (begin - low >= SPAN - LARGEST || size > LARGEST || begin % CHUNK)
		return NULL;
	mark(begin, begin + whole, 0);
	b = block_at(begin);
	if (!b)
		b = new_block(begin);
	if (size % GRANULE) {
		shadow[(begin + whole - low) / GRANULE] =
			b ? (uint8_t)(size % GRANULE) : 0;
		whole += GRANULE;
	}
	if (!b)
		return NULL;
	mark(begin + whole, begin + (extent & ~(uint64_t)(GRANULE - 1)),
	     SHADOW_TAIL);
	b->size = size;
	b->extent = extent;
	b->state = BLOCK_LIVE;
	b->stamp++;
	if (!b->front_is_known) {
		b->front_is_known = true;
		close_front(b);
	}
	return b;
}

/* The granule in which it ends is its own too. */
static uint64_t end_of(const struct block *b)
{
	uint64_t bytes = b->extent > b->size ? b->extent : b->size;

	return b->begin + (bytes + GRANULE - 1) / GRANULE * GRANULE;
}

void block_keep(struct block *block)
{
	block->state = BLOCK_KEPT;
	mark(block->begin, end_of(block), SHADOW_FREED);
}

void block_gone(struct block *block)
{
	block->state = BLOCK_FREED;
	mark(block->begin, end_of(block), 0);
}
