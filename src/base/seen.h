/*
 * seen.h - which small numbers were seen already: a set that grows.
 */
#ifndef SNAG_BASE_SEEN_H
#define SNAG_BASE_SEEN_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed, it is empty. */
struct seen {
	bool *flags;
	size_t room;
};

/* Puts the number in; true: it was not there. */
bool seen_first(struct seen *seen, size_t number);
void seen_release(struct seen *seen);

#endif
