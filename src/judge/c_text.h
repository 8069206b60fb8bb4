/*
 * c_text.h - just enough of C to recognise the shape of code.
 *
 * Tokens of a file without comments, preprocessor lines and the branches of
 * #else, with its own macros expanded (c_macro.h), and the functions in it.
 * Not a parser: code that confuses it gives fewer functions, never a failure.
 * Takes any bytes. All belongs to the arena and borrows the text.
 */
#ifndef SNAG_JUDGE_C_TEXT_H
#define SNAG_JUDGE_C_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum {
	C_MAX_TOKENS = 1 << 18, /* of a file; what follows is left out */
	C_MAX_STEPS = 30 * 1000 * 1000, /* of comparing tokens */
	C_NONE = -1,                    /* no such token */
};

enum c_type { C_WORD = 1, C_NUMBER, C_STRING, C_PUNCT };

struct c_token {
	const char *text;
	uint32_t len, line, column; /* from 1; columns count bytes */
	int32_t mate; /* of a bracket: the other one; else C_NONE */
	enum c_type type;
};

struct c_function {
	int32_t name, open, close; /* the name, and the body's braces */
};

struct c_unit {
	struct c_token *tokens;
	int32_t count;
	struct c_function *functions;
	size_t function_count;
	/* Questions about nested code cost powers of its size.  When these are
	 * used up, every further one is answered with no. */
	uint64_t *steps_left;
};

void c_unit_read(struct arena *arena, const char *text, size_t len,
		 struct c_unit *out);
/* The function around a line, its head included; NULL: none. */
const struct c_function *c_function_at(const struct c_unit *unit,
				       unsigned line);
/* The function that is defined here under the name of that token. */
const struct c_function *c_function_named(const struct c_unit *unit,
					  int32_t name);

/* All of these take any index; one out of range is no token. */
bool c_is(const struct c_unit *unit, int32_t at, const char *text);
bool c_is_word(const struct c_unit *unit, int32_t at);
/* A word that is no keyword. */
bool c_is_name(const struct c_unit *unit, int32_t at);
/* A name with "(" after it that is not a definition's. */
bool c_is_call(const struct c_unit *unit, int32_t at);
bool c_same(const struct c_unit *a, int32_t at, const struct c_unit *b,
	    int32_t other);
/* The other bracket, or C_NONE. */
int32_t c_mate(const struct c_unit *unit, int32_t at);
/* "=" and "+=" and so on. */
bool c_is_assignment(const struct c_unit *unit, int32_t at);
bool c_is_compound_assignment(const struct c_unit *unit, int32_t at);
/* NUL-terminated, for lookups; cut to size. */
const char *c_copy(const struct c_unit *unit, int32_t at, char *buf,
		   size_t size);

#endif
