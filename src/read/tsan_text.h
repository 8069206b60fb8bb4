/*
 * tsan_text.h - ThreadSanitizer's text, out of any log, into reports.
 *
 * A parser is fed bytes in chunks of any size and calls the sink once for
 * each report, in the order in which they end.  It knows all of
 * ThreadSanitizer's kinds as clang 14 to 23 and gcc 12 to 15 print them, its
 * fatal messages and deadly signals, our hosts' machine frames and
 * "@snag signature=" lines; it sees through prefixes of CI systems, colour,
 * CRLF, lost indentation, wrapped lines and foreign output in between.
 * Processes that print at once are told apart by their prefix.
 *
 * Guarantee: no input fails, crashes or grows memory with its length.  What
 * cannot be read whole is a report with is_incomplete and `missing` in words;
 * a first line of a report always ends the report before it on that prefix.
 *
 * Limits: a line 64 KiB, the text of a report 256 KiB, its parts 8 MiB; eight
 * reports open at once; 256 KiB of other output end an unfinished report.
 * Not for Go's reports.
 */
#ifndef SNAG_READ_TSAN_TEXT_H
#define SNAG_READ_TSAN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/report.h"

/* One report for the sink.  All is borrowed for the call: report_copy keeps
 * it.  What the sink adds (symbols) may be allocated in the arena. */
struct tsan_found {
	struct report *report;
	struct arena *arena;
	/* Its lines as they stood, foreign ones in between included: bytes,
	 * not made clean, NUL after them. */
	const char *text;
	size_t text_len;
};

typedef void tsan_sink(void *context, const struct tsan_found *found);

struct tsan_counts {
	uint64_t bytes, lines;
	uint64_t reports;    /* given to the sink, fatal ones included       */
	uint64_t incomplete; /* of these                                     */
	uint64_t fatal;      /* FATAL, CHECK failed, DEADLYSIGNAL ... seen   */
	/* "ThreadSanitizer: reported N warnings": lines, and the sum of N. */
	uint64_t trailers, reported;
	uint64_t suppressed; /* sum of "Matched N suppressions"              */
};

struct tsan_parser;

struct tsan_parser *tsan_parser_new(tsan_sink *sink, void *context);
void tsan_parser_free(struct tsan_parser *parser);
void tsan_parser_feed(struct tsan_parser *parser, const char *data, size_t len);
/* Nothing more comes: what is open goes to the sink.  A later feed begins a
 * new source, at byte 0 and line 1; counts go on. */
void tsan_parser_end(struct tsan_parser *parser);
const struct tsan_counts *tsan_parser_counts(const struct tsan_parser *parser);

/* For small buffers: all reports of one, kept in the arena. */
void tsan_parse(struct arena *arena, const char *data, size_t len,
		struct report **reports, size_t *count);

/* Sets access.is_free where the innermost frame is one of free() and kin.
 * The parser has done it for frames with names; call it after symbolising. */
void report_mark_frees(struct report *report);

#endif
