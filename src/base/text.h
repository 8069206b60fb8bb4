/*
 * text.h - making hostile text fit to store and to show.
 *
 * Logs, symbol names and paths are whatever a program wrote.  text_clean gives
 * valid UTF-8 without control bytes, so that neither JSON nor a terminal ever
 * sees an escape sequence; it is applied once, where text enters the model.
 */
#ifndef SNAG_BASE_TEXT_H
#define SNAG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct buf;

/* A copy that is valid UTF-8: a bad byte or a control byte (tab and newline
 * stay when keep_lines) becomes U+FFFD, as do bidirectional overrides. */
char *text_clean(struct arena *arena, const char *text, size_t len,
		 bool keep_lines);
/* Appends the word as a shell would take it, in quotes where it needs them. */
void text_quote(struct buf *buf, const char *word);
/* All words up to NULL like that, made clean; what is beyond 64 KiB is cut. */
const char *text_command(struct arena *arena, char *const *words);
/* The number of bytes of the valid UTF-8 sequence at text, 0 when invalid. */
size_t text_utf8_len(const unsigned char *text, size_t len);
/* Edit distance (Levenshtein) of two short names, at most 64 bytes each. */
unsigned text_distance(const char *a, const char *b);
/* The nearest of the names, NULL when none is near enough to be meant. */
const char *text_nearest(const char *name, const char *const *names,
			 size_t count);

#endif
