/*
 * tsan_scan.h - a cursor over one line, for the reader of TSan's text only.
 *
 * Each function moves the cursor past what it names and returns true, or
 * leaves it where it was and returns false.
 */
#ifndef SNAG_READ_TSAN_SCAN_H
#define SNAG_READ_TSAN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *at;
	size_t len;
};

struct scan {
	const char *at, *end;
};

static inline struct scan scan_of(struct slice text)
{
	return (struct scan){text.at, text.at + text.len};
}

static inline size_t scan_left(const struct scan *scan)
{
	return (size_t)(scan->end - scan->at);
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool scan_text(struct scan *scan, const char *text)
{
	size_t len = strlen(text);

	if (scan_left(scan) < len || memcmp(scan->at, text, len) != 0)
		return false;
	scan->at += len;
	return true;
}

static inline void scan_spaces(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t'))
		scan->at++;
}

/* Only blanks are left. */
static inline bool scan_done(struct scan *scan)
{
	scan_spaces(scan);
	return scan->at == scan->end;
}

/* The first place of text, NULL when there is none. */
static inline const char *scan_find(const struct scan *scan, const char *text)
{
	return memmem(scan->at, scan_left(scan), text, strlen(text));
}

bool scan_number(struct scan *scan, uint64_t *value);
/* "0x..."; digits that a log has masked give 0. */
bool scan_hex(struct scan *scan, uint64_t *value);
/* Up to and past the last place of text; what stood before it in *before. */
bool scan_until_last(struct scan *scan, const char *text, struct slice *before);
struct slice slice_trim(struct slice text);
bool slice_is(struct slice text, const char *other);
bool slice_ends(struct slice text, const char *end);

#endif
