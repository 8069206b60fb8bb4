/*
 * bounded.h - the first and the last bytes of a text that may be endless.
 */
#ifndef SNAG_BASE_BOUNDED_H
#define SNAG_BASE_BOUNDED_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { BOUNDED_HEAD_BYTES = 32 * 1024, BOUNDED_TAIL_BYTES = 96 * 1024 };

/* Zeroed, it is empty; memory is taken as it is needed. */
struct bounded {
	char *head, *tail; /* tail: a ring */
	uint64_t total;    /* bytes added */
};

void bounded_add(struct bounded *text, const char *data, size_t len);
void bounded_release(struct bounded *text);
/* All that is kept; where something is missing a line says how much.  Raw
 * bytes, NUL after them. */
char *bounded_text(const struct bounded *text, struct arena *arena,
		   size_t *len);

#endif
