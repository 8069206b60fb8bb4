/*
 * tsan_pieces.h - a report in pieces, to be put together otherwise.
 *
 * parse() gives all reports of a text; the caller releases parsed.arena.
 * Include it after cmocka.h.
 */
#ifndef SNAG_TESTS_TSAN_PIECES_H
#define SNAG_TESTS_TSAN_PIECES_H

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "read/tsan_text.h"

#define SEP "==================\n"
#define HEADER "WARNING: ThreadSanitizer: data race (pid=7)\n"
#define NEWER                                                         \
	"  Write of size 4 at 0x1000 by thread T1:\n    #0 f /f.c:1 " \
	"(p+0x1)\n\n"
#define OLDER                                                   \
	"  Previous read of size 4 at 0x1000 by main thread:\n" \
	"    #0 main /f.c:2 (p+0x2)\n\n"
#define THREAD                                                      \
	"  Thread T1 (tid=8, running) created by main thread at:\n" \
	"    #0 pthread_create <null> (p+0x3)\n\n"
#define SUMMARY "SUMMARY: ThreadSanitizer: data race /f.c:1 in f\n"
#define RACE SEP HEADER NEWER OLDER THREAD SUMMARY SEP

struct parsed {
	struct arena arena;
	struct report *reports;
	size_t count;
};

static inline struct parsed parse_n(const char *text, size_t len)
{
	struct parsed parsed = {0};

	tsan_parse(&parsed.arena, text, len, &parsed.reports, &parsed.count);
	return parsed;
}

static inline struct parsed parse(const char *text)
{
	return parse_n(text, strlen(text));
}

static inline void assert_text(const char *got, const char *want)
{
	if (!want)
		assert_null(got);
	else
		assert_non_null(got);
	if (want)
		assert_string_equal(got, want);
}

#endif
