/*
 * tsan_part.h - what the files of the reader of TSan's text share.
 *
 * tsan_text.c     bytes into lines; where nothing is open, at memory speed
 * tsan_route.c    a line to the report that it belongs to
 * tsan_prefix.c   what a CI system puts before each line; colour
 * tsan_message.c  which of ThreadSanitizer's messages a line holds
 * tsan_stream.c   a report from its first line to its last
 * tsan_part.c     one line of an open report: frame, stanza, wrapped, noise
 * tsan_stanza.c   the lines that begin a part: access, sleep ...
 * tsan_location.c ... location, thread
 * tsan_mutex.c    ... mutex, lock cycle and its edges
 * tsan_frame.c    the lines of a stack
 * tsan_check.c    is all there that must be there?
 *
 * Not for use outside of these.
 */
#ifndef SNAG_READ_TSAN_PART_H
#define SNAG_READ_TSAN_PART_H

#include "base/arena.h"
#include "base/buf.h"
#include "read/tsan_scan.h"
#include "read/tsan_text.h"

enum {
	TSAN_PREFIX_BYTES = 128,
	TSAN_WRAP_BYTES = 8 * 1024,
	TSAN_TEXT_BYTES = 256 * 1024,
	TSAN_MODEL_BYTES = 4 * 1024 * 1024,
	TSAN_QUIET_BYTES = 256 * 1024,
	TSAN_LINE_BYTES = 64 * 1024,
	TSAN_STREAMS = 8,
	TSAN_FATAL_NOISE = 8, /* lines that may part a message and its stack */
	TSAN_PARTS = 1024, /* accesses, mutexes, ... of one report           */
	TSAN_FRAMES = 16 * 1024, /* of one stack                             */
};

/* What stands before ThreadSanitizer's words on a line. */
struct tsan_prefix {
	char text[TSAN_PREFIX_BYTES];
	size_t len;
};

/* A report from its first line to its last; reused for the next. */
struct tsan_stream {
	bool is_open;
	struct tsan_prefix prefix;
	bool prefix_is_sure; /* a second line had it too                     */
	struct arena arena;
	struct buf text;
	struct report *report;
	struct stack *stack; /* takes the next frame; NULL: none          */
	size_t empty_stacks; /* headings that no frame followed yet       */
	struct buf wrap;     /* a line that may go on in the next         */
	bool wrap_is_frame;
	unsigned wrap_lines;
	bool is_broken; /* a line began as a part does and did not fit    */
	bool is_flat;   /* indentation was lost                           */
	bool has_summary, has_other_summary, has_only_summary;
	bool has_separator;
	bool has_error; /* of a deadly signal: which one it is               */
	bool frame_is_part; /* the last one: perhaps not all of it is there  */
	bool has_gap; /* in the numbers of the stack's frames                */
	bool has_lost_frames, has_stray_frames;
	size_t cycle_len; /* edges that the cycle must have                 */
	unsigned noise_lines;
	bool text_is_cut;  /* with lines that are the report's               */
	size_t text_len;   /* up to the last line that is the report's       */
	uint64_t end_byte; /* the same in the source                         */
};

/* A line as the parser hands it on. */
struct tsan_line {
	struct slice text; /* without colour and line end                   */
	struct slice raw;  /* as it stood, without line end                 */
	uint64_t begin_byte, end_byte, number;
	bool is_partial; /* the input ended in it, or it was too long     */
};

/* tsan_prefix.c.  Where the line goes on after the prefix; NULL: it has
 * another one. */
void tsan_prefix_set(struct tsan_prefix *prefix, struct slice text);
const char *tsan_prefix_match(const struct tsan_prefix *prefix,
			      struct slice line);
/* Without escape sequences, into the buffer, when there are any. */
struct slice tsan_plain(struct slice line, struct buf *buf);

/* tsan_message.c */
enum tsan_message_type {
	TSAN_MESSAGE_NONE = 0,
	TSAN_MESSAGE_REPORT,  /* the first line of a report                 */
	TSAN_MESSAGE_SUMMARY, /* its last but the separator                 */
	TSAN_MESSAGE_DEADLY,  /* "ThreadSanitizer:DEADLYSIGNAL"             */
	TSAN_MESSAGE_SIGNAL,  /* "ERROR: ThreadSanitizer: SEGV ..."         */
	TSAN_MESSAGE_FATAL,
	TSAN_MESSAGE_TRAILER, /* "reported N warnings"                      */
	TSAN_MESSAGE_MATCHED, /* "Matched N suppressions"                   */
	TSAN_MESSAGE_MARKER,  /* "@snag signature=..."                      */
};

struct tsan_message {
	enum tsan_message_type type;
	struct slice before; /* what stands before it on the line           */
	struct slice text;   /* the kind, the summary, the message          */
	uint64_t number;     /* pid, N, or signature                        */
	int signal;
	uint64_t address;
};

struct tsan_message tsan_message_read(struct slice line, bool is_partial);
/* The kind and its remark, such as "(potential deadlock)", that text begins
 * with. */
struct slice tsan_kind_text(struct slice text, enum kind kind);

/* tsan_frame.c */
struct tsan_frame {
	uint64_t number, pc, offset, line, column;
	struct slice function, file, module;
	bool has_offset;
	bool is_whole; /* ends as a frame must: nothing was wrapped off     */
};

/* At "#N"; false when it is no frame. */
bool tsan_frame_read(struct slice text, struct tsan_frame *frame);
void tsan_frame_store(struct arena *arena, const struct tsan_frame *frame,
		      struct frame *before, struct frame *into);
/* NULL for nothing, "<null>" and "??". */
const char *tsan_keep(struct arena *arena, struct slice text);

/* tsan_stanza.c */
enum tsan_fit {
	TSAN_NO = 0,
	TSAN_BEGINS, /* begins as such a line does, and goes on otherwise   */
	TSAN_FITS,
};

bool tsan_read_thread(struct scan *in, struct arena *arena,
		      const char **thread);
bool tsan_read_mutex(struct scan *in, struct arena *arena, const char **id);
/* tsan_location.c, tsan_mutex.c */
bool tsan_read_location(struct tsan_stream *stream, struct scan in);
bool tsan_read_thread_line(struct tsan_stream *stream, struct scan in);
bool tsan_read_mutex_line(struct tsan_stream *stream, struct scan in);
bool tsan_read_cycle(struct tsan_stream *stream, struct scan in);
enum tsan_fit tsan_stanza_read(struct tsan_stream *stream, struct slice text);
struct access *tsan_add_access(struct tsan_stream *stream, enum op op);

/* tsan_part.c: one line of an open report, after its prefix. */
enum tsan_own {
	TSAN_FOREIGN = 0,
	TSAN_BLANK,
	TSAN_SEPARATOR,
	TSAN_OWN,
};

enum tsan_own tsan_part_line(struct tsan_stream *stream, struct slice content);
/* No line more; is_cut: there should be. */
void tsan_part_end(struct tsan_stream *stream, bool is_cut);

/* tsan_check.c: sets is_incomplete and missing; why: NULL or what ended it
 * too early. */
void tsan_check(struct tsan_stream *stream, const char *why);

struct tsan_parser {
	tsan_sink *sink;
	void *context;
	struct tsan_counts counts;
	struct tsan_stream streams[TSAN_STREAMS];
	size_t open_count;
	struct buf carry;     /* a line whose end has not come              */
	uint64_t carry_bytes; /* of it, also those beyond the buffer        */
	struct buf plain;     /* the line at hand without escape sequences  */
	uint64_t line_byte;   /* where the line at hand begins              */
	uint64_t line_number;
	bool has_header; /* in this source; a SUMMARY has its report        */
	bool has_signature;
	uint64_t signature;
	struct tsan_prefix signature_prefix;
};

/* tsan_route.c.  A line: its bytes in the source, with its end. */
void tsan_take_line(struct tsan_parser *parser, const char *at, size_t len,
		    uint64_t bytes, bool is_partial);
/* why: what is missing because the report ended here; NULL: nothing. */
void tsan_close(struct tsan_parser *parser, struct tsan_stream *stream,
		const char *why);

/* tsan_stream.c */
void tsan_stream_init(struct tsan_stream *stream);
void tsan_stream_release(struct tsan_stream *stream);
void tsan_stream_open(struct tsan_stream *stream,
		      const struct tsan_message *message,
		      const struct tsan_line *line);
void tsan_stream_text(struct tsan_stream *stream, const struct tsan_line *line,
		      bool is_own);
/* False when the line may be cut. */
bool tsan_stream_summary(struct tsan_stream *stream,
			 const struct tsan_message *message, bool is_partial);
void tsan_stream_signal(struct tsan_stream *stream,
			const struct tsan_message *message);

#endif
