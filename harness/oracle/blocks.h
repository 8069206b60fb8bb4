/*
 * blocks.h - the heap blocks of the process, and which of their bytes may be
 * used.  For harness/oracle only.
 */
#ifndef SNAG_ORACLE_BLOCKS_H
#define SNAG_ORACLE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRACE_FRAMES = 12 };

/* Who did something to a block, and from where. */
struct trace {
	uint16_t thread, count;
	uint64_t frames[TRACE_FRAMES];
};

enum block_state {
	BLOCK_NONE = 0, /* not known, or given back */
	BLOCK_LIVE,
	BLOCK_KEPT,  /* freed by the program, and kept apart */
	BLOCK_FREED, /* freed, and perhaps used again */
};

struct block {
	uint64_t begin, size, extent; /* extent: with what follows its end */
	uint32_t stamp;               /* of its last life */
	uint8_t state, front_is_known;
	struct trace made, freed;
};

/* What a byte of the shadow says of eight; below 8: the first so many may be
 * used, 0: all of them. */
enum { SHADOW_TAIL = 0xfa, SHADOW_FRONT = 0xfb, SHADOW_FREED = 0xfd };

/* Where the shadow is, and what it covers; false: no memory for it. */
bool blocks_open(void);
const uint8_t *blocks_shadow(void);
uint64_t blocks_low(void);
uint64_t blocks_span(void);

/* The block that begins there; NULL: none is known. */
struct block *block_at(uint64_t begin);
/* The live or kept block that holds the address, or that it lies just before
 * or behind; NULL: none is near. */
struct block *block_near(uint64_t address);
/* From now on there is a live one; NULL: not in range, or too many. */
struct block *block_born(uint64_t begin, uint64_t size, uint64_t extent);
void block_keep(struct block *block);
/* Its memory is the allocator's again. */
void block_gone(struct block *block);

#endif
