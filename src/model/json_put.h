/*
 * json_put.h - members of JSON objects, in the order they are put.
 *
 * What is absent (NULL, an unknown line) is left out, never null.  Text is
 * made valid UTF-8 without control bytes first, in the arena, which may die
 * before the JSON.  Out of memory ends the program.
 */
#ifndef SNAG_MODEL_JSON_PUT_H
#define SNAG_MODEL_JSON_PUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* Numbers above it are not exact in JavaScript; counts stop there. */
#define JSON_COUNT_MAX ((uint64_t)1 << 53)
/* How all our documents are written: shares with six digits that matter. */
#define JSON_WRITE_FLAGS (JSON_INDENT(1) | JSON_REAL_PRECISION(6))

/* Makes jansson's allocations end the program when memory is out. */
void json_prepare(void);
void put_text(struct arena *arena, json_t *object, const char *name,
	      const char *text);
void put_texts(struct arena *arena, json_t *object, const char *name,
	       const char *const *texts, size_t count);
void put_count(json_t *object, const char *name, uint64_t count);
/* 0 is absent. */
void put_count_if(json_t *object, const char *name, uint64_t count);
/* "0x1f3": any 64 bits. */
void put_hex(json_t *object, const char *name, uint64_t bits);
/* 0 to 1; anything else is pressed into that. */
void put_share(json_t *object, const char *name, double share);
void put_flag(json_t *object, const char *name, bool flag);
/* Only when set. */
void put_flag_if(json_t *object, const char *name, bool flag);

#endif
